// expect: finding data race
// __builtin_memcpy of constant size, as library headers write it: g++ expands it without a hook.
#include <pthread.h>

struct header {
    char bytes[14];
};

header shared;
header fresh;
header taken;  // not static: clang drops what nobody reads

static void* writer(void*) {
    __builtin_memcpy(&shared, &fresh, sizeof shared);
    return nullptr;
}

int main() {
    pthread_t thread;
    pthread_create(&thread, nullptr, writer, nullptr);
    __builtin_memcpy(&taken, &shared, sizeof taken);
    pthread_join(thread, nullptr);
    return 0;
}
