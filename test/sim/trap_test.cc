// Every trap of building such a machine, as a subject of its own under both compilers. The first line
// of each subject says what must come out.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "test/sim/child.h"
#include "test/sim/explored.h"

namespace sim::test {

namespace {

struct trap {
    std::string file;
    std::string compiler;
};

std::vector<trap> all_traps() {
    std::vector<trap> traps;
    for (const auto& entry : std::filesystem::directory_iterator(HEDDLE_TRAP_SOURCES)) {
        std::string name = entry.path().filename().string();
        if (name.ends_with(".c") || name.ends_with(".cc")) {
            traps.push_back({name, "g++"});
            traps.push_back({name, "clang++"});
        }
    }
    std::sort(traps.begin(), traps.end(), [](const trap& a, const trap& b) {
        return std::tie(a.file, a.compiler) < std::tie(b.file, b.compiler);
    });
    return traps;
}

std::string expectation(const std::string& file) {
    std::ifstream in(std::string(HEDDLE_TRAP_SOURCES) + "/" + file);
    std::string line;
    std::getline(in, line);
    const std::string mark = "// expect: ";
    if (line.rfind(mark, 0) != 0) {
        return "no expectation in the first line";
    }
    std::string text = line.substr(mark.size());
    return text == "ok" ? "none" : text.substr(std::string("finding ").size());
}

class Trap : public testing::TestWithParam<trap> {};

TEST_P(Trap, ComesOutAsItsFirstLineSays) {
    const trap& t = GetParam();
    exploration how;
    how.strategy = "random";
    std::string expected = expectation(t.file);
    // What only a clock or a long count can find is looked for once.
    how.executions_max = expected == "endless loop" ? 1 : 200;
    std::string out = explored(subject(t.file, t.compiler), how);
    size_t colon = out.rfind(": ");
    ASSERT_NE(colon, std::string::npos) << out;
    EXPECT_EQ(out.substr(colon + 2), expected) << out;
}

std::string test_name(const testing::TestParamInfo<trap>& info) {
    std::string name = info.param.file + "_" + (info.param.compiler == "g++" ? "gcc" : "clang");
    for (char& c : name) {
        c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
    }
    return name;
}

INSTANTIATE_TEST_SUITE_P(All, Trap, testing::ValuesIn(all_traps()), test_name);

}  // namespace

}  // namespace sim::test
