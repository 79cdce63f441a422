// expect: ok
// Timed waits of std::condition_variable on both clocks, and condition_variable_any.
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

static std::mutex lock;
static std::condition_variable changed;
static std::condition_variable_any any_changed;
static int state;

int main() {
    using std::chrono::milliseconds;
    std::unique_lock<std::mutex> guard(lock);
    const auto before = std::chrono::steady_clock::now();
    assert(!changed.wait_for(guard, milliseconds(5), [] { return state == 1; }));
    assert(std::chrono::steady_clock::now() - before >= milliseconds(5));
    const auto soon = std::chrono::system_clock::now() + milliseconds(1);
    assert(!changed.wait_until(guard, soon, [] { return state == 1; }));

    std::thread thread([] {
        const std::lock_guard<std::mutex> inner(lock);
        state = 1;
        changed.notify_all();
        any_changed.notify_one();
    });
    changed.wait(guard, [] { return state == 1; });
    guard.unlock();
    thread.join();
    guard.lock();
    assert(any_changed.wait_for(guard, milliseconds(1), [] { return state == 1; }));
    return 0;
}
