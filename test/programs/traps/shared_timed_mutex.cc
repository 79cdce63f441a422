// expect: ok
// std::shared_timed_mutex: readers together, a writer alone, limits on both clocks.
#include <cassert>
#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <thread>

static std::shared_timed_mutex lock;
static int value;

int main() {
    using std::chrono::milliseconds;
    lock.lock_shared();
    std::thread reader([] {
        assert(lock.try_lock_shared());
        assert(value == 0);
        lock.unlock_shared();
        assert(!lock.try_lock_for(milliseconds(1)));
        assert(!lock.try_lock_until(std::chrono::system_clock::now() + milliseconds(1)));
    });
    reader.join();
    lock.unlock_shared();

    std::thread writer([] {
        const std::unique_lock<std::shared_timed_mutex> guard(lock);
        value = 1;
        value = 2;
    });
    {
        const std::shared_lock<std::shared_timed_mutex> guard(lock);
        assert(value == 0 || value == 2);
    }
    writer.join();
    assert(lock.try_lock_shared_for(milliseconds(1)));
    lock.unlock_shared();
    return 0;
}
