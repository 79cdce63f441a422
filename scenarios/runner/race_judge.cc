#include "scenarios/runner/race_judge.h"

#include "sim/machine/visible.h"

namespace scenario {

sim::strategy& race_judge::around(sim::strategy& s) {
    clauses_.want_best();
    return looked_through(around_ ? around_(s) : s);
}

sim::strategy& race_judge::around_other(sim::strategy& s) {
    return looked_through(s);
}

sim::strategy& race_judge::looked_through(sim::strategy& s) {
    stage_.forget();
    explores_ = &s;
    midway_.emplace(clauses_, look_, stage_, s);
    return midway_->needed() ? static_cast<sim::strategy&>(*midway_) : s;
}

bool race_judge::see(sim::execution_end end) {
    // What followed from a race whose accesses are no steps yet comes again when they are.
    if (end != sim::execution_end::pruned && !sim::visible_pending()) {
        look_.take(machine_, end);
        clauses_.judge(look_, end, *explores_);
        others_.judge(look_, end, *explores_);
    }
    stage_.forget();
    return !satisfied();
}

bool race_judge::satisfied() const {
    return clauses_.only_exists() && clauses_.satisfied_early() && !clauses_.empty();
}

std::string race_judge::news() {
    const bool others_changed = others_.take_change();
    return clauses_.take_change() || others_changed ? all() : "";
}

std::string race_judge::all() const {
    sim::byte_writer to;
    clauses_.write(to);
    others_.write(to);
    return to.take();
}

bool race_judge::take_in(const std::string& seen) {
    sim::byte_reader from(seen);
    return clauses_.take_in(from) && others_.take_in(from) && from.whole();
}

}  // namespace scenario
