// expect: finding assertion failed
// A value made on first use, with a look without the lock before the one with it. The bug: the pointer is
// published before what it points to is filled in, and who does not take the lock sees that.
#include <atomic>
#include <cassert>
#include <mutex>
#include <thread>

namespace {

struct settings {
    std::atomic<int> limit{0};
};

std::mutex making;
std::atomic<settings*> made{nullptr};
settings only;

settings& get() {
    if (made == nullptr) {
        const std::lock_guard<std::mutex> held(making);
        if (made == nullptr) {
            made = &only;
            only.limit = 7;
        }
    }
    return *made;
}

}  // namespace

int main() {
    std::thread threads[3];
    for (std::thread& t : threads) {
        t = std::thread([] { assert(get().limit == 7); });
    }
    for (std::thread& t : threads) {
        t.join();
    }
}
