// The primitives of model/kern, sections opened, under each memory model: test/programs/kern/kern.txt says
// what holds, and what is found when a memory order is weaker.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "test/sim/child.h"
#include "test/sim/explored.h"

namespace sim::test {

namespace {

constexpr std::array<const char*, 3> models = {"graph sc", "graph tso", "graph c11"};

struct row {
    std::array<std::string, 3> verdicts;  // sc, tso, c11
    std::string program;
    std::string play;
    std::string weaker;  // "-": nothing
    std::string reason;

    [[nodiscard]] std::string subject_name() const {
        return weaker == "-" ? program : program + "." + weaker;
    }
    [[nodiscard]] std::string name() const {
        return program + "_" + play + (weaker == "-" ? "" : "__" + weaker);
    }
    [[nodiscard]] bool is_wrong() const { return play.rfind("wrong_", 0) == 0; }
};

void PrintTo(const row& r, std::ostream* out) {
    *out << r.name();
}

std::vector<row> read_rows() {
    std::ifstream file(HEDDLE_KERN_PROGRAMS "/kern.txt");
    std::vector<row> rows;
    for (std::string line; std::getline(file, line);) {
        const size_t end = line.find('#');
        std::istringstream words(line.substr(0, end));
        row r;
        if (words >> r.verdicts[0] >> r.verdicts[1] >> r.verdicts[2] >> r.program >> r.play >>
            r.weaker) {
            r.reason = end == std::string::npos ? "" : line.substr(end + 1);
            rows.push_back(r);
        }
    }
    return rows;
}

// The kinds that may be found, as explored() says them.
const std::set<std::string>& meaning(const std::string& verdict) {
    static const std::map<std::string, std::set<std::string>> all = {
        {"ok", {"none"}},
        // Interleavings go on to see what comes of it.
        {"race",
         {"data race", "use after free", "data race, use after free",
          "assertion failed, data race"}},
        {"lost", {"lost wakeup"}},
        {"stuck", {"deadlock"}},
    };
    static const std::set<std::string> nothing;
    const auto i = all.find(verdict);
    return i == all.end() ? nothing : i->second;
}

class KernMemory : public testing::TestWithParam<row> {
  protected:
    static counts counted(const char* strategy) {
        exploration how;
        how.strategy = strategy;
        how.dependence = dependence_mode::plain;  // as graphs have it
        how.deep = true;
        how.steps_max = 2000;
        how.executions_max = 50000;  // those that are given up among them
        how.arguments = {GetParam().play};
        return explored_counts(subject(GetParam().subject_name(), "g++"), how);
    }
    static void expect(const counts& c, const std::string& verdict, const std::string& by) {
        // By graphs not every order of an interrupt is tried, and they say so.
        const bool interrupted = GetParam().name().find("interrupted") != std::string::npos;
        EXPECT_EQ(c.complete, !interrupted || by == "optimal") << c.text;
        EXPECT_GE(c.executions, 1U) << c.text;
        EXPECT_TRUE(meaning(verdict).contains(c.found)) << c.text;
    }
};

TEST_P(KernMemory, IsAsWrittenDown) {
    for (size_t m = 0; m < models.size(); ++m) {
        SCOPED_TRACE(models[m]);
        const counts c = counted(models[m]);
        expect(c, GetParam().verdicts[m], models[m]);
        RecordProperty(models[m] + 6, c.text);
    }
}

// Interleavings know nothing of graphs, and come to as many; but there readers of a lock commute.
TEST_P(KernMemory, IsTheSameByInterleavings) {
    const counts c = counted("optimal");
    expect(c, GetParam().verdicts[0], "optimal");
    if (GetParam().verdicts[0] == "ok") {
        const counts graphs = counted("graph sc");
        EXPECT_LE(c.executions, graphs.executions) << c.text << "; " << graphs.text;
        EXPECT_TRUE(c.executions == graphs.executions || GetParam().name() == "rwlock_two_readers")
            << c.text << "; " << graphs.text;
    }
}

INSTANTIATE_TEST_SUITE_P(All, KernMemory, testing::ValuesIn(read_rows()),
                         [](const auto& i) { return i.param.name(); });

struct weakening {
    std::string name;
    std::string file;
    std::string words;
};

std::vector<weakening> read_weaker() {
    std::ifstream file(HEDDLE_KERN_PROGRAMS "/weaker.txt");
    const std::regex parts("([a-z_]+) *\\| *([a-z_/.]+) *\\| (.*) \\| .*");
    std::vector<weakening> all;
    for (std::string line; std::getline(file, line);) {
        std::smatch m;
        if (std::regex_match(line, m, parts)) {
            all.push_back({m[1], m[2], m[3]});
        }
    }
    return all;
}

// What is as it is holds under every model; what is weaker is found out under c11, or a line says why it is not needed.
TEST(KernTable, SaysWhatEachOrderIsFor) {
    std::set<std::string> found;
    for (const row& r : read_rows()) {
        const bool ok = r.verdicts[2] == "ok";
        EXPECT_TRUE(r.weaker != "-" || ok != r.is_wrong()) << r.name();
        EXPECT_TRUE(r.weaker == "-" || !ok || !r.reason.empty()) << r.name();
        for (const std::string& verdict : r.verdicts) {
            EXPECT_FALSE(meaning(verdict).empty()) << r.name() << ": " << verdict;
        }
        found.insert(r.weaker);
    }
    for (const weakening& w : read_weaker()) {
        EXPECT_TRUE(found.contains(w.name)) << w.name;
    }
}

// Each order that is not relaxed is made weaker.
TEST(KernTable, WeakensEveryOrder) {
    const std::vector<weakening> weaker = read_weaker();
    const std::regex order(
        "memory_order_(acq|rel[^a]|release|seq)|__ATOMIC_(ACQ|REL[^A]|RELEASE|SEQ)");
    size_t orders = 0;
    for (const auto& entry : std::filesystem::directory_iterator(HEDDLE_MODEL "/kern")) {
        const std::string file = "kern/" + entry.path().filename().string();
        std::ifstream text(entry.path());
        for (std::string line; std::getline(text, line);) {
            if (file == "kern/README.md" || !std::regex_search(line, order)) {
                continue;
            }
            ++orders;
            EXPECT_TRUE(std::any_of(weaker.begin(), weaker.end(),
                                    [&](const weakening& w) {
                                        return w.file == file &&
                                               line.find(w.words) != std::string::npos;
                                    }))
                << file << ": " << line;
        }
    }
    EXPECT_EQ(orders, 7U);
}

}  // namespace

}  // namespace sim::test
