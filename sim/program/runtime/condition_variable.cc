// condition_variable.cc - std::condition_variable over the pthread one, with hooks.
// Source:  <condition_variable>; the timed waits are inline there and need nothing.
// Shapes:  construction and destruction are the member's: no call, plain writes that hooks see.
#include <condition_variable>

namespace std {

condition_variable::condition_variable() noexcept = default;
condition_variable::~condition_variable() noexcept = default;

void condition_variable::wait(unique_lock<mutex>& lock) {
    pthread_cond_wait(native_handle(), lock.mutex()->native_handle());
}

void condition_variable::notify_one() noexcept {
    pthread_cond_signal(native_handle());
}

void condition_variable::notify_all() noexcept {
    pthread_cond_broadcast(native_handle());
}

}  // namespace std
