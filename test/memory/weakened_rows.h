// weakened_rows.h - the lines of test/programs/weak/weakened.txt.
// Shapes:  a line each, in their order.
// Locks:   none.
// Errors:  none; a file that is not there has no lines.
#pragma once

#include <array>
#include <iosfwd>
#include <string>
#include <vector>

namespace sim::test {

struct weakened_row {
    std::array<std::string, 3> verdicts;  // sc, tso, c11
    std::string source;
    std::vector<std::string> macros;
    std::string reason;

    // Of its subject.
    [[nodiscard]] std::string name() const;
    // Whether anything but the size and the kind of the program is another than published.
    [[nodiscard]] bool weakened() const;
    // The orders that are: "FLAG_STORE=relaxed".
    [[nodiscard]] std::vector<std::string> weaker_orders() const;
};

std::vector<weakened_row> weakened_rows();
void PrintTo(const weakened_row& r, std::ostream* out);

}  // namespace sim::test
