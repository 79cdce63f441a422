#include "scenarios/runner/schedule_block.h"

#include "scenarios/lang/print.h"
#include "sim/machine/names.h"

namespace scenario {

namespace {

point point_named(point_kind kind, uint64_t count = 0) {
    point p;
    p.kind = kind;
    p.count = count;
    return p;
}

}  // namespace

std::string schedule_block(const std::string& name, const std::vector<sim::trail_step>& trail) {
    schedule s;
    s.name.text = name;
    for (size_t i = 0; i < trail.size();) {
        const uint8_t id = trail[i].context;
        uint64_t steps = 0;
        while (i < trail.size() && trail[i].context == id) {
            // A place that a script made visible is no step to it.
            steps += trail[i].op.kind != sim::op_kind::point;
            ++i;
        }
        run_clause run;
        run.context.text = sim::name_of_context(id);
        if (i < trail.size() && trail[i].preempts) {
            if (steps == 0) {
                continue;
            }
            run.until.push_back(point_named(point_kind::steps, steps));
        } else {
            run.until.push_back(point_named(point_kind::blocked));
            run.until.push_back(point_named(point_kind::done));
        }
        s.runs.push_back(run);
    }
    return to_text(s);
}

}  // namespace scenario
