// Threads, thread-local storage and keys.
#include <cxxabi.h>
#include <pthread.h>

#include <cerrno>
#include <cstring>

#include "sim/check/checker.h"
#include "sim/check/race.h"
#include "sim/machine/cpus.h"
#include "sim/machine/interpose.h"
#include "sim/machine/module.h"
#include "sim/machine/snapshot.h"
#include "sim/machine/threads.h"
#include "sim/memory/words.h"

namespace sim {

namespace {

struct tls_destructor {
    void (*function)(void*);
    void* object;
    tls_destructor* next;
};

struct key_value {
    const void* value;
    uint32_t key;
    uint32_t used;
    key_value* next;
};

// In front of each context's thread-local block, in its own heap.
struct thread_block {
    tls_destructor* destructors;
    key_value* values;
};

// Keys live in the host; the table only grows and numbers are given out in order, so that an
// execution always gets the same ones after a restore.
constexpr uint32_t keys_max = 1024;
void (*key_destructors[keys_max])(void*);

thread_block& block_of(context& c) {
    if (c.tls == 0) {
        host_scope host;
        uint64_t size = sizeof(thread_block) + module_tls_size() + module_tls_align();
        auto address = reinterpret_cast<uint64_t>(
            subject_allocate(size, module_tls_align() < 16 ? 16 : module_tls_align(), 0));
        HEDDLE_ASSERT(address != 0);
        c.tls = address;
        std::memset(reinterpret_cast<void*>(address), 0, size);
        module_tls_init(tls_storage(c));
    }
    return *reinterpret_cast<thread_block*>(c.tls);
}

key_value* value_of_or_null(context& c, uint32_t key) {
    if (c.tls == 0) {
        return nullptr;
    }
    for (key_value* v = block_of(c).values; v != nullptr; v = v->next) {
        if (v->key == key) {
            return v;
        }
    }
    return nullptr;
}

// In order of the numbers, up to four rounds, as POSIX wants it.
void run_key_destructors(context& c) {
    for (int round = 0; round < 4; ++round) {
        bool any = false;
        for (key_value* v = block_of(c).values; v != nullptr; v = v->next) {
            if (v->value != nullptr && key_destructors[v->key] != nullptr) {
                void* value = const_cast<void*>(v->value);
                note_write(address_of(v) - region_base, sizeof *v);
                v->value = nullptr;
                any = true;
                key_destructors[v->key](value);
            }
        }
        if (!any) {
            return;
        }
    }
}

bool is_thread(uint64_t thread) {
    return thread != 0 && thread <= g.context_count &&
           g.contexts[thread - 1].state != context_state::unused;
}

void exit_thread(void* result) {
    context& c = *g.current;
    c.result = address_of(result);
    thread_cleanup(c);
    context_finished(c);
}

}  // namespace

uint64_t tls_storage(context& c) {
    uint64_t align = module_tls_align() < 16 ? 16 : module_tls_align();
    return (c.tls + sizeof(thread_block) + align - 1) / align * align;
}

void* tls_address(context& c, uint64_t offset) {
    block_of(c);
    return reinterpret_cast<void*>(tls_storage(c) + offset);
}

void thread_destructors(context& c) {
    if (c.tls == 0) {
        return;
    }
    thread_block& block = block_of(c);
    while (block.destructors != nullptr) {
        tls_destructor* d = block.destructors;
        note_write(c.tls - region_base, sizeof block);
        block.destructors = d->next;
        d->function(d->object);
    }
    run_key_destructors(c);
}

void thread_cleanup(context& c) {
    thread_destructors(c);
    if (c.tls != 0) {
        subject_free(reinterpret_cast<void*>(c.tls), 0);
        c.tls = 0;
    }
}

HEDDLE_FLAT int thread_create(uint64_t* thread, void* (*start)(void*), void* argument,
                              bool detached, bool c11, uint64_t pc) {
    context& child = create_context(start, argument, nullptr, pc);
    child.detached = detached;
    child.c11 = c11;
    access_range(thread, sizeof *thread, true, pc);
    *thread = child.id + 1U;
    record_remark("create", 0, "");
    settle(child);
    return 0;
}

HEDDLE_FLAT int thread_join(uint64_t thread, void** result, uint64_t pc) {
    context& c = *g.current;
    if (!is_thread(thread)) {
        return ESRCH;
    }
    context& target = g.contexts[thread - 1];
    if (&target == &c) {
        return EDEADLK;
    }
    if (target.detached || (target.joiner != 0xff && target.joiner != c.id)) {
        return EINVAL;
    }
    tell_may_sleep(op_kind::join, address_of(&target), pc);
    const bool shares_cpu = (g.sharers & c.bit) != 0 && c.interrupt_level == 0;
    if (shares_cpu) {
        leave_cpu(pc);
    }
    if (target.state != context_state::done) {
        target.joiner = c.id;
        begin_operation(op_kind::join, address_of(&target), pc, false);
    }
    HEDDLE_ASSERT(target.state == context_state::done);
    target.joiner = 0xff;
    target.detached = true;  // joining twice is an error
    c.joined |= target.bit | target.joined;
    race_join(c, target);
    if (by_graph()) {
        graph.joined(c, target);
    }
    if (shares_cpu) {
        share_cpu(pc);
    }
    if (result != nullptr) {
        access_range(result, sizeof *result, true, pc);
        *result = reinterpret_cast<void*>(target.result);
    }
    return 0;
}

}  // namespace sim

using namespace sim;

HEDDLE_INTERPOSE(int, pthread_create,
                 (uint64_t * thread, const pthread_attr_t* attribute, void* (*start)(void*),
                  void* argument)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(pthread_create, thread, attribute, start, argument);
    }
    int state = PTHREAD_CREATE_JOINABLE;
    if (attribute != nullptr) {
        pthread_attr_getdetachstate(attribute, &state);
    }
    return thread_create(thread, start, argument, state == PTHREAD_CREATE_DETACHED, false,
                         HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, pthread_join, (uint64_t thread, void** result)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(pthread_join, thread, result);
    }
    return thread_join(thread, result, HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(int, pthread_detach, (uint64_t thread)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(pthread_detach, thread);
    }
    if (!is_thread(thread)) {
        return ESRCH;
    }
    g.contexts[thread - 1].detached = true;
    return 0;
}

HEDDLE_INTERPOSE(void, pthread_exit, (void* result)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(pthread_exit, result);
    }
    exit_thread(result);
}

HEDDLE_INTERPOSE(uint64_t, pthread_self, ()) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(pthread_self);
    }
    return g.current->id + 1U;
}

HEDDLE_INTERPOSE(int, pthread_setname_np, (uint64_t thread, const char* name)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(pthread_setname_np, thread, name);
    }
    if (!is_thread(thread)) {
        return ESRCH;
    }
    host_scope host;
    g.contexts[thread - 1].name = name;
    return 0;
}

HEDDLE_INTERPOSE(int, pthread_key_create, (uint32_t * key, void (*destructor)(void*))) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(pthread_key_create, key, destructor);
    }
    if (module_next_key() >= keys_max) {
        return EAGAIN;
    }
    uint32_t number = module_take_key();
    key_destructors[number] = destructor;
    access_range(key, sizeof *key, true, HEDDLE_CALLER);
    *key = number;
    return 0;
}

HEDDLE_INTERPOSE(int, pthread_key_delete, (uint32_t key)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(pthread_key_delete, key);
    }
    if (key >= module_next_key()) {
        return EINVAL;
    }
    log_outside(address_of(&key_destructors[key]), sizeof key_destructors[key]);
    key_destructors[key] = nullptr;
    return 0;
}

HEDDLE_INTERPOSE(int, pthread_setspecific, (uint32_t key, const void* value)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(pthread_setspecific, key, value);
    }
    if (key >= module_next_key()) {
        return EINVAL;
    }
    context& c = *g.current;
    key_value* v = value_of_or_null(c, key);
    if (v == nullptr) {
        thread_block& block = block_of(c);
        v = static_cast<key_value*>(subject_allocate(sizeof *v, 16, 0));
        *v = key_value{nullptr, key, 1, block.values};
        note_write(c.tls - region_base, sizeof block);
        block.values = v;
    }
    note_write(address_of(v) - region_base, sizeof *v);
    v->value = value;
    return 0;
}

HEDDLE_INTERPOSE(void*, pthread_getspecific, (uint32_t key)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(pthread_getspecific, key);
    }
    key_value* v = value_of_or_null(*g.current, key);
    return v != nullptr ? const_cast<void*>(v->value) : nullptr;
}

// The module's thread-local variables belong to the context; other libraries' to the OS thread.
struct heddle_tls_index {
    unsigned long module;
    unsigned long offset;
};

HEDDLE_INTERPOSE(void*, __tls_get_addr, (heddle_tls_index * index)) {
    if (simulated() && is_subject_tls(index->module)) {
        return tls_address(*g.current, index->offset);
    }
    HEDDLE_FALL_THROUGH(__tls_get_addr, index);
}

HEDDLE_INTERPOSE(int, __cxa_thread_atexit, (void (*function)(void*), void* object, void* dso)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(__cxa_thread_atexit, function, object, dso);
    }
    context& c = *g.current;
    thread_block& block = block_of(c);
    auto* d = static_cast<tls_destructor*>(subject_allocate(sizeof(tls_destructor), 16, 0));
    *d = tls_destructor{function, object, block.destructors};
    note_write(c.tls - region_base, sizeof block);
    block.destructors = d;
    return 0;
}

// C11 threads: glibc's own do not go through the pthread symbols.
extern "C" int heddle_c11_result(int error) {
    return error == 0 ? 0 : error == ETIMEDOUT ? 4 : error == EBUSY ? 1 : 2;
}

HEDDLE_INTERPOSE(int, thrd_create, (uint64_t * thread, int (*start)(void*), void* argument)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(thrd_create, thread, start, argument);
    }
    // The int result comes back in the low half of the register that a void* result uses.
    return heddle_c11_result(
        thread_create(thread, reinterpret_cast<void* (*)(void*)>(reinterpret_cast<void*>(start)),
                      argument, false, true, HEDDLE_CALLER));
}

HEDDLE_INTERPOSE(int, thrd_join, (uint64_t thread, int* result)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(thrd_join, thread, result);
    }
    int error = thread_join(thread, nullptr, HEDDLE_CALLER);
    if (error == 0 && result != nullptr) {
        access_range(result, sizeof *result, true, HEDDLE_CALLER);
        *result = static_cast<int>(g.contexts[thread - 1].result);
    }
    return heddle_c11_result(error);
}

HEDDLE_INTERPOSE(int, thrd_detach, (uint64_t thread)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(thrd_detach, thread);
    }
    g.contexts[thread - 1].detached = true;
    return 0;
}

HEDDLE_INTERPOSE(void, thrd_exit, (int result)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(thrd_exit, result);
    }
    exit_thread(reinterpret_cast<void*>(static_cast<long>(result)));
}

HEDDLE_INTERPOSE(uint64_t, thrd_current, ()) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(thrd_current);
    }
    return g.current->id + 1U;
}

HEDDLE_INTERPOSE(int, tss_create, (uint32_t * key, void (*destructor)(void*))) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(tss_create, key, destructor);
    }
    return heddle_c11_result(heddle_entry_pthread_key_create(key, destructor));
}

HEDDLE_INTERPOSE(void, tss_delete, (uint32_t key)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(tss_delete, key);
    }
    heddle_entry_pthread_key_delete(key);
}

HEDDLE_INTERPOSE(int, tss_set, (uint32_t key, void* value)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(tss_set, key, value);
    }
    return heddle_c11_result(heddle_entry_pthread_setspecific(key, value));
}

HEDDLE_INTERPOSE(void*, tss_get, (uint32_t key)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(tss_get, key);
    }
    return heddle_entry_pthread_getspecific(key);
}
