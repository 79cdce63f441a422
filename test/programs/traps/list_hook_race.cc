// expect: finding data race
// std::list links nodes in a function of libstdc++'s shared object; the reader only looks at the
// first link, so this race is nowhere else.
#include <pthread.h>

#include <list>

static std::list<int> queue;
static std::list<int> fresh;

static void* writer(void*) {
    queue.splice(queue.begin(), fresh);
    return nullptr;
}

int main() {
    queue.push_back(1);
    fresh.push_back(2);
    pthread_t thread;
    pthread_create(&thread, nullptr, writer, nullptr);
    const int first = *queue.begin();
    pthread_join(thread, nullptr);
    return first == 1 || first == 2 ? 0 : 1;
}
