// lessons.h - what checkers learn over all executions of an exploration, and what follows at its end.
// Source:  ours.
// Shapes:  a key and the least witness that was seen: the same whoever explored what, and in whatever order. A
//          process tells all that it knows each time, so that work that is lost or done again changes nothing.
// Locks:   none; host code.
// Errors:  none.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sim {

using lessons = std::map<std::string, std::string>;

void add_lesson(lessons& to, const std::string& key, const std::string& witness);
void merge_lessons(lessons& into, const lessons& more);

// Of all checkers that listen.
lessons learned_lessons();
// Before findings are described: what they all have learned.
void recall_lessons(const lessons& all);

// Fields of a key or witness.
std::string joined(const std::vector<std::string>& fields, char separator);
std::vector<std::string> split(const std::string& text, char separator);

// "1f2a.33b0": calls, innermost first, as a witness holds them; and as people read them.
std::string calls_as_text(const std::vector<uint64_t>& calls);
std::vector<uint64_t> calls_from_text(const std::string& text);
// " in rt_add (rt.c:12), called in main (rt.c:90)"
std::string place_of_calls(const std::string& text);
// "rt.c:12 rt_add"
std::string where_of_calls(const std::string& text);

}  // namespace sim
