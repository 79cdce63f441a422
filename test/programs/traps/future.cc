// expect: ok
// async, promise, packaged_task; a value, an exception, a broken promise, a wait with a limit.
#include <cassert>
#include <chrono>
#include <future>
#include <thread>
#include <utility>

int main() {
    std::future<int> value = std::async(std::launch::async, [] { return 7; });
    std::future<int> failure = std::async(std::launch::async, []() -> int { throw 3; });
    assert(value.get() == 7);
    try {
        failure.get();
        assert(false);
    } catch (int thrown) {
        assert(thrown == 3);
    }

    std::promise<int> promise;
    std::future<int> promised = promise.get_future();
    assert(promised.wait_for(std::chrono::milliseconds(1)) == std::future_status::timeout);
    std::thread thread([&promise] { promise.set_value(9); });
    assert(promised.get() == 9);
    thread.join();

    std::future<void> broken = std::promise<void>().get_future();
    try {
        broken.get();
        assert(false);
    } catch (const std::future_error& error) {
        assert(error.code() == std::future_errc::broken_promise);
    }

    std::packaged_task<int(int)> task([](int x) { return x + 1; });
    std::future<int> result = task.get_future();
    task(1);
    assert(result.get() == 2);
    return 0;
}
