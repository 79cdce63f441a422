// junit.h - results as JUnit XML, which every CI server shows.
// Source:  the elements that such servers agree on: testsuites, testsuite, testcase, failure, error, system-out.
// Shapes:  cases of one suite stand together; no times, so that the same results are the same bytes.
// Locks:   none; pure function.
// Errors:  none.
#pragma once

#include <string>
#include <vector>

namespace viz {

struct junit_case {
    std::string suite;
    std::string name;
    std::string failure;  // its type, as "use after free"; empty: it holds
    std::string message;  // a line
    std::string text;     // of a failure
    bool error = false;   // it could not be run: no failure of what is tested
    std::string output;
};

std::string junit(const std::vector<junit_case>& cases);

}  // namespace viz
