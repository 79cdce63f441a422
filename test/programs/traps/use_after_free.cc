// expect: finding use after free
// Freed by one thread, read through memcpy by another that comes later.
#include <cstring>
#include <memory>
#include <thread>

struct header {
    char bytes[14];
};

int main() {
    header* const h = new header();
    std::thread thread([h] { delete h; });
    thread.join();
    header copy;
    std::memcpy(&copy, h, sizeof copy);
    return copy.bytes[0];
}
