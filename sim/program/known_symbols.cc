#include "sim/program/known_symbols.h"

#include <algorithm>

namespace sim {
namespace {

struct known_lists {
    std::vector<std::string_view> names;     // sorted
    std::vector<std::string_view> prefixes;  // few
};

known_lists make_lists() {
    known_lists lists;
#define HEDDLE_KNOWN(name) lists.names.emplace_back(name);
#define HEDDLE_KNOWN_PREFIX(prefix) lists.prefixes.emplace_back(prefix);
#include "sim/program/known_symbols.def"
#undef HEDDLE_KNOWN
#undef HEDDLE_KNOWN_PREFIX
#define HEDDLE_WRAP(name)            \
    lists.names.emplace_back(#name); \
    lists.names.emplace_back("__wrap_" #name);
#include "sim/program/runtime/wrapped_here.def"
#include "sim/program/wrapped.def"
#undef HEDDLE_WRAP
    std::sort(lists.names.begin(), lists.names.end());
    return lists;
}

}  // namespace

bool is_known_symbol(std::string_view name) {
    static const known_lists lists = make_lists();
    if (std::binary_search(lists.names.begin(), lists.names.end(), name)) {
        return true;
    }
    return std::any_of(lists.prefixes.begin(), lists.prefixes.end(),
                       [&](std::string_view prefix) { return name.starts_with(prefix); });
}

std::vector<std::string> unseen_writers(const std::vector<std::string>& undefined) {
    std::vector<std::string> unseen;
    std::copy_if(undefined.begin(), undefined.end(), std::back_inserter(unseen),
                 [](const std::string& name) { return !is_known_symbol(name); });
    return unseen;
}

}  // namespace sim
