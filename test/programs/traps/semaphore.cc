// expect: ok
// std::counting_semaphore and binary_semaphore, with and without a time limit.
#include <cassert>
#include <chrono>
#include <semaphore>
#include <thread>

static std::counting_semaphore<4> slots{0};
static std::binary_semaphore done{0};
static int produced;

int main() {
    std::thread thread([] {
        for (int i = 0; i < 2; ++i) {
            slots.acquire();
        }
        assert(produced == 2);
        done.release();
    });
    produced = 2;
    slots.release(2);
    done.acquire();
    thread.join();
    assert(!slots.try_acquire());
    assert(!slots.try_acquire_for(std::chrono::milliseconds(1)));
    slots.release();
    assert(slots.try_acquire_for(std::chrono::milliseconds(1)));
    return 0;
}
