// expect: finding uncaught exception
// Nobody catches it; it crosses the end of a thread's function.
#include <stdexcept>
#include <thread>

int main() {
    std::thread thread([] { throw std::runtime_error("nobody catches this"); });
    thread.join();
    return 0;
}
