// expect: finding data race
// A 14-byte header is copied with memcpy of constant size while another thread fills it in.
#include <pthread.h>
#include <string.h>

struct header {
    unsigned char destination[6];
    unsigned char source[6];
    unsigned char type[2];
};

static struct header shared;
static struct header taken;

static void* writer(void* argument) {
    static const struct header fresh = {{1, 2, 3, 4, 5, 6}, {1, 2, 3, 4, 5, 7}, {8, 0}};
    memcpy(&shared, &fresh, sizeof shared);
    return argument;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, writer, NULL);
    memcpy(&taken, &shared, sizeof taken);
    pthread_join(thread, NULL);
    return 0;
}
