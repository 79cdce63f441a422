// thread_exit.cc - see thread_exit.h.
#include "thread_exit.h"

#include <pthread.h>

namespace heddle_subject {
namespace {

pthread_key_t exit_key;
pthread_once_t exit_key_made = PTHREAD_ONCE_INIT;

void run_list(void* first) {
    auto* element = static_cast<std::__at_thread_exit_elt*>(first);
    while (element != nullptr) {
        std::__at_thread_exit_elt* const next = element->_M_next;
        element->_M_cb(element);
        element = next;
    }
}

void make_key() {
    pthread_key_create(&exit_key, run_list);
}

}  // namespace

void call_at_thread_exit(std::__at_thread_exit_elt* element) {
    pthread_once(&exit_key_made, make_key);
    element->_M_next = static_cast<std::__at_thread_exit_elt*>(pthread_getspecific(exit_key));
    pthread_setspecific(exit_key, element);
}

}  // namespace heddle_subject

namespace std {
namespace {

struct late_notice : __at_thread_exit_elt {
    late_notice(condition_variable& to, unique_lock<mutex>& lock) : cv(&to), held(lock.release()) {
        _M_cb = &late_notice::send;
    }
    static void send(void* self) {
        late_notice* const notice = static_cast<late_notice*>(self);
        notice->held->unlock();
        notice->cv->notify_all();
        delete notice;
    }
    condition_variable* cv;
    mutex* held;
};

}  // namespace

void notify_all_at_thread_exit(condition_variable& cv, unique_lock<mutex> lock) {
    heddle_subject::call_at_thread_exit(new late_notice(cv, lock));
}

}  // namespace std
