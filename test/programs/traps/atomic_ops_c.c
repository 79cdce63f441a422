// expect: ok
// C11 _Atomic in every size, and the __sync and __atomic built-ins.
#include <assert.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define HEDDLE_CHECK(type)                                                    \
    do {                                                                      \
        static _Atomic type x;                                                \
        type expected = 7;                                                    \
        atomic_store(&x, 5);                                                  \
        assert(atomic_fetch_add(&x, 2) == 5 && atomic_load(&x) == 7);         \
        assert(atomic_compare_exchange_strong(&x, &expected, 12));            \
        assert(!atomic_compare_exchange_strong(&x, &expected, 1));            \
        assert(expected == 12 && atomic_exchange(&x, 3) == 12);               \
        assert(atomic_fetch_or(&x, 4) == 3 && atomic_fetch_and(&x, 6) == 7);  \
        assert(atomic_fetch_xor(&x, 1) == 6 && atomic_fetch_sub(&x, 1) == 7); \
        x += 10;                                                              \
        x *= 2;                                                               \
        assert(x == 32);                                                      \
    } while (0)

struct large {
    long words[3];
};
static _Atomic(struct large) large;
static _Atomic(void*) pointer;
static atomic_flag flag = ATOMIC_FLAG_INIT;

int main(void) {
    HEDDLE_CHECK(char);
    HEDDLE_CHECK(unsigned char);
    HEDDLE_CHECK(short);
    HEDDLE_CHECK(int);
    HEDDLE_CHECK(long);
    HEDDLE_CHECK(unsigned long long);
    HEDDLE_CHECK(__int128);

    struct large value = {{1, 2, 3}};
    atomic_store(&large, value);
    value = atomic_load(&large);
    assert(value.words[2] == 3);
    atomic_store(&pointer, &value);
    assert(atomic_load(&pointer) == &value);
    assert(!atomic_flag_test_and_set(&flag) && atomic_flag_test_and_set(&flag));
    atomic_flag_clear(&flag);

    static int old;
    assert(__sync_fetch_and_add(&old, 3) == 0 && __sync_add_and_fetch(&old, 1) == 4);
    assert(__sync_bool_compare_and_swap(&old, 4, 9));
    assert(__sync_val_compare_and_swap(&old, 9, 1) == 9);
    assert(__sync_lock_test_and_set(&old, 2) == 1);
    __sync_lock_release(&old);
    __sync_synchronize();
    assert(__atomic_add_fetch(&old, 4, __ATOMIC_SEQ_CST) == 4);
    assert(__atomic_fetch_nand(&old, 5, __ATOMIC_SEQ_CST) == 4 && old == ~4);
    return 0;
}
