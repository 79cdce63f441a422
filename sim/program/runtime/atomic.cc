// atomic.cc - atomic objects too large for an instruction, under locks that the machine sees.
// Source:  the library interface of GCC's atomics ("Atomic/GCCMM/LIbrary"); asm labels because the
//          compilers reserve the names.
// Shapes:  sixteen mutexes, picked by address; the bytes are copied by memcpy, which is wrapped.
#include <pthread.h>

#include <cstdint>
#include <cstring>

namespace {

constexpr unsigned lock_count = 16;
pthread_mutex_t atomic_locks[lock_count];  // all zero is a fresh mutex

class atomic_guard {
  public:
    explicit atomic_guard(const volatile void* p)
        : lock_(&atomic_locks[(reinterpret_cast<uintptr_t>(p) >> 4) % lock_count]) {
        pthread_mutex_lock(lock_);
    }
    ~atomic_guard() { pthread_mutex_unlock(lock_); }
    atomic_guard(const atomic_guard&) = delete;
    atomic_guard& operator=(const atomic_guard&) = delete;

  private:
    pthread_mutex_t* lock_;
};

}  // namespace

void any_load(size_t size, const void* object, void* result, int) __asm__("__atomic_load");
void any_load(size_t size, const void* object, void* result, int) {
    const atomic_guard guard(object);
    memcpy(result, object, size);
}

void any_store(size_t size, void* object, const void* value, int) __asm__("__atomic_store");
void any_store(size_t size, void* object, const void* value, int) {
    const atomic_guard guard(object);
    memcpy(object, value, size);
}

void any_exchange(size_t size, void* object, const void* value, void* result,
                  int) __asm__("__atomic_exchange");
void any_exchange(size_t size, void* object, const void* value, void* result, int) {
    const atomic_guard guard(object);
    memcpy(result, object, size);
    memcpy(object, value, size);
}

bool any_compare_exchange(size_t size, void* object, void* expected, const void* desired, int,
                          int) __asm__("__atomic_compare_exchange");
bool any_compare_exchange(size_t size, void* object, void* expected, const void* desired, int,
                          int) {
    const atomic_guard guard(object);
    if (memcmp(object, expected, size) == 0) {
        memcpy(object, desired, size);
        return true;
    }
    memcpy(expected, object, size);
    return false;
}

bool any_is_lock_free(size_t size, const void* object) __asm__("__atomic_is_lock_free");
bool any_is_lock_free(size_t size, const void* object) {
    const bool power_of_two = size != 0 && (size & (size - 1)) == 0;
    return power_of_two && size <= 16 && reinterpret_cast<uintptr_t>(object) % size == 0;
}
