// expect: ok
// Values and notices that are to appear when their thread has ended, thread_local objects and all.
#include <cassert>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

static std::mutex lock;
static std::condition_variable ended;
static bool finished;
static int destroyed;

struct local {
    ~local() { ++destroyed; }
    int uses = 0;
};

int main() {
    std::promise<int> promise;
    std::future<int> value = promise.get_future();
    std::thread setter([&promise] {
        static thread_local local object;
        object.uses = 1;
        promise.set_value_at_thread_exit(8);
    });
    assert(value.get() == 8 && destroyed == 1);
    setter.join();

    std::thread notifier([] {
        std::unique_lock<std::mutex> guard(lock);
        finished = true;
        std::notify_all_at_thread_exit(ended, std::move(guard));
    });
    {
        std::unique_lock<std::mutex> guard(lock);
        ended.wait(guard, [] { return finished; });
    }
    notifier.join();
    return 0;
}
