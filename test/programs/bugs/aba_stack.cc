// expect: finding assertion failed
// A stack of numbered cells without locks. The bug: a pop compares the number of the top cell only. While
// one thread stands between reading the next cell and its exchange, the other pops two cells and puts the
// first back; the exchange succeeds and makes the top a cell that somebody has.
#include <atomic>
#include <cassert>
#include <thread>

namespace {

constexpr int cells = 3;

std::atomic<int> top{0};
std::atomic<int> next[cells] = {{1}, {2}, {-1}};
std::atomic<int> owners[cells];

int pop() {
    int cell = top;
    while (cell >= 0 && !top.compare_exchange_strong(cell, next[cell])) {
    }
    if (cell >= 0) {
        assert(owners[cell].fetch_add(1) == 0);
    }
    return cell;
}

void push(int cell) {
    owners[cell] = 0;
    int below = top;
    do {
        next[cell] = below;
    } while (!top.compare_exchange_strong(below, cell));
}

}  // namespace

int main() {
    std::thread one([] {
        pop();
        pop();
    });
    std::thread two([] {
        const int first = pop();
        pop();
        if (first >= 0) {
            push(first);
        }
    });
    one.join();
    two.join();
}
