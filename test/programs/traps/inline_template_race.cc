// expect: finding data race
// The race is inside an inline function of a template that the simulator's own executable holds an
// uninstrumented copy of. It is seen only if the module uses its own.
#include <pthread.h>

#include <string>
#include <vector>

static std::vector<std::string> names;

static void* writer(void*) {
    names.pop_back();
    return nullptr;
}

int main() {
    names.push_back("em0");
    names.push_back("em1");
    pthread_t thread;
    pthread_create(&thread, nullptr, writer, nullptr);
    const bool empty = names.empty();
    pthread_join(thread, nullptr);
    return empty ? 1 : 0;
}
