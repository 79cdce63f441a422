// model_compile.h - compiles and links what a variant needs, in a folder of its own.
// Source:  `heddle cc` (sim/program/cc.h), with the flags that the build used, without its warnings.
// Shapes:  debug information names files as in the source tree, wherever the copy lies: the same text
//          gives the same object in any folder. What it was made from is in the same name with .d.
// Locks:   two threads compile; the observer is called by one of them at a time.
// Errors:  what the compiler says, paths as in the source tree; of several the first in link order.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "scenarios/runner/model_manifest.h"

namespace scenario {

class model_compiler {
  public:
    // `tree` holds the sources, `objects` takes what is made of them. Both are absolute.
    model_compiler(const model_manifest& manifest, std::string tree, std::string objects);

    // Compiles these files of the tree. `failed` is set to the one that does not compile.
    [[nodiscard]] bool compile(const std::vector<std::string>& names,
                               const std::function<void(const std::string&)>& starting,
                               std::string& failed, std::string& error) const;
    [[nodiscard]] std::string object_of(const std::string& name) const;
    // The module appears at once and complete, or not at all.
    [[nodiscard]] bool link(const std::vector<std::string>& objects, const std::string& module,
                            std::string& error) const;

    // The build's flags that change what is made.
    [[nodiscard]] static std::vector<std::string> flags_that_matter(const model_manifest& manifest);

  private:
    [[nodiscard]] std::vector<std::string> compile_words(const std::string& name) const;
    [[nodiscard]] std::string as_in_source_tree(std::string text) const;

    const model_manifest& manifest_;
    std::string tree_;
    std::string objects_;
};

}  // namespace scenario
