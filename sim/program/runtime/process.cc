// process.cc - ends of a program and readings of the clock that libc would finish within itself,
//          where no interposed function is called.
// Source:  C11 7.22.4 and 7.27; each comes down to _exit or clock_gettime, which the machine gives.
// Shapes:  at most 32 quick-exit functions, as the standard asks for.
#include <time.h>
#include <unistd.h>

namespace {

using quick_exit_function = void (*)(void*);
constexpr unsigned quick_exit_functions_max = 32;
quick_exit_function quick_exit_functions[quick_exit_functions_max];
unsigned quick_exit_function_count;

long long read_clock_ns(clockid_t which) {
    struct timespec now = {};
    clock_gettime(which, &now);
    return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

}  // namespace

extern "C" {

[[noreturn]] void _Exit(int status) noexcept {
    _exit(status);
}

// at_quick_exit is a stub in every module that calls this.
int __cxa_at_quick_exit(quick_exit_function function, void*) {
    if (quick_exit_function_count == quick_exit_functions_max) {
        return 1;
    }
    quick_exit_functions[quick_exit_function_count++] = function;
    return 0;
}

[[noreturn]] void quick_exit(int status) noexcept {
    while (quick_exit_function_count > 0) {
        quick_exit_functions[--quick_exit_function_count](nullptr);
    }
    _exit(status);
}

int timespec_get(struct timespec* now, int base) noexcept {
    if (base != TIME_UTC) {
        return 0;
    }
    clock_gettime(CLOCK_REALTIME, now);
    return base;
}

// Processor time is time during which the program runs; in a simulation, all of it.
clock_t clock() noexcept {
    return static_cast<clock_t>(read_clock_ns(CLOCK_MONOTONIC) * CLOCKS_PER_SEC / 1'000'000'000);
}

}  // extern "C"
