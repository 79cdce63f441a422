// expect: ok
// Counts of shared_ptr are atomic only when the library knows of threads, which it learns from a
// variable of libc that nobody sets in a simulation.
#include <cassert>
#include <memory>
#include <thread>

static int destroyed;

struct object {
    ~object() { ++destroyed; }
    int value = 7;
};

static void use(std::shared_ptr<object> p) {
    std::shared_ptr<object> mine = p;
    p.reset();
    assert(mine->value == 7);
}

int main() {
    auto p = std::make_shared<object>();
    const std::weak_ptr<object> weak = p;
    std::thread thread(use, p);
    use(p);
    p.reset();
    if (const auto again = weak.lock()) {
        assert(again->value == 7);
    }
    thread.join();
    assert(destroyed == 1 && weak.expired());
    return 0;
}
