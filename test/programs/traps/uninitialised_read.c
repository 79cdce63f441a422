// expect: finding uninitialised read
// A field that only one of two ways sets.
#include <stdlib.h>

struct entry {
    long key;
    int flags;
    int hits;
};

static struct entry* make(long key) {
    struct entry* e = malloc(sizeof *e);
    e->key = key;
    e->hits = 0;
    if (key < 0) {
        e->flags = 1;
    }
    return e;
}

int main(void) {
    struct entry* e = make(5);
    const int flags = e->flags;
    free(e);
    return flags == 1 ? 1 : 0;
}
