// expect: finding use after free
// One CPU still uses what another has freed; the object has a name, so the report can say it.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "sim/annotate.h"

struct session {
    atomic_int state;
};

static struct session* current;

static void drop(void) {
    free(current);
}

static void* dropper(void* argument) {
    drop();
    return argument;
}

int main(void) {
    pthread_t thread;
    current = malloc(sizeof *current);
    heddle_name(current, "session seven");
    atomic_init(&current->state, 1);
    pthread_create(&thread, NULL, dropper, NULL);
    pthread_join(thread, NULL);
    return atomic_load(&current->state) == 1 ? 0 : 1;
}
