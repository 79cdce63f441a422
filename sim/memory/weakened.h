// weakened.h - memory orders of the subject's text that are taken to be weaker or stronger than they stand there, and which
//          there are.
// Source:  ours; the question is that of the barriers which a kernel needs: without this one, what goes wrong?
// Shapes:  a site is a return address (machine/loops.h); together with what is done there it names the accesses of which an
//          order is kept no stronger than `order`, or made no weaker. Numbers are those of the language: relaxed 0 ... seq_cst 5.
//          Only executions that are graphs (words.h) look here.
// Locks:   none; set between executions.
// Errors:  text that names no place, access or order is refused.
#pragma once

#include <compare>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sim/machine/machine.h"

namespace sim {

// What has an order. A compare-and-swap has two.
enum class ordered : uint8_t { load, store, update, cas, failed_cas, fence };

struct site_order {
    uint64_t site = 0;
    ordered what = ordered::load;
    uint8_t order = 0;
    auto operator<=>(const site_order&) const = default;
};

inline constexpr std::string_view weakened_prefix = "weakened.";

const char* name_of(ordered what);
[[nodiscard]] bool parse_ordered(std::string_view name, ordered& what);
const char* name_of_order(uint8_t order);
[[nodiscard]] bool parse_order(std::string_view name, uint8_t& order);
// What both allow.
uint8_t weaker_of(uint8_t a, uint8_t b);
// The weakest that allows no more than either.
uint8_t stronger_of(uint8_t a, uint8_t b);

// No order there is stronger than that from now on; more than one place may be given.
void weaken(std::vector<site_order> places);
const std::vector<site_order>& weakened_places();
// Of those, where nobody has come since with a stronger order: as they are printed.
std::vector<std::string> weakened_in_vain();
// Orders stronger than relaxed that executions come to are noted from now on.
void note_orders();
const std::set<site_order>& noted_orders();

// What has been weakened included: no order there is weaker than that from now on, and a seq_cst fence stands before each of
// these accesses. No token says so.
struct strengthening {
    std::vector<site_order> orders;
    std::vector<uint64_t> fences_before;  // sites
};
void strengthen(strengthening places);

// Accesses and fences that are performed, relaxed ones included, with their orders as they are before they are made stronger.
struct noted_access {
    uint8_t context = 0;
    uint32_t step = 0;  // of a fence: the last before it
    site_order at;
};
// Noted from now on: each time or, since that grows with each execution, each place once.
enum class access_notes : uint8_t { none, each, places };
void note_accesses(access_notes how);
const std::vector<noted_access>& noted_accesses();
const std::set<site_order>& noted_access_places();

// "weakened.take~31~load~relaxed", as tokens say it; with a subject loaded.
std::string print_weakened(const site_order& s);
[[nodiscard]] bool parse_weakened(const std::string& text, site_order& s);

// There is something to look at.
extern bool orders_matter;
uint8_t look_at_order(const context& c, uint64_t pc, ordered what, uint8_t order);
// The order with which the current context does what its text says with this one.
inline uint8_t order_of(const context& c, uint64_t pc, ordered what, uint8_t order) {
    return __builtin_expect(orders_matter, 0) ? look_at_order(c, pc, what, order) : order;
}
// What was asked for before the access that the context comes to is performed.
void fence_before_access(context& c, uint64_t pc);
// Of the current context, wherever it is.
void perform_fence(context& c, uint8_t order);
// That of the operation that a context has published.
uint8_t order_of_operation(const context& c);

}  // namespace sim
