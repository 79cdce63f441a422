// expect: finding data race
// A virtual call while another thread runs the destructor, which resets the table pointer first.
#include <pthread.h>

#include <new>

static int last_kind;

static int kind_of(struct base* b);

struct base {
    virtual ~base() { last_kind = kind_of(this); }
    virtual int kind() { return 1; }
};

struct derived : base {
    ~derived() override {}
    int kind() override { return 2; }
};

static int kind_of(base* b) {
    return b->kind();
}

alignas(derived) static unsigned char room[sizeof(derived)];
static derived* object;

static void* destroyer(void*) {
    object->~derived();
    return nullptr;
}

int main() {
    object = new (room) derived;
    base* const b = object;
    pthread_t thread;
    pthread_create(&thread, nullptr, destroyer, nullptr);
    const int kind = kind_of(b);
    pthread_join(thread, nullptr);
    return (kind == 1 || kind == 2) && last_kind == 1 ? 0 : 1;
}
