#include "viz/difference.h"

#include <gtest/gtest.h>

#include "test/viz/golden.h"
#include "test/viz/recorder.h"
#include "test/viz/traces.h"

namespace {

// Two contexts add to x, each in one step; `first` goes first, and both read their own y before.
sim::trace two_adds(uint32_t first, bool swapped_reads) {
    test::recorder r("adds.so", "program");
    r.context("a", 0);
    r.context("b", 1);
    const uint32_t reader = swapped_reads ? 1 : 0;
    r.step(reader, "load", reader == 0 ? "ya" : "yb", "read 0");
    r.step(1 - reader, "load", reader == 0 ? "yb" : "ya", "read 0");
    r.step(first, "rmw", "x", "0 -> 1");
    r.step(1 - first, "rmw", "x", "1 -> 2");
    return r.take();
}

viz::difference_text between(const sim::trace& a, const sim::trace& b) {
    return viz::difference(a, b, 100, {"kern/"});
}

TEST(Difference, OneExecutionIsTheSameInEveryInterleaving) {
    EXPECT_TRUE(between(test::deadlock(), test::deadlock()).same);
    EXPECT_TRUE(between(two_adds(0, false), two_adds(0, true)).same);
}

TEST(Difference, TellsTheFirstStepWithAnotherPast) {
    const viz::difference_text d = between(two_adds(0, false), two_adds(1, false));
    EXPECT_FALSE(d.same);
    EXPECT_NE(d.text.find("here they first differ"), std::string::npos) << d.text;
    EXPECT_NE(d.text.find("the same up to there: a 1 b 1"), std::string::npos) << d.text;
}

TEST(Difference, TellsWhoGoesOnAlone) {
    sim::trace shorter = two_adds(0, false);
    shorter.events.pop_back();
    const viz::difference_text d = between(two_adds(0, false), shorter);
    EXPECT_NE(d.text.find("b goes on in A only"), std::string::npos) << d.text;
}

TEST(Difference, FitsTheWidth) {
    for (const uint32_t width : {40U, 72U, 120U}) {
        const std::string text =
            viz::difference(test::destroyed_interface(), test::deadlock(), width, {}).text;
        size_t begin = 0;
        for (size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
            const std::string line = text.substr(begin, end - begin);
            EXPECT_TRUE(line.size() <= width || line.find('|') == std::string::npos) << line;
            begin = end + 1;
        }
    }
}

TEST(Difference, Golden) {
    test::expect_golden("difference.txt", between(two_adds(0, false), two_adds(1, false)).text);
}

}  // namespace
