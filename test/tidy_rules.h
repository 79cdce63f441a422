// tidy_rules.h - the house rules that a program can check, one function a rule.
// Shapes:  a rule takes a file and returns one complaint for each place that breaks it, in order.
// Locks:   none; pure functions.
// Errors:  none; a complaint is data.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "test/tidy_source.h"

namespace tidy {

struct complaint {
    std::string path;
    size_t line = 0;
    std::string what;
};

using complaints = std::vector<complaint>;

inline constexpr size_t file_lines_max = 500;
inline constexpr size_t test_file_lines_max = 800;
inline constexpr size_t function_lines_max = 70;

[[nodiscard]] complaints check_file_length(const source& file);

// Counts from the line that opens the body to the line that closes it.
[[nodiscard]] complaints check_function_length(const source& file);

// Which folder may include from which.
[[nodiscard]] complaints check_folder_arrows(const source& file);

// The links between states, pcbs and packets are model/pf's; the rest of the model calls its functions.
[[nodiscard]] complaints check_pf_links(const source& file);

// Names whose use makes an output depend on something else than its input. A use with a good reason
// stands in the table of exceptions in tidy_rules.cc.
[[nodiscard]] complaints check_banned_names(const source& file);

// Marks of work put off.
[[nodiscard]] complaints check_unfinished_marks(const source& file);

// Macros are HEDDLE_*, feature-test macros of libc, or excepted in the same table.
[[nodiscard]] complaints check_macros(const source& file);

// A header begins with `// name.h - `.
[[nodiscard]] complaints check_header_opening(const source& file);

// No path that exists only on somebody's machine.
[[nodiscard]] complaints check_machine_paths(const source& file);

// `readme` is the text of README.md in the file's folder, empty when there is none. A file is named
// by its full name, or as one of a pair: "route.h, .cc", "route.h/.cc", "route.{h,cc}".
[[nodiscard]] complaints check_readme_line(const source& file, const std::string& readme);

// What the tables of a README name in their first column, files and folders with a '/' behind them, is
// there. `exists` is asked with paths from the top of the checkout.
[[nodiscard]] complaints check_readme_tables(const source& readme,
                                             const std::function<bool(const std::string&)>& exists);

}  // namespace tidy
