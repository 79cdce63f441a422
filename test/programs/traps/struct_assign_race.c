// expect: finding data race
// Assignment of a 40-byte struct: clang calls memcpy, g++ moves it in pieces.
#include <pthread.h>

struct route {
    long words[5];
};

static struct route shared;
static struct route fresh = {{1, 2, 3, 4, 5}};
static struct route taken;

static void assign(struct route* to, const struct route* from) {
    *to = *from;
}

static void* writer(void* argument) {
    assign(&shared, &fresh);
    return argument;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, writer, NULL);
    assign(&taken, &shared);
    pthread_join(thread, NULL);
    return 0;
}
