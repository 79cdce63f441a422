// model_build.h - makes the module of a variant: the model's sources with patches applied.
// Source:  design section 5: broken versions exist only as patches beside their scenario.
// Shapes:  a module is named by what it is made of (sources, patches, flags), so that it is made once;
//          only files that a patch changes, or that include such a file, are compiled again, and
//          those once for all variants in which they read the same (object_cache.h).
// Locks:   two processes may want the same module at once: one makes it, the other waits for it.
// Errors:  a patch that does not apply without fuzz, touches other files than the model's, or does not
//          compile: the tool's own words with the patch's name in front; exit status 2.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace scenario {

// Told what is being made, for people: "late_wait: compiling model/net/if.cc". Two threads compile:
// it may be called on another thread than the caller's, by one at a time.
using build_observer = std::function<void(const std::string&)>;

// Path of the module with these patch files applied in order; without any, the fixed model. Starts
// compilers: must not be called on a simulated CPU.
[[nodiscard]] bool model_module(const std::string& name, const std::vector<std::string>& patches,
                                std::string& module, std::string& error,
                                const build_observer& observer = nullptr);

// The same for the model that this manifest describes (model_manifest.h).
[[nodiscard]] bool model_module_from(const std::string& manifest, const std::string& name,
                                     const std::vector<std::string>& patches, std::string& module,
                                     std::string& error, const build_observer& observer = nullptr);

}  // namespace scenario
