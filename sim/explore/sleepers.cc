#include "sim/explore/sleepers.h"

#include <algorithm>
#include <utility>

namespace sim {

sleeper make_sleeper(const operation& op, uint8_t context, const planned_picks* picks) {
    sleeper s;
    s.op = op;
    s.op.commutes = false;  // how it would be elsewhere is not known
    s.context = context;
    s.whole = picks == nullptr;
    if (picks != nullptr) {
        s.count = picks->count;
        s.alternatives = picks->mask();
    }
    return s;
}

bool all_firm(std::span<const sleeper> asleep) {
    return std::all_of(asleep.begin(), asleep.end(), [](const sleeper& s) { return s.firm; });
}

bool covers(const sleeper& s, const wakeup_sequence& v) {
    if ((v.members() >> s.context & 1) == 0) {
        return s.whole && s.firm && v.independent(s.op);
    }
    if ((v.initials() >> s.context & 1) == 0 || s.whole) {
        return (v.initials() >> s.context & 1) != 0;
    }
    const auto picks = v.picks(v.first_of(s.context));
    return picks != nullptr && (s.alternatives & picks->mask()) != 0;
}

bool add_explored(std::vector<alternatives>& explored, const sleeper& s, const wakeup_sequence& v) {
    return !s.whole && s.firm && (v.members() >> s.context & 1) == 0 && v.independent(s.op) &&
           alternatives::add(explored, {s.context, s.count, s.alternatives});
}

bool add_beginning(std::vector<alternatives>& all, const sleeper& s, const wakeup_sequence& v) {
    return !s.whole && (v.initials() >> s.context & 1) != 0 &&
           v.picks(v.first_of(s.context)) == nullptr &&
           alternatives::add(all, {s.context, s.count, s.alternatives});
}

bool insert_branch(std::span<const sleeper> asleep, wakeup_forest& forest, int32_t& branches,
                   wakeup_sequence& v, bool firm, std::vector<int32_t>* touched) {
    std::vector<alternatives> explored;
    std::vector<alternatives> begins;
    for (const sleeper& s : asleep) {
        if (covers(s, v) || add_explored(explored, s, v) || add_beginning(begins, s, v)) {
            return false;
        }
    }
    if (!firm) {
        v.end_with_alternatives();
    }
    return forest.insert(branches, v, std::move(explored), touched);
}

}  // namespace sim
