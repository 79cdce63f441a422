// model_objects.h - which objects of the fixed build serve a variant as they are.
// Source:  the #include lines of the tree, and the dependency files that the compiler wrote beside the
//          objects, which also name what is not the model's.
// Shapes:  an object serves if everything it was made from is, byte for byte, in the variant's tree,
//          and if neither a later build nor a later edit came between.
// Locks:   none; reads files.
// Errors:  none: what cannot be known is compiled again.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/runner/model_includes.h"
#include "scenarios/runner/model_manifest.h"
#include "scenarios/runner/model_tree.h"

namespace scenario {

// What a dependency file in the syntax of make says behind the colon.
[[nodiscard]] std::vector<std::string> parse_depfile(std::string_view text);

// What the words of dependency files stand for. Most objects were made from the same headers: each is
// looked up once.
class read_files {
  public:
    struct file {
        std::string name;  // "model/net/if.h"; "" of what is not the model's
        std::optional<std::filesystem::file_time_type> edited;  // of what is not; none: it is gone
    };

    // `root` holds model/.
    explicit read_files(std::string root) : root_(std::move(root)) {}
    const file& of(const std::string& dependency);

  private:
    std::string root_;
    std::map<std::string, file> known_;
};

// Whether compiling `source` from `tree` would give the object that the build has. `includes` are
// those of `tree`, `files` those of the manifest's root.
[[nodiscard]] bool object_serves(const model_manifest& manifest, const model_source& source,
                                 const model_tree& tree, const include_graph& includes,
                                 read_files& files);

}  // namespace scenario
