// expect: finding data race
// atomic_load of a shared_ptr takes a lock that libstdc++ keeps. std::atomic<shared_ptr> has its
// own, a bit that the libstdc++ of g++ 12 releases with relaxed order after a load: a defect that
// is there.
#include <atomic>
#include <cassert>
#include <memory>
#include <thread>

static std::shared_ptr<int> plain = std::make_shared<int>(1);
static std::atomic<std::shared_ptr<int>> modern{std::make_shared<int>(1)};

int main() {
    std::thread thread([] {
        std::atomic_store(&plain, std::make_shared<int>(2));
        modern.store(std::make_shared<int>(2));
    });
    const std::shared_ptr<int> a = std::atomic_load(&plain);
    const std::shared_ptr<int> b = modern.load();
    assert((*a == 1 || *a == 2) && (*b == 1 || *b == 2));
    thread.join();
    assert(*std::atomic_load(&plain) == 2 && *modern.load() == 2);
    auto expected = std::atomic_load(&plain);
    assert(std::atomic_compare_exchange_strong(&plain, &expected, std::make_shared<int>(3)));
    plain.reset();
    modern.store(nullptr);
    return 0;
}
