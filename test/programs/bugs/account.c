// expect: finding assertion failed
// A deposit, a withdrawal and an audit of one account, each under the account's lock. The bug: the audit
// has the sign of the deposit wrong. It is silent until both have been done, so that only the one
// order in which the audit comes last shows it. After `account` of SCTBench.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

enum { opening = 1, paid_in = 2, paid_out = 4 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int balance = opening;
static atomic_bool deposited, withdrawn;

static void* deposit(void* unused) {
    pthread_mutex_lock(&lock);
    atomic_store(&balance, atomic_load(&balance) + paid_in);
    atomic_store(&deposited, 1);
    pthread_mutex_unlock(&lock);
    return unused;
}

static void* withdraw(void* unused) {
    pthread_mutex_lock(&lock);
    atomic_store(&balance, atomic_load(&balance) - paid_out);
    atomic_store(&withdrawn, 1);
    pthread_mutex_unlock(&lock);
    return unused;
}

static void* audit(void* unused) {
    pthread_mutex_lock(&lock);
    if (atomic_load(&deposited) && atomic_load(&withdrawn)) {
        assert(atomic_load(&balance) == opening - paid_in - paid_out);
    }
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void) {
    void* (*const parts[])(void*) = {audit, deposit, withdraw};
    pthread_t threads[3];
    for (int i = 0; i < 3; ++i) {
        pthread_create(&threads[i], NULL, parts[i], NULL);
    }
    for (int i = 0; i < 3; ++i) {
        pthread_join(threads[i], NULL);
    }
    return 0;
}
