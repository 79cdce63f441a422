#include "test/memory/weakened_rows.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>

namespace sim::test {

std::string weakened_row::name() const {
    std::string text = source.substr(0, source.find('.')) + (macros.empty() ? "_" : "");
    for (const std::string& m : macros) {
        text += "_" + m;
    }
    std::replace(text.begin(), text.end(), '=', '_');
    return text;
}

std::vector<std::string> weakened_row::weaker_orders() const {
    std::vector<std::string> all;
    for (const std::string& m : macros) {
        if (m.find('=') != std::string::npos && std::isdigit(m.back()) == 0) {
            all.push_back(m);
        }
    }
    return all;
}

bool weakened_row::weakened() const {
    return !weaker_orders().empty() ||
           std::find(macros.begin(), macros.end(), "APART") != macros.end();
}

std::vector<weakened_row> weakened_rows() {
    std::ifstream file(HEDDLE_WEAK_PROGRAMS "/weakened.txt");
    std::vector<weakened_row> rows;
    for (std::string line; std::getline(file, line);) {
        const size_t end = line.find('#');
        std::istringstream words(line.substr(0, end));
        weakened_row r;
        if (words >> r.verdicts[0] >> r.verdicts[1] >> r.verdicts[2] >> r.source) {
            for (std::string m; words >> m;) {
                r.macros.push_back(m);
            }
            r.reason = end == std::string::npos ? "" : line.substr(end + 1);
            rows.push_back(r);
        }
    }
    return rows;
}

void PrintTo(const weakened_row& r, std::ostream* out) {
    *out << r.name();
}

}  // namespace sim::test
