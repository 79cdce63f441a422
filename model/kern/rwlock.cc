#include "model/kern/rwlock.h"

#include "model/kern/assert.h"

namespace model::kern {

rwlock::rwlock() {
    pthread_rwlockattr_t attributes;
    pthread_rwlockattr_init(&attributes);
    pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&lock_, &attributes);
    pthread_rwlockattr_destroy(&attributes);
}

rwlock::~rwlock() {
    pthread_rwlock_destroy(&lock_);
}

void rw_enter_read(rwlock& lock) {
    kassert(pthread_rwlock_rdlock(&lock.lock_) == 0, "rw_enter_read: locking against myself");
}

void rw_enter_write(rwlock& lock) {
    kassert(pthread_rwlock_wrlock(&lock.lock_) == 0, "rw_enter_write: locking against myself");
}

void rw_exit(rwlock& lock) {
    pthread_rwlock_unlock(&lock.lock_);
}

}  // namespace model::kern
