// random.cc - libc's generators of random numbers with their state in the module, so that each
//          execution draws the same numbers.
// Source:  splitmix64. The sequence differs from libc's, which no standard fixes.
// Shapes:  asm labels give the names of libc. A draw is one atomic operation on the state: threads
//          that draw depend on each other, as they do on libc's lock.
#include <atomic>
#include <cstdint>

namespace {

std::atomic<uint64_t> random_state{1};  // libc's seed before the first srand

uint64_t draw() {
    constexpr uint64_t step = 0x9e3779b97f4a7c15;
    uint64_t z = random_state.fetch_add(step, std::memory_order_relaxed) + step;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

}  // namespace

int draw_int() __asm__("rand");
int draw_int() {
    return static_cast<int>(draw() >> 33);
}

long draw_long() __asm__("random");
long draw_long() {
    return static_cast<long>(draw() >> 33);
}

void seed_int(unsigned seed) __asm__("srand");
void seed_int(unsigned seed) {
    random_state.store(seed, std::memory_order_relaxed);
}

void seed_long(unsigned seed) __asm__("srandom");
void seed_long(unsigned seed) {
    random_state.store(seed, std::memory_order_relaxed);
}
