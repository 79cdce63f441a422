// axioms.h - what sequential consistency, TSO and RC11 allow, as their definitions say it.
// Source:  Lahav, Vafeiadis, Kang, Hur, Dreyer, Repairing sequential consistency in C/C++11, PLDI 2017, with the
//          release sequences of C++20; Alglave, Maranget, Tautschnig, Herding cats, TOPLAS 2014.
// Shapes:  an execution graph: events and relations between them. A read-modify-write is one event, or two as
//          the papers have it: then `rmw` leads from its read to its write, else from it to itself.
// Locks:   none.
// Errors:  none.
#pragma once

#include <stdexcept>
#include <utility>
#include <vector>

#include "test/memory/litmus.h"
#include "test/memory/relation.h"

namespace sim::test {

struct model_event {
    int thread = -1;    // -1: the initial write of its location
    int location = -1;  // -1: a fence
    bool reads = false;
    bool writes = false;
    bool drains = false;  // a store buffer
    litmus_order order = litmus_order::relaxed;
};

struct model_graph {
    explicit model_graph(std::vector<model_event> list)
        : events(std::move(list)),
          po(events.size()),
          rf(events.size()),
          co(events.size()),
          rmw(events.size()) {
        if (events.size() > relation::events_max) {
            throw std::length_error("litmus: too many events");
        }
    }

    std::vector<model_event> events;
    relation po;  // program order, transitive; initial writes before everything
    relation rf;  // reads from: from a write to each of its reads
    relation co;  // coherence: the order of writes to one location, transitive
    relation rmw;
};

[[nodiscard]] bool allowed_by_sc(const model_graph& g);
[[nodiscard]] bool allowed_by_tso(const model_graph& g);
[[nodiscard]] bool allowed_by_rc11(const model_graph& g);

}  // namespace sim::test
