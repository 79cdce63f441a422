// expect: finding use after free
// Readers look an object up in a slot and then count themselves in; the owner empties the slot and counts
// itself out, and the last to go frees the object. The bug: between the look and the count the object may
// be freed. What every stack did to its interfaces once.
#include <atomic>
#include <thread>

namespace {

struct object {
    std::atomic<int> references{1};
};

std::atomic<object*> slot{nullptr};

void put(object* o) {
    if (o->references.fetch_sub(1) == 1) {
        delete o;
    }
}

void use() {
    object* o = slot;
    if (o != nullptr) {
        o->references.fetch_add(1);
        put(o);
    }
}

}  // namespace

int main() {
    slot = new object;
    std::thread first(use);
    std::thread second(use);
    std::thread owner([] { put(slot.exchange(nullptr)); });
    first.join();
    second.join();
    owner.join();
}
