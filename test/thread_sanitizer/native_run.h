// native_run.h - runs a program that was compiled for the thread sanitizer, on real threads, and says what was reported.
// Source:  ours.
// Shapes:  a program is run at most `runs_max` times and no more once it was reported; odd runs have one processor of
//          the host alone, so that threads take turns in other ways.
// Locks:   none; forks, so the caller has one thread.
// Errors:  a program that cannot be started ends with status 127.
#pragma once

#include <string>
#include <vector>

namespace agree {

struct native_report {
    bool race = false;   // "data race"
    bool freed = false;  // "heap-use-after-free"
    unsigned runs = 0;
    int status = 0;    // of the last run, as a shell says it: 128 and more for a signal
    std::string text;  // what the last run said
};

native_report run_natively(const std::string& program, const std::vector<std::string>& arguments,
                           unsigned runs_max);

}  // namespace agree
