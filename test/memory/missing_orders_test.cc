// Of a program that is right as published, and wrong with one order weaker, that order is the missing one.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <sstream>

#include "sim/explore/explorer.h"
#include "sim/explore/graph_search.h"
#include "sim/explore/missing_orders.h"
#include "test/memory/weakened_rows.h"
#include "test/sim/child.h"

namespace sim::test {

namespace {

// Wrong under c11, and one order is all that is weaker.
std::vector<weakened_row> wrong_by_one_order() {
    std::vector<weakened_row> rows = weakened_rows();
    std::erase_if(rows, [](const weakened_row& r) {
        return r.verdicts[2] == "ok" || r.weaker_orders().size() != 1;
    });
    return rows;
}

// Behind "found": a line a way, "LINE ORDER" for each of its places; a fence is "LINE fence".
std::string missing_in(const std::string& path) {
    return in_child([&]() -> std::string {
        simulation_options options;
        options.limits.steps_max = 1000;
        simulation subject(options);
        std::string error;
        if (!subject.load(path, error)) {
            return error;
        }
        subject.set_contexts({program_main({"program"})});
        subject.take_snapshot();
        chosen_memory = memory_model::c11;
        graph_search graphs;
        explore_limits first;
        first.stop_at_first = true;
        const explore_result wrong = explore(subject, graphs, first);
        if (wrong.found.empty()) {
            return "nothing is wrong";
        }
        work_limits limits;
        limits.steps_max = 4'000'000;
        const missing_orders m = find_missing_orders(subject, wrong.found[0].choices, limits);
        if (m.what != missing_orders::answer::found) {
            return m.what == missing_orders::answer::none ? "none" : "unknown";
        }
        std::ostringstream out;
        out << "found";
        for (const std::vector<stronger_place>& way : m.ways) {
            out << "\n";
            for (const stronger_place& p : way) {
                out << p.at.line << " " << (p.fence_before ? "fence" : name_of_order(p.order))
                    << " ";
            }
        }
        return out.str();
    });
}

std::vector<std::string> lines_of(const std::string& source) {
    std::ifstream file(std::string(HEDDLE_WEAK_PROGRAMS "/") + source);
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) {
        lines.push_back(line);
    }
    return lines;
}

// The one line of a source that performs something with this order; 0 if there are more, or it is a fence, which is
// not there when it is relaxed.
size_t line_of(const std::string& source, const std::string& macro) {
    const std::vector<std::string> lines = lines_of(source);
    const std::regex performed("[A-Z]+\\(.*\\b" + macro + "\\b");
    size_t found = 0;
    for (size_t i = 0; i < lines.size(); ++i) {
        if (std::regex_search(lines[i], performed)) {
            if (found != 0 || lines[i].find("FENCE") != std::string::npos) {
                return 0;
            }
            found = i + 1;
        }
    }
    return found;
}

class MissingOrder : public testing::TestWithParam<weakened_row> {};

TEST_P(MissingOrder, IsTheOneThatWasWeakened) {
    const weakened_row& row = GetParam();
    const std::string macro = row.weaker_orders()[0];
    const std::string missing = missing_in(subject(row.name(), "g++"));
    ASSERT_EQ(missing.substr(0, 5), "found") << missing;
    const size_t line = line_of(row.source, macro.substr(0, macro.find('=')));
    if (line == 0) {
        return;  // what makes it right may be something else: that it was found is enough
    }
    std::istringstream ways(missing.substr(6));
    bool named = false;
    for (std::string way; std::getline(ways, way);) {
        std::istringstream words(way);
        size_t at = 0;
        std::string order;
        std::string more;
        named |= words >> at >> order && !(words >> more) && at == line && order != "fence";
    }
    EXPECT_TRUE(named) << "line " << line << " is not named by itself:\n" << missing;
}

INSTANTIATE_TEST_SUITE_P(All, MissingOrder, testing::ValuesIn(wrong_by_one_order()),
                         [](const auto& i) { return i.param.name(); });

}  // namespace

}  // namespace sim::test
