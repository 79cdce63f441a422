// expect: finding data race
// A 6-byte address is copied by assignment while another thread copies into it: seen only if the
// copies are, which g++ makes of a 4 and a 2 byte move.
#include <pthread.h>

struct mac {
    unsigned char bytes[6];
};

static mac shared = {{1, 2, 3, 4, 5, 6}};
static mac taken;

static void copy(mac* to, const mac* from) {
    *to = *from;
}

static void* writer(void*) {
    const mac fresh = {{6, 5, 4, 3, 2, 1}};
    copy(&shared, &fresh);
    return nullptr;
}

int main() {
    pthread_t thread;
    pthread_create(&thread, nullptr, writer, nullptr);
    copy(&taken, &shared);
    pthread_join(thread, nullptr);
    return 0;
}
