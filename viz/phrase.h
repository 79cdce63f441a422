// phrase.h - the words with which every view speaks of an event, a place, a finding.
// Shapes:  one line each, no control characters; what the trace says is never changed in meaning.
// Locks:   none; pure functions.
// Errors:  none; what a trace leaves out is left out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/trace/trace.h"

namespace viz {

// Parts of file names ("kern/"). A function from such a file is a primitive, like one of a library:
// the function that called it tells more.
using plumbing_files = std::vector<std::string>;

// "net::ip_output(mbuf*)" -> "ip_output", "kern::mutex::enter()" -> "mutex::enter".
std::string short_function(std::string_view function);

// "ip_output (ip_output.cc:412)".
std::string place(const sim::trace_frame& frame);

// "ip_output (ip_output.cc:412) < ip_forward (ip_input.cc:88) < ...", at most `frames_max` of them.
std::string stack_line(const std::vector<sim::trace_frame>& stack, size_t frames_max);

// Is it a function of a library beneath the subject, or of a file of primitives?
bool is_library(std::string_view function);
bool is_plumbing(const sim::trace_frame& frame, const plumbing_files& plumbing);

// The stack from the innermost frame on that is no plumbing; the whole stack if there is none.
std::vector<sim::trace_frame> telling_stack(const std::vector<sim::trace_frame>& stack,
                                            const plumbing_files& plumbing);

// What the event does: "read ifnet em1", "lock conf_lock", "waits for ifrm, held by net0". A change
// of a value is not part of it where change_of() tells it.
std::string action_of(const sim::trace_event& event);

// What it changed: "ifnet em1 refcnt: 2 -> 1", "ifnet em1 freed"; "" for nothing.
std::string change_of(const sim::trace_event& event);

// Is it a lock, a condition, a thread's life: not a plain or atomic access of memory?
bool is_synchronisation(std::string_view kind);
// Is it the end of its context?
bool is_end(std::string_view kind);
// Per context: does the trace tell its end?
std::vector<bool> contexts_that_end(const sim::trace& t);
// Does it leave its object as it was?
bool is_read(const sim::trace_event& event);

// "ifnet em1+24" -> "ifnet em1".
std::string_view object_of(std::string_view place_in_object);
// Is `part` the object or a part of it ("ifnet em1 refcnt" of "ifnet em1")?
bool is_part_of(std::string_view part, std::string_view object);

// "net0 on cpu0".
std::string who(const sim::trace& t, uint32_t context);

// "step 85 by adm on cpu1"; without the step where it is another context's, as at the end of an
// execution.
std::string step_and_who(const sim::trace& t, uint32_t step, uint32_t context);
// The same for evidence; "before the race" for memory of set-up.
std::string when_and_who(const sim::trace& t, const sim::trace_evidence& evidence);

// "at step 85 by adm on cpu1 (if_free, if.cc:210)"; set-up: "before the race (...)".
std::string evidence_line(const sim::trace& t, const sim::trace_evidence& evidence,
                          const plumbing_files& plumbing);

// What the evidence's text says beyond its label, its context and its place: "arp mutex, held by
// adm" of "net0 on cpu0 waits for arp mutex, held by adm in rtalloc (route.cc:201)".
std::string remainder_of(const sim::trace& t, const sim::trace_evidence& evidence);

// "USE AFTER FREE in ip_output (ip_output.cc:412)".
std::string finding_title(const sim::trace_finding& finding, const plumbing_files& plumbing);

// Without control characters; bytes that are not ASCII become '?' unless `utf8`.
std::string printable(std::string_view text, bool utf8);
// How many places on a terminal the text takes (one for each code point).
size_t text_width(std::string_view text);
// The text cut to `width` places, the cut shown by "..".
std::string shortened(std::string_view text, size_t width);
// The text in lines of at most `width` places, broken at blanks where there are any.
std::vector<std::string> wrapped(std::string_view text, size_t width);

}  // namespace viz
