// timeout.h - functions that are called when their time has come, by the service context `softclock`.
// Source:  timeout(9) of OpenBSD, with a sorted list for its wheels: the order of what is due is that of the times,
//          and of arming where these are equal.
// Shapes:  times are uptime in seconds. A timeout is armed for one call; its function may arm it again, or free it if
//          nobody else may still name it.
// Locks:   [T] timeouts' mutex, a leaf at ipl_high: interrupts may arm. Functions are called without any lock, and may
//          sleep.
//          Who disarms a timeout owns it only if it was armed: timeout_del that answers 0 leaves it to softclock, which
//          may be inside its function.
// Errors:  none.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "model/kern/clock.h"
#include "model/kern/sleep.h"

namespace model::kern {

struct timeout {
    void (*function)(void*) = nullptr;  // [I]
    void* argument = nullptr;           // [I]
    const char* name = "";              // [I] a literal
    bool housekeeping = false;          // [I] see timeout_set_housekeeping
    bool armed = false;                 // [T]
    int64_t time = 0;                   // [T] when it is due
    timeout* next = nullptr;            // [T]
    timeout* prev = nullptr;            // [T]
};

// The timeouts of a stack, and who calls them.
struct timeouts {
    explicit timeouts(uptime_clock& time) : clock(time) {}
    ~timeouts();  // stop() first
    timeouts(const timeouts&) = delete;
    timeouts& operator=(const timeouts&) = delete;

    void start();  // starts the service context `softclock`
    void stop();   // ends it; nothing may be armed

    uptime_clock& clock;  // [I]
    std::mutex mtx;
    std::condition_variable work;  // the first time has changed, or is there; or stopping
    timeout* head = nullptr;       // [T] sorted by time
    timeout* tail = nullptr;       // [T]
    unsigned pressing = 0;         // [T] of those armed, the ones that are no housekeeping
    timeout* running = nullptr;    // [T] whose function is being called; it may be gone
    bool asleep = false;           // [T] softclock waits for work
    bool stopping = false;         // [T]
    bool awaited = false;          // [T] somebody sleeps on `ended`
    sleep_channel ended;           // sleepers: timeout_barrier, timeout_flush
    std::thread service;           // [I] after start
};

// To be called once, before the timeout is used.
void timeout_set(timeout& to, void (*function)(void*), void* argument, const char* name);
// The same for what comes again and again and is waited for by nobody. In a simulation no time passes for its sake
// alone: who waits for good is not hidden behind a clock that ticks on.
void timeout_set_housekeeping(timeout& to, void (*function)(void*), void* argument,
                              const char* name);

// Arms it for that time, or for so many seconds from now; if it is armed, for that time instead. 1: it was not.
int timeout_add_at(timeouts& ts, timeout& to, int64_t uptime);
int timeout_add_sec(timeouts& ts, timeout& to, int64_t seconds);

// Disarms it. 1: it was armed, and its function will not be called. 0: it was not, and its function may be running.
int timeout_del(timeouts& ts, timeout& to);

// The same, and sleeps until its function does not run any more; if that has armed it again, it is disarmed again.
// Not from a function that softclock calls, and with no lock held that the function takes.
int timeout_del_barrier(timeouts& ts, timeout& to);

// Whether it is armed.
[[nodiscard]] bool timeout_pending(timeouts& ts, const timeout& to);

// The clock has moved by other means than passing: softclock looks whether something is due. What hardclock(9) does at
// each tick.
void timeout_hardclock_update(timeouts& ts);

// Makes a timeout due at once if it is armed under that name; the first of them. 1: there was one.
int timeout_fire(timeouts& ts, const char* name);

// For tests: the clock shows this from now on, and what is due runs; sleeps until nothing due is left and no function
// runs.
void timeout_set_clock(timeouts& ts, int64_t uptime);
void timeout_flush(timeouts& ts);

}  // namespace model::kern
