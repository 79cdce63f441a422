// expect: ok
// The guard's unlock is a scheduling point in the middle of unwinding.
#include <atomic>
#include <cassert>
#include <exception>
#include <mutex>
#include <thread>

static std::mutex lock;
static std::atomic<int> unwound{0};

struct watcher {
    ~watcher() {
        unwound.fetch_add(1);
        assert(std::uncaught_exceptions() == 1);
    }
};

static void deeper(int me) {
    const watcher w;
    const std::lock_guard<std::mutex> guard(lock);
    throw me;
}

static void run(int me) {
    assert(std::uncaught_exceptions() == 0);
    try {
        deeper(me);
        assert(false);
    } catch (int caught) {
        assert(caught == me && std::uncaught_exceptions() == 0);
    }
}

int main() {
    std::thread thread(run, 1);
    run(2);
    thread.join();
    assert(unwound == 2 && lock.try_lock());
    lock.unlock();
    return 0;
}
