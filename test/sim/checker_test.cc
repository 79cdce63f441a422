// The table of checkers, and the journal that their memory is kept in.
#include "sim/check/checker.h"

#include <gtest/gtest.h>

#include <map>

#include "sim/check/journal.h"

namespace sim {
namespace {

TEST(Checkers, EveryKindOfFindingIsFoundByOne) {
    std::map<finding_kind, int> found;
    for (const checker_row& row : checkers()) {
        for (const finding_kind kind : row.finds) {
            ++found[kind];
        }
    }
    for (int kind = 0; kind < static_cast<int>(finding_kind::count_); ++kind) {
        EXPECT_EQ(found[static_cast<finding_kind>(kind)], 1)
            << name_of(static_cast<finding_kind>(kind));
    }
}

TEST(Checkers, HaveBitsOfTheirOwnAndNamesThatCanBeTyped) {
    uint32_t seen = check_undo;
    for (const checker_row& row : checkers()) {
        EXPECT_EQ(checker_named_or_null(row.name), &row);
        EXPECT_EQ(seen & row.bit, 0U) << row.name;
        seen |= row.bit;
        EXPECT_EQ(std::string(row.name).find(' '), std::string::npos) << row.name;
    }
    EXPECT_EQ(seen & ~uint32_t{check_all}, 0U);
}

TEST(Journal, PutsBackWhatWasSetAddedAndErased) {
    static journalled<int> value(1);
    static journalled_list<int> list;
    list.push_back(1);
    list.push_back(2);
    list.push_back(3);
    const size_t mark = journal_mark();
    value.set(5);
    list.set(0, 7);
    list.erase(1);
    const size_t inner = journal_mark();
    list.push_back(9);
    list.erase(0);
    value.set(6);
    journal_undo(inner);
    EXPECT_EQ(value.get(), 5);
    EXPECT_EQ(std::vector<int>(list.begin(), list.end()), (std::vector<int>{7, 3}));
    journal_undo(mark);
    EXPECT_EQ(value.get(), 1);
    EXPECT_EQ(std::vector<int>(list.begin(), list.end()), (std::vector<int>{1, 2, 3}));
}

}  // namespace
}  // namespace sim
