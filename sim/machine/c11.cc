// C11 mutexes and condition variables; glibc's own do not go through the pthread symbols. Their types
// are as large as the pthread ones.
#include <threads.h>

#include <cerrno>

#include "sim/machine/clock.h"
#include "sim/machine/interpose.h"
#include "sim/machine/locks.h"

extern "C" {
int heddle_c11_result(int error);
int heddle_pthread_cond_init(void* v, const void* attribute) asm("pthread_cond_init");
int heddle_pthread_cond_wait(void* v, void* m) asm("pthread_cond_wait");
int heddle_pthread_cond_timedwait(void* v, void* m,
                                  const timespec* t) asm("pthread_cond_timedwait");
int heddle_pthread_cond_signal(void* v) asm("pthread_cond_signal");
int heddle_pthread_cond_broadcast(void* v) asm("pthread_cond_broadcast");
}

using namespace sim;

HEDDLE_INTERPOSE(int, mtx_init, (void* m, int type)) {
    if (!simulated(m)) {
        HEDDLE_FALL_THROUGH(mtx_init, m, type);
    }
    auto& state = object_view<mutex_state>(m, HEDDLE_CALLER);
    state = mutex_state{};
    state.kind = (type & mtx_recursive) != 0 ? 1 : 0;
    return thrd_success;
}

HEDDLE_INTERPOSE(void, mtx_destroy, (void* m)) {
    if (!simulated(m)) {
        HEDDLE_FALL_THROUGH(mtx_destroy, m);
    }
}

HEDDLE_INTERPOSE(int, mtx_lock, (void* m)) {
    if (!simulated(m)) {
        HEDDLE_FALL_THROUGH(mtx_lock, m);
    }
    return heddle_c11_result(mutex_lock(m, no_deadline, HEDDLE_CALLER));
}

HEDDLE_INTERPOSE(int, mtx_trylock, (void* m)) {
    if (!simulated(m)) {
        HEDDLE_FALL_THROUGH(mtx_trylock, m);
    }
    return heddle_c11_result(mutex_trylock(m, HEDDLE_CALLER));
}

HEDDLE_INTERPOSE(int, mtx_timedlock, (void* m, const timespec* until)) {
    if (!simulated(m)) {
        HEDDLE_FALL_THROUGH(mtx_timedlock, m, until);
    }
    return heddle_c11_result(mutex_lock(m, deadline_of(CLOCK_REALTIME, *until), HEDDLE_CALLER));
}

HEDDLE_INTERPOSE(int, mtx_unlock, (void* m)) {
    if (!simulated(m)) {
        HEDDLE_FALL_THROUGH(mtx_unlock, m);
    }
    return heddle_c11_result(mutex_unlock(m, HEDDLE_CALLER));
}

HEDDLE_INTERPOSE(int, cnd_init, (void* v)) {
    if (!simulated(v)) {
        HEDDLE_FALL_THROUGH(cnd_init, v);
    }
    return heddle_c11_result(heddle_pthread_cond_init(v, nullptr));
}

HEDDLE_INTERPOSE(void, cnd_destroy, (void* v)) {
    if (!simulated(v)) {
        HEDDLE_FALL_THROUGH(cnd_destroy, v);
    }
}

HEDDLE_INTERPOSE(int, cnd_wait, (void* v, void* m)) {
    if (!simulated(v)) {
        HEDDLE_FALL_THROUGH(cnd_wait, v, m);
    }
    return heddle_c11_result(heddle_pthread_cond_wait(v, m));
}

HEDDLE_INTERPOSE(int, cnd_timedwait, (void* v, void* m, const timespec* until)) {
    if (!simulated(v)) {
        HEDDLE_FALL_THROUGH(cnd_timedwait, v, m, until);
    }
    return heddle_c11_result(heddle_pthread_cond_timedwait(v, m, until));
}

HEDDLE_INTERPOSE(int, cnd_signal, (void* v)) {
    if (!simulated(v)) {
        HEDDLE_FALL_THROUGH(cnd_signal, v);
    }
    return heddle_c11_result(heddle_pthread_cond_signal(v));
}

HEDDLE_INTERPOSE(int, cnd_broadcast, (void* v)) {
    if (!simulated(v)) {
        HEDDLE_FALL_THROUGH(cnd_broadcast, v);
    }
    return heddle_c11_result(heddle_pthread_cond_broadcast(v));
}
