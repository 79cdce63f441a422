#include "sim/memory/weakened.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sim/machine/loops.h"
#include "sim/machine/visible.h"
#include "sim/memory/words.h"

namespace sim {

bool orders_matter = false;

namespace {

constexpr std::array<const char*, 6> order_names = {"relaxed", "consume", "acquire",
                                                    "release", "acq_rel", "seq_cst"};
constexpr std::array<const char*, 6> access_names = {"load", "store",      "update",
                                                     "cas",  "failed_cas", "fence"};
constexpr uint8_t relaxed = 0;
constexpr uint8_t acquire = 2;
constexpr uint8_t release = 3;
constexpr uint8_t acq_rel = 4;
constexpr uint8_t seq_cst = 5;

std::vector<site_order> weakened;
std::set<site_order> met;  // of these
std::set<site_order> noted;
bool noting = false;
strengthening stronger;
access_notes accesses_noted = access_notes::none;
std::vector<noted_access> accesses;
std::set<site_order> access_places;

void look_whether_orders_matter() {
    orders_matter = noting || !weakened.empty() || accesses_noted != access_notes::none ||
                    !stronger.orders.empty() || !stronger.fences_before.empty();
}

void note_access(const context& c, const site_order& at) {
    if (accesses_noted == access_notes::each) {
        accesses.push_back({c.id, g.steps, at});
    } else if (accesses_noted == access_notes::places) {
        access_places.insert(at);
    }
}

bool acquires(uint8_t order) {
    return order == 1 || order == acquire || order >= acq_rel;
}

bool releases(uint8_t order) {
    return order >= release;
}

template <size_t N>
bool find_name(const std::array<const char*, N>& names, std::string_view name, uint8_t& at) {
    for (at = 0; at < N; ++at) {
        if (name == names[at]) {
            return true;
        }
    }
    return false;
}

}  // namespace

const char* name_of(ordered what) {
    return access_names[static_cast<size_t>(what)];
}

bool parse_ordered(std::string_view name, ordered& what) {
    uint8_t n = 0;
    const bool known = find_name(access_names, name, n);
    what = known ? static_cast<ordered>(n) : what;
    return known;
}

const char* name_of_order(uint8_t order) {
    return order_names[std::min<size_t>(order, seq_cst)];
}

bool parse_order(std::string_view name, uint8_t& order) {
    return find_name(order_names, name, order);
}

uint8_t weaker_of(uint8_t a, uint8_t b) {
    if (a == b || (a >= seq_cst && b >= seq_cst)) {
        return a;
    }
    const bool acquiring = acquires(a) && acquires(b);
    const bool releasing = releases(a) && releases(b);
    if (acquiring && !releasing && (a == 1 || b == 1)) {
        return 1;
    }
    return acquiring && releasing ? acq_rel : acquiring ? acquire : releasing ? release : relaxed;
}

uint8_t stronger_of(uint8_t a, uint8_t b) {
    if (a >= seq_cst || b >= seq_cst) {
        return seq_cst;
    }
    const bool releasing = releases(a) || releases(b);
    const bool acquiring = acquires(a) || acquires(b);
    if (acquiring && releasing) {
        return acq_rel;
    }
    return std::max(a, b);
}

void weaken(std::vector<site_order> places) {
    weakened = std::move(places);
    met.clear();
    look_whether_orders_matter();
}

void strengthen(strengthening places) {
    stronger = std::move(places);
    look_whether_orders_matter();
}

void note_accesses(access_notes how) {
    accesses_noted = how;
    accesses.clear();
    access_places.clear();
    look_whether_orders_matter();
}

const std::vector<noted_access>& noted_accesses() {
    return accesses;
}

const std::set<site_order>& noted_access_places() {
    return access_places;
}

const std::vector<site_order>& weakened_places() {
    return weakened;
}

std::vector<std::string> weakened_in_vain() {
    std::vector<std::string> all;
    for (const site_order& s : weakened) {
        if (!met.contains(s)) {
            all.push_back(print_weakened(s));
        }
    }
    return all;
}

void note_orders() {
    noted.clear();
    noting = true;
    look_whether_orders_matter();
}

const std::set<site_order>& noted_orders() {
    return noted;
}

std::string print_weakened(const site_order& s) {
    const std::string place = print_location({location::loop_slot, 0, s.site - region_base});
    return fmt::format("{}{}~{}~{}", weakened_prefix, place.substr(place.find('.') + 1),
                       name_of(s.what), name_of_order(s.order));
}

bool parse_weakened(const std::string& text, site_order& s) {
    const size_t order_at = text.rfind('~');
    const size_t what_at = order_at == 0 || order_at == std::string::npos
                               ? std::string::npos
                               : text.rfind('~', order_at - 1);
    if (text.rfind(weakened_prefix, 0) != 0 || what_at == std::string::npos) {
        return false;
    }
    const std::string_view whole = text;
    const std::string place =
        "loop." + text.substr(weakened_prefix.size(), what_at - weakened_prefix.size());
    location l;
    if (!parse_location(place, l) || !parse_order(whole.substr(order_at + 1), s.order) ||
        !parse_ordered(whole.substr(what_at + 1, order_at - what_at - 1), s.what)) {
        return false;
    }
    s.site = region_base + l.offset;
    return true;
}

uint8_t look_at_order(const context& c, uint64_t pc, ordered what, uint8_t order) {
    if (order == relaxed && accesses_noted == access_notes::none && stronger.orders.empty()) {
        return order;
    }
    host_scope host;
    const uint64_t site = site_of(c, pc);
    if (noting && order != relaxed) {
        noted.insert({site, what, order});
    }
    for (const site_order& w : weakened) {
        if (w.site == site && w.what == what) {
            const uint8_t weaker = weaker_of(order, w.order);
            if (weaker != order) {
                met.insert(w);
            }
            order = weaker;
        }
    }
    note_access(c, {site, what, order});
    for (const site_order& s : stronger.orders) {
        order = s.site == site && s.what == what ? stronger_of(order, s.order) : order;
    }
    return order;
}

void fence_before_access(context& c, uint64_t pc) {
    if (stronger.fences_before.empty() || !by_graph()) {
        return;
    }
    bool wanted = false;
    {
        host_scope host;
        const std::vector<uint64_t>& at = stronger.fences_before;
        wanted = std::find(at.begin(), at.end(), site_of(c, pc)) != at.end();
    }
    if (wanted) {
        perform_fence(c, seq_cst);
    }
}

uint8_t order_of_operation(const context& c) {
    const uint8_t order = c.op.order;
    if (!by_graph() || order > seq_cst) {
        return order;
    }
    switch (c.op.kind) {
        case op_kind::load:
            return order_of(c, c.op.pc, ordered::load, order);
        case op_kind::store:
            return order_of(c, c.op.pc, ordered::store, order);
        case op_kind::rmw:
            return order_of(c, c.op.pc, ordered::update, order);
        case op_kind::cas:
            return order_of(c, c.op.pc, ordered::cas, order);
        default:
            return order;
    }
}

}  // namespace sim
