// expect: finding leak
// The only pointer is a variable of a call that returns early.
#include <stdlib.h>

static int use(int early) {
    int* volatile mine = malloc(24);
    *mine = early;
    if (early) {
        return 1;
    }
    free(mine);
    return 0;
}

int main(void) {
    return use(0) + use(1) - 1;
}
