// Places, rendering, near matches.

#include "scenarios/lang/source.h"

#include <gtest/gtest.h>

namespace scenario {
namespace {

TEST(source, a_diagnostic_shows_its_line_with_a_caret) {
    sources texts;
    uint32_t file = texts.add("a.race", "one\n\tifconfg em1 up\r\nthree");
    diagnostic d =
        texts.at({file, 2, 2, 7}, "unknown statement 'ifconfg'", "did you mean 'ifconfig'?");
    EXPECT_EQ(render(d),
              "a.race:2:2: error: unknown statement 'ifconfg'\n"
              "    2 | \tifconfg em1 up\n"
              "      | \t^~~~~~~\n"
              "      = did you mean 'ifconfig'?\n");
}

TEST(source, a_caret_may_stand_behind_the_line) {
    sources texts;
    uint32_t file = texts.add("a.race", "one");
    EXPECT_EQ(render(texts.at({file, 1, 4, 1}, "expected more")),
              "a.race:1:4: error: expected more\n"
              "    1 | one\n"
              "      |    ^\n");
    EXPECT_EQ(texts.line(file, 2), "");
    EXPECT_EQ(texts.line(file, 0), "");
}

TEST(source, diagnostics_come_in_order_once_a_place) {
    sources texts;
    uint32_t file = texts.add("a.race", "one\ntwo");
    diagnostics out(texts);
    out.add({file, 2, 1, 1}, "second");
    out.add({file, 1, 2, 1}, "first");
    out.add({file, 2, 1, 1}, "consequence");
    std::vector<diagnostic> list = out.take();
    ASSERT_EQ(list.size(), 2u);
    EXPECT_EQ(list[0].message, "first");
    EXPECT_EQ(list[1].message, "second");
}

using names = std::vector<std::string>;

TEST(near_matches, are_ordered_by_distance_then_as_given) {
    const names known = {"ifconfig", "route", "router", "arp", "sysctl"};
    EXPECT_EQ(near_matches("ifconfg", known), names{"ifconfig"});
    EXPECT_EQ(near_matches("IFCONFIG", known), names{"ifconfig"});
    EXPECT_EQ(near_matches("ifcofnig", known), names{"ifconfig"});  // two swapped: one change
    EXPECT_EQ(near_matches("rout", known), (names{"route", "router"}));
    EXPECT_EQ(near_matches("zzz", known), names{});
    EXPECT_EQ(near_matches("", known), names{});
    EXPECT_EQ(near_matches("x", {"y"}), names{});  // everything of it would have to change
    EXPECT_EQ(near_matches("P2", {"P1", "P3", "P4", "P5"}), (names{"P1", "P3", "P4"}));
    EXPECT_EQ(near_matches("ip_out", {"ip_output_forward_or_local"}),
              names{"ip_output_forward_or_local"});
}

TEST(near_matches, become_a_hint) {
    EXPECT_EQ(did_you_mean("em3", {"em0", "em1"}), "did you mean 'em0' or 'em1'?");
    EXPECT_EQ(did_you_mean("abc", {"abd", "abe", "abf"}), "did you mean 'abd', 'abe' or 'abf'?");
    EXPECT_EQ(did_you_mean("zzz", {"em0", "em1"}), "known: em0, em1");
    EXPECT_EQ(did_you_mean("zzz", {"a", "b", "c", "d", "e", "f", "g", "h", "i"}), "");
    EXPECT_EQ(did_you_mean("zzz", {}), "");
}

}  // namespace
}  // namespace scenario
