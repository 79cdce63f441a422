// expect: ok
// std::atomic::wait and notify: a futex for int, a proxy in the library for other sizes.
#include <atomic>
#include <cassert>
#include <thread>

static std::atomic<int> word{0};
static std::atomic<long> wide{0};
static std::atomic_flag flag = ATOMIC_FLAG_INIT;

int main() {
    std::thread thread([] {
        word.wait(0);
        assert(word.load() == 1);
        wide.store(5);
        wide.notify_one();
        flag.wait(false);
    });
    word.store(1);
    word.notify_all();
    wide.wait(0);
    assert(wide.load() == 5);
    flag.test_and_set();
    flag.notify_one();
    thread.join();
    return 0;
}
