// proc.h - what ends a sleep before its time: a signal to who sleeps, or the end of its patience.
// Source:  psignal(9), and tsleep(9) with PCATCH and a timeout, of the BSDs.
// Shapes:  a context without a proc sleeps for good, as packets and service contexts do. Limits are in seconds.
// Locks:   [P] p_mtx, at ipl_high; under it the mutex of the channel that is woken  [O] the context whose proc it is
// Errors:  why a sleep ended: EINTR a signal, EWOULDBLOCK the limit.
#pragma once

#include <cstdint>

#include "model/kern/mutex.h"
#include "model/kern/sleep.h"
#include "model/kern/timeout.h"

namespace model::kern {

struct proc {
    mutex p_mtx{ipl_high};               // softclock signals, too
    int p_signal = 0;                    // [P] its sleeps end with that
    sleep_channel* p_channel = nullptr;  // [P] where it sleeps, or is about to
};

// That of the calling context, or null.
[[nodiscard]] proc* curproc_or_null();

// From now on sleeps that look at it end with `why`; one that goes on now is woken. From any context.
void psignal(proc& p, int why);

// The calling context has that proc while this lives.
class proc_use {
  public:
    explicit proc_use(proc& p);
    ~proc_use();
    proc_use(const proc_use&) = delete;
    proc_use& operator=(const proc_use&) = delete;

  private:
    proc* before_;
};

// Around a sleep that a signal ends: made before sleep_setup, asked with the condition. `channel` null: nobody sleeps.
class sleep_catch {
  public:
    explicit sleep_catch(sleep_channel* channel);
    ~sleep_catch();
    sleep_catch(const sleep_catch&) = delete;
    sleep_catch& operator=(const sleep_catch&) = delete;

    // 0, or why not to sleep.
    [[nodiscard]] int pending() const;

  private:
    proc* p_;  // null: nothing is caught
};

// While this lives, sleeps of the calling context that look for signals end when the time has run out. 0: no limit.
// Leaving may sleep.
class sleep_limit {
  public:
    sleep_limit(timeouts& ts, int64_t seconds);
    ~sleep_limit();
    sleep_limit(const sleep_limit&) = delete;
    sleep_limit& operator=(const sleep_limit&) = delete;

  private:
    timeouts& ts_;
    const bool armed_;
    proc own_;  // of a context that has none
    proc* p_;
    proc* before_;
    timeout end_;
};

}  // namespace model::kern
