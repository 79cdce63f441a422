// expect: finding data race
// The same for __builtin_memset and __builtin_memcmp.
#include <pthread.h>

static char shared[14];
static const char zero[14] = {};

static void* writer(void*) {
    __builtin_memset(shared, 0, sizeof shared);
    return nullptr;
}

int main() {
    pthread_t thread;
    pthread_create(&thread, nullptr, writer, nullptr);
    const int different = __builtin_memcmp(shared, zero, sizeof shared);
    pthread_join(thread, nullptr);
    return different;
}
