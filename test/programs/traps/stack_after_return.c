// expect: finding stack use after return
// Somebody waits for an answer in its own frame, sees it, and returns while the other still counts there.
#include <pthread.h>
#include <stdatomic.h>

struct request {
    atomic_int answered;
    atomic_int uses;
};

static struct request* _Atomic asked;

static void ask(void) {
    struct request mine;
    atomic_init(&mine.answered, 0);
    atomic_init(&mine.uses, 0);
    atomic_store(&asked, &mine);
    while (atomic_load(&mine.answered) == 0) {
    }
}

static void* answerer(void* argument) {
    struct request* r;
    while ((r = atomic_load(&asked)) == NULL) {
    }
    atomic_store(&r->answered, 1);
    atomic_fetch_add(&r->uses, 1);
    return argument;
}

int main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, answerer, NULL);
    ask();
    pthread_join(thread, NULL);
    return 0;
}
