// orders.cc - memory orders where a library's header stands between them and who asked for them.
// Shapes:  two stores and two loads, one line each, of which no order may be weaker; a box that is handed over, through a
//          conversion; two additions that nobody needs an order of.
// Locks:   none.
// Errors:  an assertion or a data race, if an order is weakened.
#include <atomic>
#include <cassert>
#include <thread>

namespace {

template <typename T>
class box {
  public:
    void put(T value) {
        value_ = value;
        full_.store(1, std::memory_order_release);
    }
    bool get(T& value) {
        if (full_ == 0) {
            return false;
        }
        value = value_;
        return true;
    }

  private:
    std::atomic<int> full_{0};
    T value_{};
};

std::atomic<int> x{0}, y{0}, sum{0};
box<int> handed;
int first = 0, second = 0;

void write_x() {
    first = (x.store(1), y.load());
    handed.put(7);
}

void write_y() {
    second = (y = 1, x);
    int value = 0;
    assert(!handed.get(value) || value == 7);
}

void add() {
    ++sum, sum += 2;
}

}  // namespace

int main() {
    std::thread t(write_x);
    std::thread u(write_y);
    t.join();
    u.join();
    assert(first == 1 || second == 1);
    add();
}
