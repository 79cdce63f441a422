// expect: finding deadlock
// Two locks in two orders, in the destructors' disguise.
#include <mutex>
#include <thread>

static std::mutex first;
static std::mutex second;

int main() {
    std::thread thread([] {
        const std::lock_guard<std::mutex> a(first);
        const std::lock_guard<std::mutex> b(second);
    });
    {
        const std::lock_guard<std::mutex> b(second);
        const std::lock_guard<std::mutex> a(first);
    }
    thread.join();
    return 0;
}
