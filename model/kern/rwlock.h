// rwlock.h - a sleeping reader-writer lock in which a waiting writer keeps new readers out.
// Source:  rwlock(9) of the BSDs; natively a pthread_rwlock_t that prefers writers.
// Locks:   not recursive: a second read lock behind a waiting writer is a deadlock.
// Errors:  none.
#pragma once

#include <pthread.h>

namespace model::kern {

class rwlock {
  public:
    rwlock();
    ~rwlock();
    rwlock(const rwlock&) = delete;
    rwlock& operator=(const rwlock&) = delete;

  private:
    friend void rw_enter_read(rwlock& lock);
    friend void rw_enter_write(rwlock& lock);
    friend void rw_exit(rwlock& lock);

    pthread_rwlock_t lock_;
};

void rw_enter_read(rwlock& lock);   // may sleep
void rw_enter_write(rwlock& lock);  // may sleep
void rw_exit(rwlock& lock);

}  // namespace model::kern
