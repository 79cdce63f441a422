// model_patch.h - a patch of the model: a unified diff, read, checked and applied.
// Source:  design section 5: as small as the historical mistake, model code only, no fuzz.
// Shapes:  paths as git writes them, a/model/... and b/model/...; hunks may stand at other lines than
//          they say, but every line of their context must be there.
// Locks:   none; runs `patch` as a child process, which must not happen on a simulated CPU.
// Errors:  "FILE.patch:LINE: ...", and what `patch` says.
#pragma once

#include <string>
#include <vector>

#include "scenarios/runner/model_tree.h"

namespace scenario {

struct patched_file {
    std::string name;                // "model/net/if.cc"
    size_t line = 0;                 // of its header in the patch
    bool added = false;              // there was none before
    bool removed = false;            // there is none afterwards
    std::vector<size_t> hunk_lines;  // lines of the patch where its hunks begin
};

struct model_patch {
    std::string path;  // as the caller wrote it
    std::vector<patched_file> files;
    std::string diff;  // names and hunks, without what people and git write between them
};

[[nodiscard]] bool read_patch(const std::string& path, model_patch& patch, std::string& error);

// Changes `tree` and its copy in `folder`. After a failure neither is of any use.
[[nodiscard]] bool apply_patch(const model_patch& patch, const std::string& folder,
                               model_tree& tree, std::string& error);

}  // namespace scenario
