// future.cc - the base of a future's result, and results that become ready when their thread ends.
// Source:  <future>; the waiting itself is a futex call that the machine interposes.
// Shapes:  an empty exception until one is set.
#include <future>

#include "thread_exit.h"

namespace std {

__future_base::_Result_base::_Result_base() = default;
__future_base::_Result_base::~_Result_base() = default;

void __future_base::_State_baseV2::_Make_ready::_S_run(void* self) {
    const unique_ptr<_Make_ready> mine(static_cast<_Make_ready*>(self));
    if (const auto state = mine->_M_shared_state.lock()) {
        state->_M_status._M_store_notify_all(_Status::__ready, memory_order_release);
    }
}

void __future_base::_State_baseV2::_Make_ready::_M_set() {
    _M_cb = &_Make_ready::_S_run;
    heddle_subject::call_at_thread_exit(this);
}

}  // namespace std
