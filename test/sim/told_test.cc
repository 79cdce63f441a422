// What a finding tells its reader: of memory who, where and on which CPU; of a race both sides, the locks, the order
// that is missing, and what the other order leads to.
#include "test/sim/told.h"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>

#include "test/sim/child.h"

namespace sim::test {

namespace {

testing::AssertionResult tells(const std::string& text, const std::vector<const char*>& all) {
    for (const char* one : all) {
        if (!std::regex_search(text, std::regex(one))) {
            return testing::AssertionFailure() << "no " << one << " in " << text;
        }
    }
    return testing::AssertionSuccess();
}

class Told : public testing::TestWithParam<std::string> {
  protected:
    [[nodiscard]] static std::string of(const std::string& trap) {
        return told(subject(trap, GetParam()));
    }
    [[nodiscard]] static std::string of_pair(const std::string& place, const std::string& first,
                                             const std::string& second) {
        return told(subject("race_pair", GetParam()), {place, first, second});
    }
};

std::string name_of_compiler(const testing::TestParamInfo<std::string>& one) {
    return one.param == "g++" ? "gcc" : "clang";
}

INSTANTIATE_TEST_SUITE_P(All, Told, testing::Values("g++", "clang++"), name_of_compiler);

TEST_P(Told, AUseOfFreedMemoryNamesTheObjectAndBothCpus) {
    EXPECT_TRUE(tells(of("freed_elsewhere.c"),
                      {"use after free: main on cpu0 reads session seven, which is freed; it was "
                       "freed on cpu1 and is used on cpu0",
                       " freed: freed by t1 on cpu1 in drop .*drop:16 < dropper:20",
                       " allocated: allocated by main on cpu0 in main .*main:26"}));
}

TEST_P(Told, ADoubleFreeHasBothCallStacks) {
    EXPECT_TRUE(
        tells(of("double_free.c"), {" at: .*drop:9 < main:22", " freed: .*drop:9 < dropper:13"}));
}

TEST_P(Told, AnInvalidFreeSaysWhereInTheBlockItIs) {
    EXPECT_TRUE(tells(of("invalid_free.c"),
                      {"which is not the begin of a block: it is 16 bytes into one of 40"}));
}

TEST_P(Told, AnAccessBesideABlockSaysHowFarAndOnWhichSide) {
    EXPECT_TRUE(tells(
        of("before_block.c"),
        {"reads 8 bytes, 8 bytes before heap main#4, which has 24 bytes", " allocated: .*main:7"}));
    EXPECT_TRUE(tells(
        of("behind_block.c"),
        {"reads 1 byte, right after heap main#3, which has 13 bytes", " allocated: .*main:6"}));
}

TEST_P(Told, ALeakHasItsOwnerAndWhatBecameOfTheLastPointer) {
    EXPECT_TRUE(tells(of("leak.c"),
                      {" allocated: .* in main .*main:7",
                       " lost: the last pointer to it, in kept, was overwritten by main on cpu0 in "
                       "main .*main:9"}));
    EXPECT_TRUE(
        tells(of("leak_of_frame.c"),
              {" allocated: .*use:6 < main:16",
               " lost: the last pointer to it was a variable of use, and that call ended"}));
    EXPECT_TRUE(tells(of("leak_with_owner.c"),
                      {" lost: the last pointer to it, in heap main#[0-9]+\\+8, was freed with it "
                       "by main on cpu0 in drop .*drop:20 < main"}));
}

TEST_P(Told, ADeadFrameIsNamed) {
    EXPECT_TRUE(tells(of("stack_after_return.c"),
                      {"stack use after return: t1 on cpu1 writes a variable on the stack of main, "
                       "of a call that has returned",
                       " frame: a variable of ask, and that call has ended"}));
}

TEST_P(Told, AReadOfWhatNobodyWroteSaysHowMuchOfWhat) {
    EXPECT_TRUE(tells(of("uninitialised_read.c"),
                      {"main on cpu0 reads 4 bytes of heap main#3\\+8, which nobody has written "
                       "since it was allocated",
                       " allocated: .*make:12 < main:22"}));
}

TEST_P(Told, ARaceHasBothCallStacksAndTheOrderThatIsMissing) {
    EXPECT_TRUE(tells(of("missing_release_race.c"),
                      {" at: .*consume:20 < main:26",
                       " other access: written by t1 on cpu1 in publish .*publish:10 < "
                       "publisher:15",
                       " missing order: the store of ready at .*:11 is relaxed: with release order "
                       "it would order them",
                       " locks: no lock is held by either", " effect: one order"}));
    EXPECT_TRUE(tells(of("missing_fence_race.c"),
                      {"the store of ready at .*:11 is relaxed and the load of ready at .*:19 is "
                       "relaxed: with release and acquire order"}));
}

TEST_P(Told, ARaceSaysWhichLocksEachSideHolds) {
    EXPECT_TRUE(tells(of("wrong_lock_race.c"),
                      {"no lock is held by both: (main holds table_lock, t1 holds entry_lock|"
                       "t1 holds entry_lock, main holds table_lock)",
                       " effect: state-changing", "add:11 < adder:16", "add:11 < main:23"}));
}

TEST_P(Told, BothOrdersOfARaceAreTried) {
    // Both write the same: nobody can tell.
    const std::string same = of_pair("global", "write:4", "write:4");
    EXPECT_TRUE(tells(same, {" effect: harmless"}));
    EXPECT_FALSE(tells(same, {"state-changing"}));
    const std::string other = of_pair("global", "write:4", "set:4");
    EXPECT_TRUE(tells(other, {" effect: state-changing"}));
    EXPECT_FALSE(tells(other, {"harmless"}));
    EXPECT_TRUE(tells(told(subject("plain_freed", GetParam())), {" effect: crashing"}));
}

// Two accesses, and whether they race: "race" or "none".
struct pair {
    std::string first;
    std::string second;
    std::string verdict;
};

std::vector<pair> all_pairs() {
    std::ifstream file(HEDDLE_PROGRAMS "/race_pairs.txt");
    std::vector<pair> pairs;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line.substr(0, line.find('#')));
        pair p;
        if (words >> p.first >> p.second >> p.verdict) {
            pairs.push_back(p);
        }
    }
    return pairs;
}

TEST_P(Told, EverySizeAndOverlapRacesWhereverItLies) {
    const std::vector<pair> pairs = all_pairs();
    EXPECT_GE(pairs.size(), 33U);
    for (const char* place : {"global", "heap", "stack"}) {
        for (const pair& p : pairs) {
            const bool races = p.verdict == "race";
            const std::string out = of_pair(place, p.first, p.second);
            EXPECT_EQ(out.rfind("data race: ", 0) == 0, races)
                << place << " " << p.first << " " << p.second << "\n"
                << out;
            EXPECT_TRUE(races || out == "none\n") << out;
        }
    }
}

}  // namespace

}  // namespace sim::test
