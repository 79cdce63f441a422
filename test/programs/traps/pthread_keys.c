// expect: ok
// Keys: a value a context, destructors at its end, again while they leave a value behind.
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

static pthread_key_t key;
static pthread_key_t stubborn;
static int freed;
static int rounds;

static void free_value(void* value) {
    free(value);
    ++freed;
}

static void set_again(void* value) {
    if (++rounds < 3) {
        pthread_setspecific(stubborn, value);
    }
}

static void* run(void* argument) {
    assert(pthread_getspecific(key) == NULL);
    int* value = malloc(sizeof *value);
    *value = 2;
    pthread_setspecific(key, value);
    pthread_setspecific(stubborn, &rounds);
    assert(*(int*)pthread_getspecific(key) == 2);
    return argument;
}

int main(void) {
    int mine = 1;
    assert(pthread_key_create(&key, free_value) == 0);
    assert(pthread_key_create(&stubborn, set_again) == 0);
    pthread_setspecific(key, &mine);
    pthread_t thread;
    pthread_create(&thread, NULL, run, NULL);
    pthread_join(thread, NULL);
    assert(freed == 1 && rounds == 3);
    assert(pthread_getspecific(key) == &mine);
    pthread_setspecific(key, NULL);
    assert(pthread_key_delete(key) == 0 && pthread_key_delete(stubborn) == 0);
    return 0;
}
