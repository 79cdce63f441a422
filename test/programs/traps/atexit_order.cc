// expect: ok
// What runs at the end: thread-local destructors, then atexit functions and static destructors in
// reverse order. The last one judges.
#include <cstdlib>
#include <thread>

static int step;
static bool wrong;

static void expect_step(int wanted) {
    if (step++ != wanted) {
        wrong = true;
    }
}

struct judge {
    ~judge() {
        expect_step(5);
        if (wrong) {
            std::abort();
        }
    }
};

struct noisy {
    explicit noisy(int step) : at(step) {}
    ~noisy() { expect_step(at); }
    int at;
};

static judge last;
static noisy before_last(4);

static void from_thread() {
    static thread_local noisy mine(0);
    (void)mine.at;
}

int main() {
    std::atexit([] { expect_step(3); });
    std::atexit([] { expect_step(2); });
    static thread_local noisy main_thread(1);
    (void)main_thread.at;
    std::thread thread(from_thread);
    thread.join();
    return 0;
}
