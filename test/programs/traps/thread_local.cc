// expect: ok
// Thread-local variables: initial image, zero part, dynamic initialisation, destructors; and each
// execution starts anew.
#include <atomic>
#include <cassert>
#include <string>
#include <thread>

static std::atomic<int> alive{0};

struct counted {
    counted() { alive.fetch_add(1); }
    ~counted() { alive.fetch_sub(1); }
    int uses = 0;
};

static thread_local int initial = 7;
static thread_local long zero[4];
static thread_local std::string text = "start";
static thread_local counted object;

static void run(int me) {
    assert(initial == 7 && zero[3] == 0 && text == "start");
    initial += me;
    zero[3] += me;
    text += " " + std::to_string(me);
    object.uses += 1;
    alive.load();
    assert(initial == 7 + me && zero[3] == me && object.uses == 1);
    assert(text == "start " + std::to_string(me));
}

int main() {
    std::thread one(run, 1);
    std::thread two(run, 2);
    run(3);
    one.join();
    two.join();
    assert(alive == 1 && initial == 10);
    return 0;
}
