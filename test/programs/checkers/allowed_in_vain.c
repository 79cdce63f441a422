// The same, where what allows it gives no reason, names no finding, or stands where nothing is found.
#include <pthread.h>

static int packets;

static void* receive(void* unused) {
    packets++;  // heddle: allow data race:
    return unused;
}

int main(void) {
    pthread_t other;
    pthread_create(&other, 0, receive, 0);
    // heddle: allow datarace: the counter is a statistic
    packets++;
    // heddle: allow leak: nothing is allocated here
    pthread_join(other, 0);
    return 0;
}
