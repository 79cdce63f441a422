// expect: ok
// std::latch and std::barrier, the latter over two phases with a completion function.
#include <barrier>
#include <cassert>
#include <latch>
#include <thread>

static int parts[2];
static int sums[2];
static int phase;

struct add_up {
    void operator()() noexcept { sums[phase++] = parts[0] + parts[1]; }
};

static void run(int me, std::latch* ready, std::barrier<add_up>* meet) {
    ready->arrive_and_wait();
    parts[me] = me + 1;
    meet->arrive_and_wait();
    assert(sums[0] == 3);
    parts[me] = me + 10;
    meet->arrive_and_wait();
    assert(sums[1] == 21);
}

int main() {
    std::latch ready(2);
    std::barrier<add_up> meet(2);
    std::thread thread(run, 1, &ready, &meet);
    run(0, &ready, &meet);
    thread.join();
    assert(ready.try_wait() && phase == 2);
    return 0;
}
