// expect: ok
// The closure travels through a thread-local variable; contexts share a host thread.
#include <atomic>
#include <cassert>
#include <mutex>
#include <thread>

static std::once_flag first_flag;
static std::once_flag second_flag;
static std::atomic<int> first_runs{0};
static std::atomic<int> second_runs{0};
static int first_value;
static int second_value;

static void run(int me) {
    std::call_once(me == 0 ? first_flag : second_flag, [me] {
        (me == 0 ? first_runs : second_runs).fetch_add(1);
        (me == 0 ? first_value : second_value) = me + 10;
    });
    std::call_once(first_flag, [] {
        first_runs.fetch_add(1);
        first_value = 10;
    });
    assert(first_value == 10);
}

int main() {
    std::thread thread(run, 0);
    run(1);
    thread.join();
    assert(first_runs == 1 && second_runs == 1 && second_value == 11);
    std::once_flag again;
    int runs = 0;
    try {
        std::call_once(again, [&] {
            ++runs;
            throw 1;
        });
    } catch (int) {
        ++runs;
    }
    std::call_once(again, [&] { runs += 10; });
    assert(runs == 12);
    return 0;
}
