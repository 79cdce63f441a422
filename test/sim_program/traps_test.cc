// The trap programs: each says what it expects, and is a loadable subject under both compilers.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "sim/program/known_symbols.h"
#include "sim/program/symbols.h"
#include "sim/trace/finding_kinds.h"

namespace {

namespace fs = std::filesystem;

// In the order of their names.
std::set<fs::path> traps() {
    std::set<fs::path> found;
    for (const auto& entry : fs::directory_iterator(HEDDLE_TRAPS_SOURCE)) {
        if (entry.path().extension() != ".md") {
            found.insert(entry.path());
        }
    }
    return found;
}

TEST(traps, each_says_what_it_expects) {
    std::set<std::string> kinds;
    for (const sim::finding_row& row : sim::finding_rows) {
        kinds.insert(row.name);
    }
    const std::set<fs::path> all = traps();
    EXPECT_GE(all.size(), 60u);
    for (const fs::path& trap : all) {
        std::string line;
        std::ifstream in(trap);
        std::getline(in, line);
        const std::string finding = "// expect: finding ";
        const bool understood =
            line == "// expect: ok" ||
            (line.starts_with(finding) && kinds.count(line.substr(finding.size())) == 1);
        EXPECT_TRUE(understood) << trap << ": " << line;
    }
}

TEST(traps, each_is_a_subject_under_both_compilers) {
    // These call functions that write through pointers, which is what they are about.
    const std::set<std::string> writers = {"library_text", "long_jump", "stream_text"};
    for (const char* compiler : {"g++", "clang++"}) {
        for (const fs::path& trap : traps()) {
            const fs::path file =
                fs::path(HEDDLE_TRAPS_BINARY) / compiler / (trap.stem().string() + ".so");
            ASSERT_TRUE(fs::exists(file)) << file << " is not built: target heddle_traps";
            std::string error;
            const auto s = sim::symbols::open_or_null(file, error);
            ASSERT_NE(s, nullptr) << error;
            EXPECT_NE(s->main_address(), 0u) << file;
            const auto unseen = sim::unseen_writers(s->undefined());
            EXPECT_EQ(!unseen.empty(), writers.count(trap.stem()) == 1)
                << file << ": " << (unseen.empty() ? "none" : unseen[0]);
        }
    }
}

}  // namespace
