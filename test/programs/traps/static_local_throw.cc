// expect: ok
// An initialiser that throws leaves the variable uninitialised for the next who comes.
#include <atomic>
#include <cassert>
#include <thread>

static std::atomic<int> attempts{0};

static int compute() {
    if (attempts.fetch_add(1) == 0) {
        throw 1;
    }
    return 5;
}

static int get() {
    static const int value = compute();
    return value;
}

static void try_get(std::atomic<int>* failures) {
    try {
        assert(get() == 5);
    } catch (int) {
        failures->fetch_add(1);
    }
}

// The third initialiser does not run, so nothing is thrown here.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main() {
    std::atomic<int> failures{0};
    std::thread thread(try_get, &failures);
    try_get(&failures);
    thread.join();
    assert(failures == 1 && attempts == 2 && get() == 5);
    return 0;
}
