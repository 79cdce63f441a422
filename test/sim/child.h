// child.h - runs a simulation in a process of its own: a subject has fixed addresses, one a process.
// Source:  ours.
// Shapes:  what the child returns is text; a child that dies is reported with its signal.
// Locks:   none.
// Errors:  the text says "died: ..." when the child did not end by itself.
#pragma once

#include <functional>
#include <string>

namespace sim::test {

// Runs `body` in a forked child and returns what it returned.
std::string in_child(const std::function<std::string()>& body);

// Path of a subject made by the build: subject("trap_mac_copy_race.c", "g++").
std::string subject(const std::string& name, const std::string& compiler);

}  // namespace sim::test
