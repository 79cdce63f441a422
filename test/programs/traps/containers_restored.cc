// expect: ok
// Containers that live in the module start each execution as the first one did. A write that the
// machine did not see would survive: a list longer than it should be, a bucket count without
// buckets.
#include <cassert>
#include <list>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>

static std::mutex lock;
static std::list<int> queue;
static std::map<int, std::string> ordered;
static std::unordered_map<std::string, int> hashed;

static void work(int base) {
    for (int i = base; i < base + 4; ++i) {
        const std::lock_guard<std::mutex> guard(lock);
        queue.push_front(i);
        ordered[i] = "number " + std::to_string(i);
        hashed["key " + std::to_string(i)] = i;
    }
    const std::lock_guard<std::mutex> guard(lock);
    ordered.erase(base);
    queue.remove(base);
    queue.reverse();
}

int main() {
    assert(queue.empty() && ordered.empty() && hashed.empty());
    assert(hashed.bucket_count() == 1);
    std::thread thread(work, 100);
    work(200);
    thread.join();
    assert(queue.size() == 6 && ordered.size() == 6 && hashed.size() == 8);
    assert(hashed.bucket_count() == 13);
    queue.sort();
    assert(queue.front() == 101 && queue.back() == 203);
    int previous = 0;
    for (const auto& [number, text] : ordered) {
        assert(number > previous && text == "number " + std::to_string(number));
        previous = number;
    }
    std::set<int> all(queue.begin(), queue.end());
    while (!all.empty()) {
        all.erase(std::prev(all.end()));
    }
    return 0;
}
