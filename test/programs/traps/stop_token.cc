// expect: ok
// std::jthread asks its thread to stop and joins it; the stop callback runs once, in either thread.
#include <atomic>
#include <cassert>
#include <stop_token>
#include <thread>

static std::atomic<int> called{0};

int main() {
    {
        const std::jthread thread([](const std::stop_token& token) {
            std::atomic<bool> stopped{false};
            const std::stop_callback callback(token, [&stopped] {
                called.fetch_add(1);
                stopped.store(true);
                stopped.notify_one();
            });
            stopped.wait(false);
            assert(token.stop_requested());
        });
    }
    assert(called == 1);
    return 0;
}
