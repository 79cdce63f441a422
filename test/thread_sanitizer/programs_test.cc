// Every program of test/programs on real threads, under the real thread sanitizer: it reports a data race exactly where
// heddle says that there is one.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "test/budget.h"
#include "test/thread_sanitizer/agreement.h"

namespace agree {

namespace {

namespace fs = std::filesystem;

struct program {
    std::string name;
    std::string path;
    verdict heddle = verdict::none;
    std::string not_run;  // why
    bool ends_well = false;
};

constexpr const char* waits_for_good = "somebody may wait for good";

void PrintTo(const program& p, std::ostream* out) {
    *out << p.name;
}

std::string binary(const std::string& name) {
    return std::string(HEDDLE_NATIVE_PROGRAMS) + "/" + name;
}

std::string first_line(const fs::path& file) {
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    return line;
}

void add_traps(std::vector<program>& to) {
    const std::string finding = "// expect: finding ";
    for (const auto& entry : fs::directory_iterator(HEDDLE_PROGRAMS "/traps")) {
        if (entry.path().extension() == ".md") {
            continue;
        }
        const std::string line = first_line(entry.path());
        const std::string kind = line.starts_with(finding) ? line.substr(finding.size()) : "";
        program p{
            entry.path().filename(), binary("trap_" + entry.path().stem().string()), {}, "", false};
        p.heddle = kind == "data race"        ? verdict::race
                   : kind == "use after free" ? verdict::freed
                                              : verdict::none;
        p.ends_well = kind.empty();
        if (kind == "deadlock" || kind == "endless loop") {
            p.not_run = "need not end: " + kind;
        }
        to.push_back(p);
    }
}

// The lines of a table of test/programs, as words.
std::vector<std::vector<std::string>> rows_of(const std::string& table) {
    std::vector<std::vector<std::string>> rows;
    std::ifstream in(HEDDLE_PROGRAMS "/" + table);
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line.substr(0, line.find('#')));
        std::vector<std::string> row;
        for (std::string word; words >> word;) {
            row.push_back(word);
        }
        if (!row.empty()) {
            rows.push_back(row);
        }
    }
    return rows;
}

verdict verdict_of(const std::string& word) {
    return word == "race" ? verdict::race : word == "freed" ? verdict::freed : verdict::none;
}

void add_named(std::vector<program>& to) {
    for (const std::vector<std::string>& row : rows_of("races.txt")) {
        to.push_back({row[0], binary(row[0]), verdict_of(row[1]),
                      row[1] == "waits" ? waits_for_good : "", false});
    }
}

// Of each program the last size after which nobody waits for good; CMakeLists.txt chooses the same.
void add_counted(std::vector<program>& to) {
    std::map<std::string, program> all;
    for (const std::vector<std::string>& row : rows_of("counts.txt")) {
        program& p = all[row[1]];
        if (row[5] == "0") {
            p = {row[1], binary("counted_" + row[1]), verdict::none, "", true};
        } else if (p.name.empty()) {
            p = {row[1], "", verdict::none, waits_for_good, true};
        }
    }
    for (const auto& [name, p] : all) {
        to.push_back(p);
    }
}

std::vector<program> all_programs() {
    std::vector<program> all;
    add_traps(all);
    add_named(all);
    add_counted(all);
    std::sort(all.begin(), all.end(),
              [](const program& a, const program& b) { return a.name < b.name; });
    return all;
}

// A race that is there is looked for longer than one that is not.
unsigned runs_for(verdict heddle) {
    const unsigned more = sim::test::full_budget() ? 10 : 1;
    return heddle == verdict::none ? 10 * more : 200 * more;
}

class Agreement : public testing::TestWithParam<program> {};

TEST_P(Agreement, BothSayTheSameOfDataRaces) {
    const program& p = GetParam();
    const difference* known = difference_or_null(p.name);
    if (!p.not_run.empty()) {
        GTEST_SKIP() << p.not_run;
    }
    if (known != nullptr && known->kind == difference_kind::not_run) {
        GTEST_SKIP() << known->reason;
    }
    const unsigned runs = known != nullptr && known->kind != difference_kind::only_sanitizer
                              ? runs_for(verdict::none)
                              : runs_for(known != nullptr ? verdict::race : p.heddle);
    const native_report native = run_natively(p.path, {}, runs);
    ASSERT_NE(native.status, 127) << p.path << " is not there";
    ASSERT_NE(native.status, 128 + SIGALRM) << "does not end\n" << native.text;
    if (p.ends_well) {
        EXPECT_EQ(native.status, 0) << native.text;
    }
    const std::string wrong = complaint(p.heddle, native, known);
    ASSERT_EQ(wrong, "") << native.text;
    if (known != nullptr) {
        GTEST_SKIP() << "they differ: " << known->reason;
    }
}

std::string name_of_program(const testing::TestParamInfo<program>& i) {
    std::string name = i.param.name;
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == '.' || c == '-'; }, '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(All, Agreement, testing::ValuesIn(all_programs()), name_of_program);

class PairAgreement : public testing::TestWithParam<const char*> {};

TEST_P(PairAgreement, BothSayTheSameOfEverySizeAndOverlap) {
    for (const std::vector<std::string>& row : rows_of("race_pairs.txt")) {
        SCOPED_TRACE(row[0] + " " + row[1]);
        const verdict heddle = verdict_of(row[2]);
        const native_report native =
            run_natively(binary("race_pair"), {GetParam(), row[0], row[1]}, runs_for(heddle));
        EXPECT_EQ(native.status, 0) << native.text;
        EXPECT_EQ(complaint(heddle, native, nullptr), "") << native.text;
    }
}

INSTANTIATE_TEST_SUITE_P(All, PairAgreement, testing::Values("global", "heap", "stack"),
                         [](const auto& i) { return std::string(i.param); });

// A comparison that nothing can fail would be none.
TEST(AgreementItself, FailsWhereTheyDiffer) {
    const native_report race = run_natively(binary("trap_wide_race"), {}, 200);
    const native_report none = run_natively(binary("trap_published_data"), {}, 10);
    EXPECT_EQ(complaint(verdict::race, race, nullptr), "");
    EXPECT_EQ(complaint(verdict::none, none, nullptr), "");
    EXPECT_NE(complaint(verdict::none, race, nullptr), "");
    EXPECT_NE(complaint(verdict::race, none, nullptr), "");
    EXPECT_NE(complaint(verdict::freed, none, nullptr), "");
    const difference more{"", difference_kind::only_sanitizer, ""};
    const difference less{"", difference_kind::only_heddle, ""};
    EXPECT_EQ(complaint(verdict::none, race, &more), "");
    EXPECT_EQ(complaint(verdict::race, none, &less), "");
    for (const difference* known : {&more, &less}) {
        EXPECT_NE(complaint(verdict::race, race, known), "");
        EXPECT_NE(complaint(verdict::none, none, known), "");
    }
    EXPECT_EQ(run_natively(binary("no such program"), {}, 3).status, 127);
}

TEST(AgreementItself, EveryDifferenceIsOfAProgram) {
    const std::vector<program> all = all_programs();
    EXPECT_GE(all.size(), 150U);
    for (const difference& d : differences()) {
        EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](const program& p) {
            return p.name == d.program;
        })) << d.program;
    }
}

}  // namespace

}  // namespace agree
