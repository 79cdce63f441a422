// points.h - places in the run of a context at which it can be made to stop.
// Source:  design section 6, Points.
// Shapes:  a point stands before the operation that it names: `lock X` before X is taken. Entries,
//          exits, windows and statements are no operations; while a set of points is armed, a context
//          that comes upon one of them performs an operation `point` there, and may stop before it.
//          An execution has these operations whoever chooses its steps: replays arm the same set.
// Locks:   none; host code, and hooks in the name of the context that runs.
// Errors:  names that the subject does not know never come up; the reader of the script refuses them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/machine/machine.h"

namespace sim {

enum class point_kind : uint8_t {
    done,     // the context has ended, or the statement `name` has
    end,      // the context is about to end
    start,    // the statement `name` is about to begin
    blocked,  // the context cannot go on [because of `name`]
    enter,    // a function
    leave,
    touches,  // an operation on `object` inside the function
    lock,
    unlock,
    window,
    steps  // so many operations
};

struct script_point {
    point_kind kind = point_kind::done;
    std::string name;    // function, lock, window, statement, or what is waited for ("" any)
    std::string object;  // touches; enter, leave: an argument points into it ("" any)
    uint32_t count = 1;  // nth, or the number of steps
};

// A point of one context.
struct armed_point {
    std::string context;
    script_point point;
    uint32_t joint = 0;  // not 0: places with this number do not commute
};

class point_set {
  public:
    explicit point_set(std::vector<armed_point> points);
    ~point_set() { disarm(); }
    point_set(const point_set&) = delete;
    point_set& operator=(const point_set&) = delete;

    // To be called before each execution that shall have these points; the subject is loaded.
    void arm();
    void disarm();

    [[nodiscard]] const armed_point& at(size_t point) const { return points_[point].armed; }
    // Whether its context stands before what the point names. States (`blocked`, `done` of a context)
    // and `steps` are no places: false.
    [[nodiscard]] bool stands_at(size_t point) const;

  private:
    struct known {
        armed_point armed;
        std::vector<std::pair<uint64_t, uint64_t>> code;  // of the functions of that name
        bool standing = false;
    };
    // A function that was entered, and which points its arguments are about.
    struct call {
        uint32_t depth = 0;
        std::vector<size_t> about;
    };
    friend struct point_hooks;

    void on_function(uint64_t function_pc, bool enter);
    void note_call(uint64_t function_pc);
    // The running context has come upon a place: it stops there if a point names it.
    void came_upon(point_kind kind, std::string_view name, uint64_t function_pc);
    [[nodiscard]] bool is_about(size_t point) const;

    std::vector<known> points_;
    std::vector<std::vector<call>> calls_;  // by context: of functions with narrowed points
    bool functions_ = false;                // some point names a function to be watched
    bool narrowed_ = false;
};

// A statement of the context that runs is about to begin or has ended, or the context is about to.
void statement_point(point_kind kind, std::string_view name);

// The context with that name, contexts_max if there is none yet.
unsigned context_named(const std::string& name);
// Whether the context cannot go on, for the reason that the point names.
bool is_blocked(const script_point& p, unsigned context);
// "enter if_output", as a script writes it.
std::string to_text(const script_point& p);
// Where a context is, for people: "stood before unlock conf_lock in if_remove (if.cc:148)".
std::string whereabouts(unsigned context);

}  // namespace sim
