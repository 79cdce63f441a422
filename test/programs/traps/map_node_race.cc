// expect: finding data race
// The same for std::map: the first node is linked in _Rb_tree_insert_and_rebalance.
#include <pthread.h>

#include <map>

static std::map<int, int> table;

static void* writer(void*) {
    table.emplace(1, 10);
    return nullptr;
}

int main() {
    table.emplace(2, 20);
    pthread_t thread;
    pthread_create(&thread, nullptr, writer, nullptr);
    const int first = table.begin()->first;
    pthread_join(thread, nullptr);
    return first == 1 || first == 2 ? 0 : 1;
}
