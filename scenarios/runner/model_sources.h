// model_sources.h - the texts of the model as a variant has them.
// Source:  the manifest of the running command names the folder; patches change the texts.
// Shapes:  files by name: "model/net/if.cc".
// Locks:   none; runs `patch` as a child process, which must not happen on a simulated CPU.
// Errors:  no manifest, no sources (an installed heddle has none), a patch that does not apply: a message.
#pragma once

#include <string>
#include <vector>

#include "scenarios/runner/model_tree.h"

namespace scenario {

[[nodiscard]] bool model_sources(const std::vector<std::string>& patches, model_tree& tree,
                                 std::string& error);

}  // namespace scenario
