// What only goes wrong where the explorer may let something go wrong. -DNEAR: the program is prepared for it.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#ifdef P_allocation
static void* work(void* unused) {
    char* room = malloc(8);
    if (room != 0) {
        room[0] = 1;
        free(room);
    }
    return unused;
}

int main(void) {
    pthread_t other;
    pthread_create(&other, 0, work, 0);
    char* room = malloc(16);
#ifdef NEAR
    if (room != 0) {
        room[0] = 1;
    }
#else
    room[0] = 1;
#endif
    free(room);
    pthread_join(other, 0);
    return 0;
}
#endif

#ifdef P_spurious
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int ready;

static void* wake(void* unused) {
    pthread_mutex_lock(&lock);
    ready = 1;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void) {
    pthread_t other;
    pthread_create(&other, 0, wake, 0);
    pthread_mutex_lock(&lock);
#ifdef NEAR
    while (!ready) {
#else
    if (!ready) {
#endif
        pthread_cond_wait(&changed, &lock);
    }
    assert(ready);
    pthread_mutex_unlock(&lock);
    pthread_join(other, 0);
    return 0;
}
#endif

#ifdef P_reuse
// Who remembers a node by its address cannot tell it from another that lies in the same place.
struct node {
    int value;
};
static _Atomic(struct node*) top;

static struct node* make(int value) {
    struct node* n = malloc(sizeof *n);
    n->value = value;
    return n;
}

static void* replace(void* unused) {
    free(atomic_load(&top));
    atomic_store(&top, make(2));
    return unused;
}

int main(void) {
    struct node* const first = make(1);
    atomic_store(&top, first);
    pthread_t other;
    pthread_create(&other, 0, replace, 0);
    pthread_join(other, 0);
    struct node* const now = atomic_load(&top);
#ifdef NEAR
    assert(now->value == 2);
#else
    assert(now != first);
#endif
    free(now);
    return 0;
}
#endif

#ifdef P_timer
// The wait runs out though the other is about to answer, and the question is still open. NEAR: who runs out of time
// says so under the lock.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t answered = PTHREAD_COND_INITIALIZER;
static int* question;
static int gone;

static void* answer(void* unused) {
    pthread_mutex_lock(&lock);
#ifdef NEAR
    if (!gone) {
#else
    if (question != 0) {
#endif
        *question = 1;
        pthread_cond_signal(&answered);
    }
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void) {
    int* const mine = malloc(sizeof *mine);
    *mine = 0;
    question = mine;
    pthread_t other;
    pthread_create(&other, 0, answer, 0);
    struct timespec limit;
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += 5;
    pthread_mutex_lock(&lock);
    while (*mine == 0 && pthread_cond_timedwait(&answered, &lock, &limit) == 0) {
    }
    gone = 1;
    pthread_mutex_unlock(&lock);
    free(mine);
    pthread_join(other, 0);
    return 0;
}
#endif
