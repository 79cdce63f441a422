// sp_locker.cc - the locks behind atomic_load(&shared_ptr) and its kin.
// Source:  <bits/shared_ptr_atomic.h>. libstdc++'s locks are outside the subject's memory: the
//          machine would pass them through, and a context switched out while holding one would stop
//          the host.
// Shapes:  sixteen mutexes, picked by address; two keys are taken in ascending order, once if
//          equal.
#include <pthread.h>

#include <memory>

namespace std {
namespace {

constexpr unsigned char lock_count = 16;
constexpr unsigned char no_key = lock_count;
pthread_mutex_t shared_ptr_locks[lock_count];  // all zero is a fresh mutex

unsigned char key_of(const void* p) {
    return static_cast<unsigned char>((reinterpret_cast<uintptr_t>(p) >> 4) % lock_count);
}

}  // namespace

_Sp_locker::_Sp_locker(const void* p) noexcept : _M_key1(key_of(p)), _M_key2(no_key) {
    pthread_mutex_lock(&shared_ptr_locks[_M_key1]);
}

_Sp_locker::_Sp_locker(const void* p, const void* q) noexcept
    : _M_key1(key_of(p)), _M_key2(key_of(q)) {
    if (_M_key2 < _M_key1) {
        std::swap(_M_key1, _M_key2);
    }
    pthread_mutex_lock(&shared_ptr_locks[_M_key1]);
    if (_M_key2 == _M_key1) {
        _M_key2 = no_key;
    } else {
        pthread_mutex_lock(&shared_ptr_locks[_M_key2]);
    }
}

_Sp_locker::~_Sp_locker() {
    if (_M_key2 != no_key) {
        pthread_mutex_unlock(&shared_ptr_locks[_M_key2]);
    }
    pthread_mutex_unlock(&shared_ptr_locks[_M_key1]);
}

}  // namespace std
