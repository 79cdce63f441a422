// thread_exit.h - what std::promise::set_value_at_thread_exit and its kin leave for later.
// Source:  <condition_variable> declares the element; libstdc++ keeps its list per host thread, we
//          one per context, under a pthread key, whose destructors run behind those of
//          thread_local.
// Shapes:  last come, first served; an element is freed by its own callback.
// Locks:   none; the list belongs to the calling thread.
// Errors:  none. The main thread's list is not run when main returns.
#pragma once

#include <condition_variable>

namespace heddle_subject {

void call_at_thread_exit(std::__at_thread_exit_elt* element);

}  // namespace heddle_subject
