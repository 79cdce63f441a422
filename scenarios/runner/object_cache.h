// object_cache.h - objects that were compiled for a variant, found again for another.
// Source:  FOLDER/KEY.o, and FOLDER/KEY.reads: the sum of the object and of every file outside of the
//          model's tree that the compiler read for it, by its own dependency file.
// Shapes:  KEY names compiler, flags, source and all that the source reads of the tree, so that variants
//          whose patches are far apart share objects. At most objects_max, those used last.
// Locks:   whoever uses it holds the lock of the modules (model_cache.h). Files appear by rename.
// Errors:  none: what is missing or damaged, or has read what is now different, is compiled again.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "scenarios/runner/model_includes.h"
#include "scenarios/runner/model_tree.h"

namespace scenario {

// An object that a compiler has just made; its dependencies stand in the same name with .d.
struct fresh_object {
    std::string source;  // "model/net/if.cc"
    std::string tree;    // the folder in which it was compiled: holds model/
    std::string path;
};

class object_cache {
  public:
    static constexpr size_t objects_max = 1024;  // about half a gigabyte

    // `made_with` names compiler and flags. `tree` and `includes` are the variant's and outlive this.
    object_cache(std::string folder, std::string made_with, const model_tree& tree,
                 const include_graph& includes);

    // The path of the object that compiling this source would give; marks it as used.
    [[nodiscard]] bool find(const std::string& source, std::string& object);

    // Moves it here and names its new place, unless what it was made from is not known for sure.
    void keep(fresh_object& object);

    // Removes what was used longest ago.
    void remove_old() const;

  private:
    [[nodiscard]] std::string key_of(const std::string& source) const;
    [[nodiscard]] const std::string& sum_outside(const std::string& path);
    [[nodiscard]] bool describe(const fresh_object& object, std::string& reads);

    std::string folder_;
    std::string made_with_;
    const model_tree& tree_;
    const include_graph& includes_;
    std::map<std::string, std::string> sums_;  // of files outside; "" of one that cannot be read
};

}  // namespace scenario
