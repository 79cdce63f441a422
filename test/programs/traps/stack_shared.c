// expect: ok
// Frames that others use while their calls last: arguments, answers, locks, memory of alloca, a frame that is
// entered again where another was.
#include <alloca.h>
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>

struct work {
    pthread_mutex_t lock;
    sem_t done;
    int* numbers;
    int sum;
};

static void* add(void* argument) {
    struct work* w = argument;
    pthread_mutex_lock(&w->lock);
    w->sum += w->numbers[0] + w->numbers[1];
    pthread_mutex_unlock(&w->lock);
    sem_post(&w->done);
    return argument;
}

static int sum_of(int a, int b) {
    struct work w;
    pthread_t thread;
    memset(&w, 0, sizeof w);
    pthread_mutex_init(&w.lock, NULL);
    sem_init(&w.done, 0, 0);
    w.numbers = alloca(2 * sizeof(int));
    w.numbers[0] = a;
    w.numbers[1] = b;
    pthread_create(&thread, NULL, add, &w);
    pthread_mutex_lock(&w.lock);
    w.sum += 1;
    pthread_mutex_unlock(&w.lock);
    sem_wait(&w.done);
    pthread_join(thread, NULL);
    return w.sum;
}

static int deeper(int depth, const int* of_caller) {
    int mine = *of_caller + 1;
    return depth == 0 ? mine : deeper(depth - 1, &mine);
}

int main(void) {
    int zero = 0;
    assert(sum_of(1, 2) == 4);
    assert(deeper(5, &zero) == 6);
    assert(sum_of(3, 4) == 8);
    return 0;
}
