// names.h - what the subject told of itself that is not memory: names, exit handlers, invariants.
// Source:  sim/annotate.h; __cxa_atexit.
// Shapes:  lists that only grow within an execution, so that a snapshot is their lengths.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sim {

struct given_name {
    uint64_t address;
    std::string text;
};

struct exit_handler {
    void (*function)(void*);
    void* argument;
};

struct named_invariant {
    std::string name;
    int (*holds)(void*);
    void* argument;
    uint64_t lock = 0;  // at whose releases it holds; 0: at the end
};

struct names_state {
    size_t names = 0;
    size_t handlers = 0;
    size_t invariants = 0;
    size_t of_locks = 0;
    uint32_t keys = 0;
};

struct names_table {
    std::vector<given_name> names;
    std::vector<exit_handler> handlers;
    std::vector<named_invariant> invariants;
    size_t of_locks = 0;  // invariants
    uint32_t keys = 0;
    bool kept = false;  // names that are given in an execution are, though nobody records it
};
extern names_table subject_names;

names_state names_save();
void names_restore(const names_state& state);

// Stable text for an address: a given name with offset, a variable, "heap net0#3+8".
std::string describe_address(uint64_t address);
// "net0", "main", "t1.2": given, or by path of creation.
std::string name_of_context(unsigned id);

}  // namespace sim
