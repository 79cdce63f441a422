// expect: ok
// Every operation of std::atomic in every size, signed and unsigned, pointers, bool, floating
// point.
#include <atomic>
#include <cassert>
#include <cstdint>

template <typename T>
static void integers() {
    std::atomic<T> x{5};
    assert(x.is_lock_free() && x.load() == 5);
    x.store(6, std::memory_order_release);
    assert(x.exchange(7) == 6 && x.load(std::memory_order_acquire) == 7);
    assert(x.fetch_add(3) == 7 && x.fetch_sub(1) == 10 && x.load(std::memory_order_relaxed) == 9);
    assert(x.fetch_and(T(12)) == 9 && x.fetch_or(T(3)) == 8 && x.fetch_xor(T(1)) == 11);
    assert(x == 10 && ++x == 11 && x++ == 11 && --x == 11 && x-- == 11 && (x += 2) == 12);
    assert((x -= 2) == 10 && (x |= T(1)) == 11 && (x &= T(9)) == 9 && (x ^= T(8)) == 1);
    T expected = 2;
    assert(!x.compare_exchange_strong(expected, T(3)) && expected == 1);
    assert(x.compare_exchange_strong(expected, T(3), std::memory_order_acq_rel,
                                     std::memory_order_relaxed));
    while (!x.compare_exchange_weak(expected, T(4))) {
    }
    assert(x == 4);
    x = T(-1);
    assert(x.fetch_add(1) == T(-1) && x == 0);
}

struct pair {
    uint64_t first;
    uint64_t second;
};

int main() {
    integers<int8_t>();
    integers<uint8_t>();
    integers<int16_t>();
    integers<uint16_t>();
    integers<int32_t>();
    integers<uint32_t>();
    integers<int64_t>();
    integers<uint64_t>();

    int array[4] = {};
    std::atomic<int*> p{array};
    assert(p.fetch_add(2) == array && --p == array + 1);
    std::atomic<bool> b{false};
    assert(!b.exchange(true) && b);
    std::atomic<double> d{1.5};
    assert(d.fetch_add(1.0) == 1.5 && d.load() == 2.5);
    std::atomic_flag flag = ATOMIC_FLAG_INIT;
    assert(!flag.test_and_set() && flag.test());
    flag.clear();

    std::atomic<pair> wide{pair{1, 2}};
    pair seen = wide.load();
    assert(seen.first == 1 && seen.second == 2);
    assert(wide.compare_exchange_strong(seen, pair{3, 4}));
    assert(wide.exchange(pair{5, 6}).second == 4 && wide.load().first == 5);
    int plain = 1;
    std::atomic_ref<int> reference(plain);
    assert(reference.fetch_add(1) == 1 && plain == 2);
    return 0;
}
