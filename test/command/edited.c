// Two threads take two mutexes in opposite orders: a token of its deadlock must outlive edits. EDIT
// names one; 0 is the program that the token was made of.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static pthread_mutex_t left, right;
static atomic_int statistic;
static int work;

#if EDIT == 7
static void* backward(void* unused);
#endif

#if EDIT == 8
static void note(void) {
    atomic_fetch_add(&statistic, 1);
}
#endif

static void take_both(pthread_mutex_t* first, pthread_mutex_t* second) {
#if EDIT == 1
    printf("before\n");
#elif EDIT == 2
    atomic_fetch_add(&statistic, 1);  // before the locks
#elif EDIT == 8
    note();
#endif
    pthread_mutex_lock(first);
#if EDIT == 3
    atomic_fetch_add(&statistic, 1);  // between them
#elif EDIT == 4
    printf("between\n");
#endif
    pthread_mutex_lock(second);
#if EDIT == 5
    int renamed = work;
    work = renamed + 1;
#elif EDIT != 6
    int local = work;
    work = local + 1;
#endif
    pthread_mutex_unlock(second);
    pthread_mutex_unlock(first);
#if EDIT == 9
    atomic_fetch_add(&statistic, 1);  // behind them
    printf("behind\n");
#endif
}

#if EDIT == 7
static void* backward(void* unused) {
    take_both(&right, &left);
    return unused;
}
#endif

static void* forward(void* unused) {
#if EDIT == 10
    pthread_mutex_lock(&left);  // take_both is gone from here
    pthread_mutex_lock(&right);
    pthread_mutex_unlock(&right);
    pthread_mutex_unlock(&left);
#elif EDIT == 11
    atomic_fetch_add(&statistic, 1);  // and so is what the token is about
#else
    take_both(&left, &right);
#endif
    return unused;
}

#if EDIT != 7
static void* backward(void* unused) {
    take_both(&right, &left);
    return unused;
}
#endif

int main(void) {
    pthread_t a, b;
    pthread_create(&a, NULL, forward, NULL);
    pthread_create(&b, NULL, backward, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    (void)statistic;
    return 0;
}
