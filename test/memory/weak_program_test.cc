// What test/programs/weak/weakened.txt says of each memory order is what is found without it.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "test/memory/weakened_rows.h"
#include "test/sim/child.h"
#include "test/sim/explored.h"

namespace sim::test {

namespace {

// The kinds that may be found, as explored() says them.
const std::set<std::string>& meaning(const std::string& verdict) {
    static const std::map<std::string, std::set<std::string>> all = {
        {"ok", {"none"}},
        {"assert", {"assertion failed"}},
        {"livelock", {"livelock"}},
        {"assert+livelock", {"assertion failed, livelock"}},
        {"race", {"data race"}},
        {"race+livelock", {"data race, livelock"}},
        {"freed", {"data race", "use after free", "data race, use after free"}},
    };
    static const std::set<std::string> nothing;
    const auto i = all.find(verdict);
    return i == all.end() ? nothing : i->second;
}

class WeakProgram : public testing::TestWithParam<weakened_row> {
  protected:
    static counts counted(const char* strategy) {
        exploration how;
        how.strategy = strategy;
        how.steps_max = 1000;
        how.executions_max = 100000;
        return explored_counts(subject(GetParam().name(), "g++"), how);
    }
    static void expect(const counts& c, const std::string& verdict) {
        EXPECT_TRUE(c.complete) << c.text;
        EXPECT_TRUE(meaning(verdict).contains(c.found)) << c.text;
    }
};

TEST_P(WeakProgram, IsAsWrittenDown) {
    constexpr std::array<const char*, 3> models = {"graph sc", "graph tso", "graph c11"};
    for (size_t m = 0; m < models.size(); ++m) {
        SCOPED_TRACE(models[m]);
        expect(counted(models[m]), GetParam().verdicts[m]);
    }
}

// Interleavings that differ by more than the order of independent steps are as many as sc has graphs. An exchange that
// leaves a lock as it was is a look: the loop around it is over as soon as it comes round (spin.h).
TEST_P(WeakProgram, HasAsManyInterleavingsAsGraphs) {
    const counts c = counted("optimal");
    expect(c, GetParam().verdicts[0]);
    const counts graphs = counted("graph sc");
    EXPECT_EQ(graphs.executions, c.executions) << graphs.text << "; " << c.text;
}

INSTANTIATE_TEST_SUITE_P(All, WeakProgram, testing::ValuesIn(weakened_rows()),
                         [](const auto& i) { return i.param.name(); });

TEST(Weakened, SaysOnlyWhatHasAMeaning) {
    for (const weakened_row& r : weakened_rows()) {
        for (const std::string& verdict : r.verdicts) {
            EXPECT_FALSE(meaning(verdict).empty()) << r.name() << ": " << verdict;
        }
    }
}

// What is right under a weaker model is right under a stronger one; what is published is right; and if
// an order may be weaker, the line says why.
TEST(Weakened, SaysWhyAnOrderIsNotNeeded) {
    for (const weakened_row& r : weakened_rows()) {
        const auto ok = [&](size_t model) { return r.verdicts[model] == "ok"; };
        EXPECT_TRUE(!ok(2) || (ok(1) && ok(0))) << r.name();
        EXPECT_TRUE(!ok(1) || ok(0)) << r.name();
        EXPECT_TRUE(r.weakened() || ok(2)) << r.name();
        EXPECT_TRUE(!r.weakened() || !ok(2) || !r.reason.empty()) << r.name();
    }
}

// `#define NAME order` behind `#ifndef NAME`, in this source.
std::set<std::string> orders_in(const std::string& source) {
    std::ifstream file(std::string(HEDDLE_WEAK_PROGRAMS "/") + source);
    std::set<std::string> names;
    std::string asked;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string word;
        std::string name;
        std::string order;
        words >> word >> name >> order;
        if (word == "#ifndef") {
            asked = name;
        } else if (word == "#define" && name == asked && order != "relaxed" &&
                   std::isdigit(order[0]) == 0) {
            names.insert(name);
        }
    }
    return names;
}

TEST(Weakened, WeakensEveryOrder) {
    std::map<std::string, std::set<std::string>> weakened;
    for (const weakened_row& r : weakened_rows()) {
        for (const std::string& m : r.macros) {
            weakened[r.source].insert(m.substr(0, m.find('=')));
        }
    }
    EXPECT_EQ(weakened.size(), 15U);
    for (const auto& [source, names] : weakened) {
        const std::set<std::string> orders = orders_in(source);
        EXPECT_FALSE(orders.empty()) << source;
        for (const std::string& order : orders) {
            EXPECT_TRUE(names.contains(order)) << source << ": " << order;
        }
    }
}

}  // namespace

}  // namespace sim::test
