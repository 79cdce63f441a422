// expect: finding data race
// An aggregate is reset by `= {}`, which becomes memset or a string instruction.
#include <pthread.h>

struct table {
    long entries[24];
};

static table shared;

static void reset(table* t) {
    *t = table{};
}
static long last(const table* t) {
    return t->entries[23];
}

static void* writer(void*) {
    reset(&shared);
    return nullptr;
}

int main() {
    pthread_t thread;
    pthread_create(&thread, nullptr, writer, nullptr);
    const long seen = last(&shared);
    pthread_join(thread, nullptr);
    return seen == 0 ? 0 : 1;
}
