#include "sim/check/missing_order.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/machine/names.h"
#include "sim/machine/record.h"

namespace sim {

namespace {

constexpr const char* order_names[] = {"relaxed", "consume", "acquire",
                                       "release", "acq_rel", "seq_cst"};

bool reads(const operation& op) {
    return op.kind == op_kind::load || op.kind == op_kind::rmw || op.kind == op_kind::cas ||
           op.kind == op_kind::await;
}
bool writes(const operation& op) {
    return (op.kind == op_kind::store || op.kind == op_kind::rmw || op.kind == op_kind::cas) &&
           !op.only_read;
}
bool acquires(const operation& op) {
    return op.kind == op_kind::await || op.order == 1 || op.order == 2 || op.order >= 4;
}
bool releases(const operation& op) {
    return op.order >= 3;
}

std::string place(uint64_t pc) {
    const trace_frame f = frame_at(pc);
    return f.file.empty() ? f.function : fmt::format("{}:{}", f.file, f.line);
}

// "the store of flag at prog.c:12 is relaxed"
std::string weak(const char* what, const operation& op) {
    const unsigned order = std::min<unsigned>(op.order, 5);
    return fmt::format("the {} of {} at {} is {}", what, describe_address(op.object), place(op.pc),
                       order_names[order]);
}

// The update that the operation at `at` read, where others only passed on what it published.
const logged_operation* read_from_or_null(size_t at, const logged_access& first) {
    const std::vector<logged_operation>& all = logged_operations();
    for (size_t i = at; i-- > first.at;) {
        const operation& op = all[i].op;
        if (op.object != all[at].op.object || !writes(op)) {
            continue;
        }
        if (all[i].context == first.context) {
            return &all[i];
        }
        if (op.kind == op_kind::store) {
            return nullptr;
        }
    }
    return nullptr;
}

std::string names_of(const std::vector<held_lock>& locks) {
    std::string out;
    for (const held_lock& l : locks) {
        out += fmt::format("{}{}{}", out.empty() ? "" : " and ", describe_address(l.object),
                           l.shared ? " shared" : "");
    }
    return out.empty() ? "none" : out;
}

bool holds(const std::vector<held_lock>& locks, uint64_t object) {
    return std::any_of(locks.begin(), locks.end(),
                       [object](const held_lock& l) { return l.object == object; });
}

}  // namespace

std::string locks_of_both(const logged_access& first, const std::vector<held_lock>& second_holds,
                          unsigned second) {
    const std::vector<held_lock>& first_holds = locks_of(first);
    if (first_holds.empty() && second_holds.empty()) {
        return "no lock is held by either";
    }
    for (const held_lock& l : first_holds) {
        if (holds(second_holds, l.object)) {
            return fmt::format("{} is held by both, but shared", describe_address(l.object));
        }
    }
    return fmt::format("no lock is held by both: {} holds {}, {} holds {}",
                       name_of_context(first.context), names_of(first_holds),
                       name_of_context(second), names_of(second_holds));
}

std::string missing_order(const logged_access& first, unsigned second) {
    const std::vector<logged_operation>& all = logged_operations();
    for (size_t i = all.size(); i-- > first.at;) {
        const operation& load = all[i].op;
        if (all[i].context != second || !reads(load)) {
            continue;
        }
        const logged_operation* store = read_from_or_null(i, first);
        if (store == nullptr || (releases(store->op) && acquires(load))) {
            continue;
        }
        if (releases(store->op)) {
            return weak("load", load) + ": with acquire order it would order them";
        }
        return acquires(load)
                   ? weak("store", store->op) + ": with release order it would order them"
                   : weak("store", store->op) + " and " + weak("load", load) +
                         ": with release and acquire order they would order them";
    }
    return fmt::format(
        "nothing that {} does after its access reaches {} before the other: "
        "a lock that both take, a release and its acquire, or a join",
        name_of_context(first.context), name_of_context(second));
}

}  // namespace sim
