// expect: ok
// Contexts are switched inside catch blocks: the exceptions being handled belong to each.
#include <atomic>
#include <cassert>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>

static std::atomic<int> turns{0};

static void handle(int me) {
    try {
        turns.fetch_add(1);
        throw me;
    } catch (int outer) {
        turns.fetch_add(1);
        assert(outer == me);
        try {
            throw std::runtime_error("error " + std::to_string(me));
        } catch (const std::exception& inner) {
            turns.fetch_add(1);
            assert(inner.what() == "error " + std::to_string(me));
        }
        turns.fetch_add(1);
        try {
            throw;
        } catch (int again) {
            assert(again == me);
        }
        assert(std::current_exception() != nullptr);
    }
    assert(std::current_exception() == nullptr);
}

int main() {
    std::thread thread(handle, 1);
    handle(2);
    thread.join();
    assert(turns == 8);
    return 0;
}
