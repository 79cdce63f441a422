// subprocess.h - runs one compiler and collects what it prints.
// Source:  posix_spawnp; no shell, so that no argument is ever quoted.
// Shapes:  the child's stdout and stderr arrive together, in order, as one text.
// Locks:   none; waits for the child.
// Errors:  a program that cannot be started is told apart from one that fails.
#pragma once

#include <string>
#include <vector>

namespace sim {

struct subprocess_result {
    int spawn_error = 0;  // errno when the program could not be started, then nothing else is set
    int status = 0;       // exit status; 128 + n when signal n ended it
    std::string output;
};

// Runs words[0] (found through PATH) with `words`, stdin closed, and waits for its end.
[[nodiscard]] subprocess_result run_subprocess(const std::vector<std::string>& words);

}  // namespace sim
