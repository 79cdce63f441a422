// graph_beginnings.h - beginnings of execution graphs that are still to be run, and how they share their steps.
// Source:  ours; what a backward revisit keeps is that of TruSt (graph_search.h).
// Shapes:  the steps of executions are a tree whose nodes know what came before them, and are counted: as many are kept as
//          beginnings need. A beginning is a node, what of the steps up to there stays, and one or two steps behind them.
//          Only when its turn comes it is made a list. Plain values: they can be copied, cut, and given to another process.
// Locks:   none.
// Errors:  read: false for bytes that are no beginnings.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/explore/bytes.h"
#include "sim/memory/graph.h"

namespace sim {

// An event by its context and its number there; index 0: what was there at the beginning.
struct event_name {
    uint8_t context = 0;
    uint32_t index = 0;
    bool operator==(const event_name&) const = default;
};

struct graph_step {
    uint8_t context = 0;
    bool pinned = false;  // was put before something: nothing takes it away again
    bool moved = false;   // was put behind what it reads: it is taken away only if that stays
    bool fresh = true;    // what it could be put before has not been looked at
    bool fixed = false;   // an access that reads this write, or comes behind it:
    event_name at;
    std::basic_string<uint8_t> alternatives;  // of data choices in it
    // Of an execution that has performed it:
    uint32_t event = initial_event;
    uint32_t index = 0;  // among its context's events; of a step that is none, that of the next
    uint32_t location = no_location;
    bool reads = false;
    bool writes = false;
};

class graph_beginnings {
  public:
    using steps = std::vector<graph_step>;
    static constexpr int32_t no_path = -1;
    // What stays of the steps up to a node: those before an event, and those that a clock knows; not `self`.
    struct cut {
        uint32_t first = initial_event;  // none: all stay
        uint32_t self = initial_event;
        std::vector<uint16_t> prefix;
        [[nodiscard]] bool keeps(const graph_step& s, bool before_first) const;
    };

    // Of nothing at all: the first execution.
    void leave_root() { left_.emplace_back(); }
    // Behind a node, or what a cut leaves of the steps to it. So many reversals have led there.
    void leave(int32_t path, cut what, steps behind, uint32_t reversals);
    // Takes the last away, as a list. Its first steps are those of `path`, nodes that the caller holds now.
    void take_last(steps& list, uint32_t& reversals, std::vector<int32_t>& path);
    [[nodiscard]] bool empty() const { return left_.empty(); }
    [[nodiscard]] size_t size() const { return left_.size(); }
    void clear();

    // Steps of an execution: who adds one holds it.
    int32_t add_node(int32_t parent, const graph_step& s);
    void release(int32_t node);

    // Steps that are shared, each counted once.
    [[nodiscard]] size_t kept_steps() const { return live_; }

    // Cuts the first of them off, at most so many.
    graph_beginnings take_first(size_t count);
    // Adds these behind what there is.
    void add(const graph_beginnings& more);

    void write(byte_writer& to) const;
    [[nodiscard]] bool read(byte_reader& from);

  private:
    struct node {
        graph_step step;
        int32_t parent = no_path;
        uint32_t users = 0;  // 0: free
    };
    struct beginning {
        int32_t path = no_path;
        cut what;
        steps behind;
        uint32_t reversals = 0;
    };
    int32_t copy_path(const graph_beginnings& of, int32_t path, std::vector<int32_t>& copies);
    void copy_in(const graph_beginnings& of, const beginning& b, std::vector<int32_t>& copies);
    [[nodiscard]] std::vector<int32_t> nodes_to(int32_t path) const;
    void list_kept(const std::vector<int32_t>& all, const cut& what, steps& list) const;

    std::vector<node> nodes_;
    std::vector<int32_t> free_;
    size_t live_ = 0;
    std::vector<beginning> left_;
};

}  // namespace sim
