// litmus.h - litmus programs: a few threads of a few atomic operations, as a table and as text.
// Source:  ours; the text is explained in README.md.
// Shapes:  at most threads_max threads of ops_max operations on words_max words, all 0 at first, and mutexes;
//          the table is laid out as test/programs/litmus_program.c reads it.
// Locks:   none.
// Errors:  parse_litmus says what it does not understand by an exception: the texts are our own.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace sim::test {

inline constexpr size_t litmus_threads_max = 4;
inline constexpr size_t litmus_ops_max = 8;
inline constexpr size_t litmus_words_max = 3;
inline constexpr size_t litmus_mutexes_max = 2;
// Words, then mutexes: each use of a mutex reads the one before it.
inline constexpr size_t litmus_locations_max = litmus_words_max + litmus_mutexes_max;

enum class litmus_kind : int {
    none,
    load,
    store,
    add,
    exchange,
    cas,
    fence,
    skip,
    lock,
    unlock,
    await
};

// The numbers of C's memory_order.
enum class litmus_order : int { relaxed = 0, acquire = 2, release = 3, acq_rel = 4, seq_cst = 5 };

struct litmus_op {
    litmus_kind kind = litmus_kind::none;
    int location = 0;
    litmus_order order = litmus_order::relaxed;
    litmus_order failure = litmus_order::relaxed;  // cas
    int value = 0;    // stored, added, awaited; cas: expected; skip: what `from` is compared with
    int desired = 0;  // cas: what is stored; skip: how many operations are left out if it is that
    int from = -1;    // store: adds what this operation of the thread read; skip: compares that
};

using litmus_thread = std::vector<litmus_op>;
using litmus_program = std::vector<litmus_thread>;

// "x.rlx=1 f.sc y.acq | y.rel=1 x.rlx": threads are separated by a bar.
[[nodiscard]] litmus_program parse_litmus(const std::string& text);
[[nodiscard]] std::string text_of(const litmus_op& op);
[[nodiscard]] std::string text_of(const litmus_program& program);

[[nodiscard]] char name_of_location(size_t location);
[[nodiscard]] bool is_lock(const litmus_op& op);    // or unlock
[[nodiscard]] bool is_update(const litmus_op& op);  // a read-modify-write, if it does not fail
[[nodiscard]] bool is_read(const litmus_op& op);
[[nodiscard]] bool acquires(litmus_order order);
[[nodiscard]] bool releases(litmus_order order);

// A line of litmus.txt.
struct litmus_case {
    std::string name;
    size_t sc = 0;  // graphs in each model
    size_t tso = 0;
    size_t rc11 = 0;
    litmus_program program;
};

[[nodiscard]] std::vector<litmus_case> read_litmus_cases(const std::string& path);

}  // namespace sim::test
