// expect: finding data race
// A string is measured while another thread copies a new one over it; both are calls into libc.
#include <pthread.h>
#include <string.h>

static char name[16] = "em0";

static void* writer(void* argument) {
    strcpy(name, "em1");
    return argument;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, writer, NULL);
    const size_t length = strlen(name);
    pthread_join(thread, NULL);
    return length == 3 ? 0 : 1;
}
