// verbs.h - what `heddle` can be told to do: one function a verb, and the table of them.
// Source:  design section 7.
// Shapes:  each takes what was typed and returns the exit status.
// Locks:   none.
// Errors:  0 as expected, 1 not, 2 wrong usage or text, 3 inconclusive, 4 internal error or a replay
//          that diverged, 130 interrupted.
#pragma once

#include <string>
#include <vector>

#include "scenarios/command/arguments.h"

namespace scenario {

struct verb {
    std::string name;
    std::string summary;
    int (*run)(const invocation&);
};
const std::vector<verb>& verbs();

int verb_explore(const invocation& line);
int verb_ladder(const invocation& line);
int verb_survey(const invocation& line);
int verb_run(const invocation& line);
int verb_replay(const invocation& line);
int verb_shrink(const invocation& line);
int verb_explain(const invocation& line);
int verb_fences(const invocation& line);
int verb_step(const invocation& line);
int verb_show(const invocation& line);
int verb_diff(const invocation& line);
int verb_check(const invocation& line);
int verb_list(const invocation& line);
int verb_new(const invocation& line);
int verb_cc(const invocation& line);
int verb_demo(const invocation& line);
int verb_router(const invocation& line);
int verb_ctl(const invocation& line);
int verb_version(const invocation& line);

}  // namespace scenario
