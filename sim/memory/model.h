// model.h - which memory model executions follow.
// Source:  exploration.md D3. sc: Lamport 1979. tso: Owens, Sarkar, Sewell 2009, axiomatically as by Alglave, Maranget,
//          Tautschnig 2014. c11: RC11 of Lahav, Vafeiadis, Kang, Hur, Dreyer 2017, which forbids load buffering, with
//          the release sequences of C++20.
// Shapes:  `interleaving` is the machine without an execution graph: each read takes the value written last.
// Locks:   none; set between executions.
// Errors:  none.
#pragma once

#include <cstdint>
#include <string>

namespace sim {

enum class memory_model : uint8_t { interleaving, sc, tso, c11 };

// The chosen model; set once before an exploration.
extern memory_model chosen_memory;

// How an await looks at writes. An execution is repeated as it was found.
enum class await_looks : uint8_t {
    once,     // at any write that it may read, holding or not: a search of all graphs
    waiting,  // at one that holds, when the last one does: whoever draws
};
extern await_looks chosen_awaits;

// As it is typed.
const char* name_of(memory_model model);
// `interleaving` for any other name.
memory_model memory_model_named(const std::string& name);

}  // namespace sim
