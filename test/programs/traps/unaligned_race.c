// expect: finding data race
// An 8-byte word at an odd address, across two granules; the reader touches its last byte only.
#include <pthread.h>
#include <stdint.h>

struct __attribute__((packed)) record {
    char kind;
    uint64_t value;
};

static struct record record;

static void* writer(void* argument) {
    record.value = 0x0102030405060708;
    return argument;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, writer, NULL);
    const char last = ((const char*)&record)[8];
    pthread_join(thread, NULL);
    return last == 0 || last == 1 ? 0 : 1;
}
