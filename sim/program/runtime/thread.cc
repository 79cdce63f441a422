// thread.cc - std::thread's own functions, so that its handle is read and written under hooks.
// Source:  <bits/std_thread.h>; a thread owns its state and runs it once.
// Shapes:  pthread_create writes the handle; the machine sees that call.
#include <cerrno>
#include <system_error>
#include <thread>

namespace std {
namespace {

void* run_thread(void* argument) {
    const std::unique_ptr<std::thread::_State> state(static_cast<std::thread::_State*>(argument));
    state->_M_run();
    return nullptr;
}

}  // namespace

thread::_State::~_State() = default;

void thread::_M_start_thread(_State_ptr state, void (*)()) {
    const int error = pthread_create(&_M_id._M_thread, nullptr, &run_thread, state.get());
    if (error != 0) {
        __throw_system_error(error);
    }
    (void)state.release();  // the thread deletes it
}

void thread::join() {
    const int error = joinable() ? pthread_join(_M_id._M_thread, nullptr) : EINVAL;
    if (error != 0) {
        __throw_system_error(error);
    }
    _M_id = id();
}

void thread::detach() {
    const int error = joinable() ? pthread_detach(_M_id._M_thread) : EINVAL;
    if (error != 0) {
        __throw_system_error(error);
    }
    _M_id = id();
}

}  // namespace std
