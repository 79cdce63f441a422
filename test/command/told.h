// told.h - what a report says of a finding, in full.
// Shapes:  without the table, which holds times, and without sizes and assumptions.
// Locks:   none.
// Errors:  a report without a finding comes whole.
#pragma once

#include <string>
#include <vector>

#include "test/command/heddle_call.h"

namespace scenario::test {

// Of a subject of this name: without what differs from one folder or compiler to the next, and the time.
std::string report_of(const std::string& name, const heddle_result& r);
// Something is found in it; the report is its golden file, by one process and by two.
void expect_told_by_one_and_two(const std::string& name);
// Below the table: notes, findings.
std::string told(const std::vector<std::string>& words);
// The same without the first line, which replays the finding.
std::string finding_told(const std::vector<std::string>& words);
// Nothing is found, and everything was explored.
bool is_proved(std::vector<std::string> words);

}  // namespace scenario::test
