#include "scenarios/router/listening.h"

#include <algorithm>
#include <iterator>
#include <sstream>
#include <vector>

namespace scenario {

std::optional<listening> listening_for(const std::string& line, unsigned number) {
    std::istringstream text(line);
    const std::vector<std::string> words{std::istream_iterator<std::string>(text), {}};
    size_t at = 0;
    std::string router;
    if (words.size() > 2 && words[0] == "on") {
        router = "on " + words[1] + " ";
        at = 2;
    }
    if (at == words.size() || words[at] != "route") {
        return std::nullopt;
    }
    do {
        ++at;
    } while (at < words.size() && words[at].starts_with('-'));
    const auto has = [&words](const char* word) {
        return std::find(words.begin(), words.end(), word) != words.end();
    };
    if (at >= words.size() || words[at] != "monitor" || has("as") || has("messages")) {
        return std::nullopt;
    }
    const std::string name = "_" + std::to_string(number);
    return listening{line + " as " + name, router + "route read " + name + " all",
                     router + "route close " + name};
}

}  // namespace scenario
