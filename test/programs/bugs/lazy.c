// expect: finding assertion failed
// Two threads add to a sum, a third holds that it never gets to 3. The bug: it does when both were there
// first. The least that an order can be wrong; after `lazy01` of SCTBench.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int sum;

static void* add(void* argument) {
    pthread_mutex_lock(&lock);
    atomic_fetch_add(&sum, *(const int*)argument);
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void* look(void* unused) {
    pthread_mutex_lock(&lock);
    assert(atomic_load(&sum) < 3);
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void) {
    static const int one = 1;
    static const int two = 2;
    pthread_t threads[3];
    pthread_create(&threads[0], NULL, add, (void*)&one);
    pthread_create(&threads[1], NULL, add, (void*)&two);
    pthread_create(&threads[2], NULL, look, NULL);
    for (int i = 0; i < 3; ++i) {
        pthread_join(threads[i], NULL);
    }
    return 0;
}
