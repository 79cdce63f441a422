// expect: ok
// Module constructors run before main and allocate; what they made is there, unchanged, in each
// execution, and freed at its end.
#include <cassert>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

static std::vector<std::string> names = {"em0", "em1", "a name too long for the string itself"};
static std::unique_ptr<std::map<int, int>> table = [] {
    auto made = std::make_unique<std::map<int, int>>();
    (*made)[1] = 10;
    return made;
}();

static const bool early = (names.reserve(16), true);

int main() {
    assert(early && names.size() == 3 && table->size() == 1);
    std::thread thread([] {
        names.push_back("vlan0");
        (*table)[2] = 20;
    });
    thread.join();
    assert(names.size() == 4 && names[3] == "vlan0" && (*table)[2] == 20);
    names[0] = "changed by this execution, and too long for the string itself";
    return 0;
}
