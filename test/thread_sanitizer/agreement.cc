#include "test/thread_sanitizer/agreement.h"

#include <algorithm>
#include <iterator>

namespace agree {

namespace {

using enum difference_kind;

// Names: of a trap its file, of the others the first column of races.txt or the program's name in counts.txt.
constexpr difference known_differences[] = {
    {"list_hook_race.cc", only_heddle,
     "the node functions of std::list are in libstdc++.so, which was not compiled for it; heddle "
     "has "
     "its own"},
    {"fences.c", only_sanitizer, "gcc's runtime knows no fences (-Wtsan)"},
    {"thread_exit.cc", only_sanitizer,
     "what runs at the end of a thread is in libstdc++.so, which was not compiled for it"},
    {"cpu_data", only_sanitizer, "the CPU that both share orders them, and natively there is none"},
    {"cpu_data_left", only_sanitizer, "as cpu_data"},
    {"cpu_data_in_turn", only_sanitizer, "as cpu_data"},
    {"cpu_data_later", only_sanitizer, "as cpu_data"},
    {"late_races", seldom, "each race needs one of few interleavings"},
    {"freed_beside", seldom, "who frees starts last and must have the mutex first"},
    {"last_reference", seldom, "the last reference must go between a look and a count beside it"},
    {"c11_threads.c", not_run, "the runtime does not know thrd_create, and dies"},
    {"call_once.cc", not_run, "the runtime's pthread_once hangs after an exception"},
    {"static_local_throw.cc", not_run, "the runtime's guards may hang after an exception"},
};

const char* said(const native_report& native) {
    return native.race ? "data race" : native.freed ? "use of freed memory" : "nothing";
}

}  // namespace

std::span<const difference> differences() {
    return known_differences;
}

const difference* difference_or_null(std::string_view program) {
    const auto* end = std::end(known_differences);
    const auto* found = std::find_if(std::begin(known_differences), end,
                                     [&](const difference& d) { return d.program == program; });
    return found == end ? nullptr : found;
}

std::string complaint(verdict heddle, const native_report& native, const difference* known) {
    const bool agreed = heddle == verdict::freed ? native.race || native.freed
                                                 : native.race == (heddle == verdict::race);
    const bool natively = native.race || native.freed;
    if (known == nullptr) {
        if (agreed) {
            return "";
        }
        return std::string(heddle == verdict::none ? "heddle says no data race"
                                                   : "heddle says race") +
               ", the thread sanitizer says " + said(native) + " in " +
               std::to_string(native.runs) + " runs";
    }
    switch (known->kind) {
        case only_heddle:
            return heddle != verdict::none && !natively ? "" : "they do not differ any more";
        case only_sanitizer:
            return heddle == verdict::none && natively ? "" : "they do not differ any more";
        case seldom:
            return heddle != verdict::none ? "" : "seldom is of races";
        case not_run:
            return "";
    }
    return "";
}

}  // namespace agree
