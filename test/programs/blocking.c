/* Programs that wait, some for good. Choose one with -DP_<name>, its size with -DT= and -DN=.
 * counts.txt has the number of executions that end and of those in which somebody waits for good. The
 * closed forms count one event for each lock, enqueue with the release of its lock, wake, resume with
 * the lock taken again, read and write. */
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sim/annotate.h"
#ifndef T
enum { T = 2 };
#endif
#ifndef N
enum { N = 1 };
#endif

#if defined(P_wake_all) || defined(P_wake_one) || defined(P_flag_outside)
/* A sleep channel without a lock: the word never changes, so a wait is an enqueue and nothing else, and
 * who resumes takes nothing. */
static atomic_uint channel;
static void channel_sleep(void) {
    syscall(SYS_futex, &channel, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
}
static void channel_wake(int count) {
    syscall(SYS_futex, &channel, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
}
#endif

#if defined(P_philo_left)
/* T philosophers take the left fork, then the right one; T=2 is the AB-BA deadlock. Of the 2^T
 * orientations of the table, one a fork, two are circles: in one everybody has the left fork (the
 * deadlock), in the other nobody can have begun. 2^T-2 end, 1 does not. */
enum { threads = T };
static pthread_mutex_t fork_lock[T];
static void body(int me) {
    pthread_mutex_lock(&fork_lock[me]);
    pthread_mutex_lock(&fork_lock[(me + 1) % T]);
    pthread_mutex_unlock(&fork_lock[(me + 1) % T]);
    pthread_mutex_unlock(&fork_lock[me]);
}

#elif defined(P_wake_all)
/* T sleepers, N who wake all, no condition: (T+N)! orders of enqueues and wakes. All wake up when the
 * last of these is a wake. */
enum { threads = T + N };
static void body(int me) {
    if (me < T) {
        channel_sleep();
    } else {
        channel_wake(INT_MAX);
    }
}

#elif defined(P_wake_one)
/* The same, but each wakes one, whichever. A wake that finds several is as many executions. */
enum { threads = T + N };
static void body(int me) {
    if (me < T) {
        channel_sleep();
    } else {
        channel_wake(1);
    }
}

#elif defined(P_wake_first)
/* The same, but each wakes the one that has slept longest: (T+N)! again. The queue is kept under a
 * mutex; each of its critical sections has one event that can come earlier or later, as an enqueue or
 * a wake has, and a semaphore of one's own adds no order. */
enum { threads = T + N };
static pthread_mutex_t queue_lock;
static int queue[T], head, tail;
static sem_t woken[T];
static void body(int me) {
    pthread_mutex_lock(&queue_lock);
    if (me < T) {
        queue[tail++] = me;
    } else if (head < tail) {
        sem_post(&woken[queue[head++]]);
    }
    pthread_mutex_unlock(&queue_lock);
    if (me < T) {
        sem_wait(&woken[me]);
    }
}

#elif defined(P_flag_locked)
/* T consumers look at a flag under the lock and wait for it; one producer sets it there and wakes all.
 * If j of them come before the producer, they do so in T!/(T-j)! orders, and the lock is taken in T!
 * orders after it: T! * (sum over j of T!/(T-j)!), and nobody waits for good. */
enum { threads = T + 1 };
static pthread_mutex_t flag_lock;
static pthread_cond_t flag_set;
static int flag;
static void body(int me) {
    pthread_mutex_lock(&flag_lock);
    if (me == T) {
        flag = 1;
        pthread_cond_broadcast(&flag_set);
    }
    while (flag == 0) {
        pthread_cond_wait(&flag_set, &flag_lock);
    }
    pthread_mutex_unlock(&flag_lock);
}

#elif defined(P_flag_outside)
/* The same without a lock: the flag may be set and the wake be over between a consumer's look and its
 * sleep. With e who sleep before the wake and l after it: sum of T!/(T-e-l)!; those with l=0 end. */
enum { threads = T + 1 };
static atomic_int flag;
static void body(int me) {
    if (me == T) {
        atomic_store(&flag, 1);
        channel_wake(INT_MAX);
    } else if (atomic_load(&flag) == 0) {
        channel_sleep();
    }
}

#elif defined(P_puts)
/* T references are put, one more thread waits until there are none: T!. */
enum { threads = T + 1 };
static atomic_uint references = T;
static void body(int me) {
    if (me == T) {
        heddle_await_u32(&references, HEDDLE_EQUAL, 0, "no references");
    } else {
        atomic_fetch_sub(&references, 1);
    }
}

#else
#error choose a program
#endif

static void* run(void* argument) {
    body((int)(long)argument);
    return NULL;
}

int main(void) {
    pthread_t thread[threads];
#if defined(P_philo_left)
    for (int i = 0; i < T; ++i) {
        pthread_mutex_init(&fork_lock[i], NULL);
    }
#elif defined(P_wake_first)
    pthread_mutex_init(&queue_lock, NULL);
    for (int i = 0; i < T; ++i) {
        sem_init(&woken[i], 0, 0);
    }
#elif defined(P_flag_locked)
    pthread_mutex_init(&flag_lock, NULL);
    pthread_cond_init(&flag_set, NULL);
#endif
    for (long i = 0; i < threads; ++i) {
        pthread_create(&thread[i], NULL, run, (void*)i);
    }
    for (int i = 0; i < threads; ++i) {
        pthread_join(thread[i], NULL);
    }
    return 0;
}
