// expect: finding leak
// What holds the only pointer is freed, what it points to is not.
#include <stdlib.h>

struct owner {
    long key;
    int* owned;
};

static struct owner* make(void) {
    struct owner* o = malloc(sizeof *o);
    o->key = 1;
    o->owned = malloc(sizeof *o->owned);
    *o->owned = 2;
    return o;
}

static void drop(struct owner* o) {
    o->key = 0;
    free(o);
}

int main(void) {
    drop(make());
    return 0;
}
