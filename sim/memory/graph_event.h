// graph_event.h - what an execution graph consists of.
// Source:  graph.h.
// Shapes:  events are numbered as they are performed; `initial_event` writes what was there at the beginning.
// Locks:   none; plain values.
// Errors:  none.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/dependence.h"
#include "sim/machine/context.h"

namespace sim {

inline constexpr uint32_t initial_event = ~0U;
inline constexpr uint32_t no_location = ~0U;

// How many events of each context are before something, by its program and by what is read.
struct prefix_clock {
    uint16_t at[contexts_max] = {};
};
void join(prefix_clock& to, const prefix_clock& from);

// An object that an event uses as a whole: its uses are in one order.
struct graph_link {
    uint64_t object = 0;
    uint32_t next = initial_event;
};
inline constexpr unsigned links_max = objects_max;

struct graph_event {
    op_kind kind = op_kind::none;
    uint8_t order = 0;
    uint8_t context = 0;
    bool reads = false;
    bool writes = false;
    bool drains =
        false;  // everything before it, of its context, is seen by all before what comes after it
    uint32_t index = 0;  // among its context's, from 1
    uint32_t location = no_location;
    uint32_t from = initial_event;         // of a read: who wrote what it took
    uint32_t next_reader = initial_event;  // of the same write
    uint32_t place = 0;                    // of a write: in the coherence order of its location
    uint32_t step = 0;                     // that performed it
    uint32_t epoch = 0;                    // of its context, to the race checker
    unsigned links = 0;
    graph_link link[links_max];
    prefix_clock ahead;   // before it, by its program alone
    prefix_clock before;  // and by what it reads; the event itself included
    vector_clock known;   // happens before it, itself included
    vector_clock met;     // the same before it read
};

// A write in the coherence order of its location.
struct graph_write {
    uint32_t event = initial_event;
    uint32_t first_reader = initial_event;
    uint64_t value = 0;
    vector_clock released;  // what who acquires it learns
};

struct graph_location {
    uint64_t address = 0;  // 0: the memory is something else by now
    uint32_t size = 0;
    uint32_t settled = initial_event;  // the last write before time passed: nobody misses that
    std::vector<graph_write> writes;   // [0] was there at the beginning
};

// A read or write that is about to come: it reads the write in place `place`, or comes behind that.
struct proposed_access {
    uint8_t context;
    uint8_t order;
    bool reads;
    bool writes;
    bool updates;  // one operation that reads, and writes unless it fails
    uint32_t location;
    uint32_t place;
};

}  // namespace sim
