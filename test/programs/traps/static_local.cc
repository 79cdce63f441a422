// expect: ok
// A context is switched out inside the initialiser of a local static variable; another one enters.
#include <atomic>
#include <cassert>
#include <thread>

static std::atomic<int> initialised{0};

struct config {
    config() {
        initialised.fetch_add(1);
        value = 42;
        initialised.fetch_add(1);
    }
    int value = 0;
};

static int get() {
    static config c;
    return c.value;
}

int main() {
    std::thread thread([] { assert(get() == 42); });
    assert(get() == 42);
    thread.join();
    assert(initialised == 2);
    return 0;
}
