// expect: ok
// std::timed_mutex and recursive_timed_mutex use pthread_mutex_clocklock and timedlock.
#include <cassert>
#include <chrono>
#include <mutex>
#include <thread>

static std::timed_mutex lock;
static std::recursive_timed_mutex recursive;

int main() {
    using std::chrono::milliseconds;
    lock.lock();
    recursive.lock();
    std::thread thread([] {
        assert(!lock.try_lock());
        assert(!lock.try_lock_for(milliseconds(2)));
        assert(!lock.try_lock_until(std::chrono::system_clock::now() + milliseconds(1)));
        assert(!recursive.try_lock_for(milliseconds(1)));
    });
    thread.join();
    assert(recursive.try_lock_for(milliseconds(1)));
    recursive.unlock();
    recursive.unlock();
    lock.unlock();
    std::thread second([] {
        assert(lock.try_lock_for(milliseconds(1)));
        lock.unlock();
    });
    second.join();
    return 0;
}
