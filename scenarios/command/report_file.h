// report_file.h - results of an exploration in the forms that other tools read: JUnit XML, SARIF.
// Source:  viz/junit.h, viz/sarif.h.
// Shapes:  the ending of the file says which: .xml, .sarif. For SARIF each finding's token is run again, to have its steps.
// Locks:   none.
// Errors:  a message.
#pragma once

#include <string>
#include <vector>

#include "scenarios/command/subject.h"
#include "scenarios/runner/race.h"
#include "scenarios/runner/report.h"

namespace scenario {

// One subject and what came of it.
struct explored {
    const subject* of = nullptr;
    const report* what = nullptr;
};

// "" or why such a file cannot be written.
[[nodiscard]] std::string misfit_of_report_file(const std::string& path);

[[nodiscard]] bool write_report_file(const std::string& path, const std::vector<explored>& all,
                                     const explore_request& request,
                                     const std::vector<std::string>& subject_arguments,
                                     std::string& error);

}  // namespace scenario
