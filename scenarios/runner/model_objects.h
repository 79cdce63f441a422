// model_objects.h - which objects of the fixed build serve a variant as they are.
// Source:  the #include lines of the tree, and the dependency files that the compiler wrote beside the
//          objects, which also name what is not the model's.
// Shapes:  an object serves if everything it was made from is, byte for byte, in the variant's tree,
//          and if neither a later build nor a later edit came between.
// Locks:   none; reads files.
// Errors:  none: what cannot be known is compiled again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/runner/model_includes.h"
#include "scenarios/runner/model_manifest.h"
#include "scenarios/runner/model_tree.h"

namespace scenario {

// What a dependency file in the syntax of make says behind the colon.
[[nodiscard]] std::vector<std::string> parse_depfile(std::string_view text);

// Whether compiling `source` from `tree` would give the object that the build has. `includes` are
// those of `tree`.
[[nodiscard]] bool object_serves(const model_manifest& manifest, const model_source& source,
                                 const model_tree& tree, const include_graph& includes);

}  // namespace scenario
