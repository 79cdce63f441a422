// Plain accesses that race, and what hides behind such a race: store buffering with plain variables, and a
// block that is freed between the moment its address is read and the moment it is used.
#include <pthread.h>
#include <stdlib.h>

int x, y, a, b;
int* block;
int seen;

static void* left(void* unused) {
    (void)unused;
#ifdef FREED
    int* p = block;
    if (p != 0) {
        seen = *p;
    }
#else
    x = 1;
    a = y;
#endif
    return 0;
}

static void* right(void* unused) {
    (void)unused;
#ifdef FREED
    int* p = block;
    block = 0;
    free(p);
#else
    y = 1;
    b = x;
#endif
    return 0;
}

int main(void) {
    pthread_t l, r;
    block = malloc(sizeof *block);
    *block = 7;
    pthread_create(&l, 0, left, 0);
    pthread_create(&r, 0, right, 0);
    pthread_join(l, 0);
    pthread_join(r, 0);
#ifndef FREED
    free(block);
#endif
    return 0;
}
