// A statistic that two threads count without order, and which says so.
#include <pthread.h>

static int packets;

static void* receive(void* unused) {
    packets++;  // heddle: allow data race: the counter is a statistic
    return unused;
}

int main(void) {
    pthread_t other;
    pthread_create(&other, 0, receive, 0);
    packets++;
    pthread_join(other, 0);
    return 0;
}
