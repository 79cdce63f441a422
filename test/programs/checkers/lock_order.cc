// The order of locks: two threads take what they need in different orders, at times that never meet, or that do.
// What is said does not depend on their meeting.
#include <pthread.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "sim/annotate.h"

namespace {

struct device {
    std::mutex lock;
    int packets = 0;
};

device devices[2];
std::mutex table;

[[maybe_unused]] void send(device& d) {
    const std::lock_guard<std::mutex> hold(d.lock);
    ++d.packets;
}

// With -DBUSY there are so many executions that several processes share them.
std::atomic<int> traffic;

void make_traffic() {
#ifdef BUSY
    for (int i = 0; i < 6; ++i) {
        traffic.fetch_add(1);
    }
#endif
}

#if defined(P_gate)

// Both orders, but never at the same time: whoever comes second has seen that the first has gone.
std::atomic<unsigned> gone;

void first() {
    {
        const std::lock_guard<std::mutex> hold(table);
        send(devices[0]);
    }
    gone = 1;
}

void second() {
    const unsigned* word = reinterpret_cast<const unsigned*>(&gone);
    heddle_await_u32(word, HEDDLE_EQUAL, 1, "the first has gone");
    const std::lock_guard<std::mutex> hold(devices[0].lock);
    const std::lock_guard<std::mutex> hold_table(table);
}

#elif defined(P_guard)

// Both orders, under one lock that both hold: no cycle.
std::mutex gate;

void first() {
    const std::lock_guard<std::mutex> hold_gate(gate);
    const std::lock_guard<std::mutex> hold(table);
    send(devices[0]);
}

void second() {
    const std::lock_guard<std::mutex> hold_gate(gate);
    const std::lock_guard<std::mutex> hold(devices[0].lock);
    const std::lock_guard<std::mutex> hold_table(table);
}

#elif defined(P_both)

// A deadlock that the first execution does not show; who only tries does not wait.

void first() {
    const std::lock_guard<std::mutex> hold(table);
    send(devices[0]);
}

void second() {
    const std::lock_guard<std::mutex> hold(devices[0].lock);
#ifdef NEAR
    if (table.try_lock()) {
        table.unlock();
    }
#else
    const std::lock_guard<std::mutex> hold_table(table);
#endif
}

#elif defined(P_readers)

// A reader that reads again waits behind a writer that waits for it.
struct reader_lock {
    pthread_rwlock_t lock;
    reader_lock() {
        pthread_rwlockattr_t kind;
        pthread_rwlockattr_init(&kind);
#ifndef NEAR  // readers are preferred: it does not wait
        pthread_rwlockattr_setkind_np(&kind, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
#endif
        pthread_rwlock_init(&lock, &kind);
        pthread_rwlockattr_destroy(&kind);
    }
} configuration;

void first() {
    pthread_rwlock_rdlock(&configuration.lock);
    pthread_rwlock_rdlock(&configuration.lock);
    pthread_rwlock_unlock(&configuration.lock);
    pthread_rwlock_unlock(&configuration.lock);
}

void second() {
    pthread_rwlock_wrlock(&configuration.lock);
    pthread_rwlock_unlock(&configuration.lock);
}

#endif

}  // namespace

int main() {
    heddle_lock_class(&devices[0].lock, "device");
    heddle_lock_class(&devices[1].lock, "device");
    std::thread thread([] {
        make_traffic();
        second();
    });
    make_traffic();
    first();
    thread.join();
    return devices[0].packets < 0;
}
