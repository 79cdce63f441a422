// What a program does depends on what std::random_device says; a device may be older than the race.
#include <atomic>
#include <random>
#include <thread>

static std::random_device old;
static std::atomic<int> zero, one;

static void act() {
    std::random_device device;
    const unsigned value = device() ^ old();
    for (unsigned i = 0; i < 4; ++i) {
        std::atomic<int>& cell = (value >> i & 1) != 0 ? one : zero;
        cell.fetch_add(1);
        cell.exchange(static_cast<int>(i));
    }
}

int main() {
    std::thread other(act);
    act();
    other.join();
}
