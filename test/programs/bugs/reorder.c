// expect: finding assertion failed
// `setters` threads write a and then b, `checkers` threads compare the two. The bug: nothing makes the two
// writes one, and a checker sees the first without the second, if it comes after some first write and
// before every second one. The more setters, the shorter that moment. After `reorder` of SCTBench
// (setters and checkers: 3 has 2 and 1, 5 has 4 and 1, 10 has 9 and 1, 20 has 10 and 10,
// 50 has 40 and 10).
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#ifndef setters
enum { setters = 4 };
#endif
#ifndef checkers
enum { checkers = 1 };
#endif

static atomic_int a, b;

static void* setter(void* unused) {
    atomic_store(&a, 1);
    atomic_store(&b, -1);
    return unused;
}

static void* checker(void* unused) {
    const int untouched = atomic_load(&a) == 0 && atomic_load(&b) == 0;
    assert(untouched || (atomic_load(&a) == 1 && atomic_load(&b) == -1));
    return unused;
}

int main(void) {
    pthread_t threads[setters + checkers];
    for (int i = 0; i < setters + checkers; ++i) {
        pthread_create(&threads[i], NULL, i < setters ? setter : checker, NULL);
    }
    for (int i = 0; i < setters + checkers; ++i) {
        pthread_join(threads[i], NULL);
    }
    return 0;
}
