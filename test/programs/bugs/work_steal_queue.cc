// expect: finding assertion failed
// A queue whose owner pushes and pops at its tail and whose thief takes from its head, in the manner of
// the Cilk-5 scheduler: each announces what it is about to take by moving its end, and only then looks at
// the other's. The bug: the owner looks first. A theft that fits in between takes the same item, if it is
// the last. Of the kind of `WorkStealQueue` of SCTBench.
#include <atomic>
#include <cassert>
#include <mutex>
#include <thread>

namespace {

constexpr int items = 4;

class work_queue {
  public:
    void push(int item) {
        const int at = tail_;
        slots_[at] = item;
        tail_ = at + 1;
    }
    // -1: empty.
    int pop() {
        const int at = tail_ - 1;
        const int head = head_;
        tail_ = at;
        if (head <= at) {
            return slots_[at];
        }
        const std::lock_guard<std::mutex> held(lock_);
        tail_ = head_.load();
        return -1;
    }
    int steal() {
        const std::lock_guard<std::mutex> held(lock_);
        const int at = head_;
        head_ = at + 1;
        if (at + 1 <= tail_) {
            return slots_[at];
        }
        head_ = at;
        return -1;
    }

  private:
    std::mutex lock_;
    std::atomic<int> head_{0};
    std::atomic<int> tail_{0};
    std::atomic<int> slots_[items] = {};
};

work_queue queue;
std::atomic<int> taken[items];

void take(int item) {
    if (item >= 0) {
        assert(taken[item].fetch_add(1) == 0);
    }
}

}  // namespace

int main() {
    std::thread thief([] {
        take(queue.steal());
        take(queue.steal());
    });
    for (int i = 0; i < items; i += 2) {
        queue.push(i);
        queue.push(i + 1);
        take(queue.pop());
    }
    take(queue.pop());
    take(queue.pop());
    thief.join();
}
