// Schedules: every point, every clause, the block ready to paste, names left to the subject.

#include "scenarios/lang/names.h"
#include "scenarios/lang/print.h"
#include "test/scenarios/small_script.h"

namespace scenario {
namespace {

schedule read(const std::string& clauses) {
    script s = script_with("schedule s { " + clauses + " }");
    return s.schedules.size() == 2 ? s.schedules[1] : schedule{};
}

struct point_case {
    const char* text;
    point_kind kind;
    const char* name;
};

const point_case points[] = {
    {"done", point_kind::done, ""},
    {"done A1", point_kind::done, "A1"},
    {"done P1", point_kind::done, "P1"},
    {"blocked", point_kind::blocked, ""},
    {"blocked on \"ifrm\"", point_kind::blocked, "ifrm"},
    {"enter ip_output", point_kind::enter, "ip_output"},
    {"enter net::ip_output", point_kind::enter, "net::ip_output"},
    {"leave ip_output", point_kind::leave, "ip_output"},
    {"in if_put touches \"ifnet em1\"", point_kind::touches, "if_put"},
    {"lock conf_lock", point_kind::lock, "conf_lock"},
    {"unlock conf_lock", point_kind::unlock, "conf_lock"},
    {"window state_lookup", point_kind::window, "state_lookup"},
    {"steps 12", point_kind::steps, ""},
    {"before A1", point_kind::before, "A1"},
    {"after A1", point_kind::after, "A1"},
    {"enter if_output dev em1", point_kind::enter, "if_output"},
    {"enter if_output dev em1 obj X nth 2", point_kind::enter, "if_output"},
    {"lock rt_mtx nth 3", point_kind::lock, "rt_mtx"},
};

TEST(schedules, every_point_is_read_and_printed) {
    for (const point_case& c : points) {
        schedule s = read("run net0 until " + std::string(c.text));
        ASSERT_EQ(s.runs.size(), 1u) << c.text;
        ASSERT_EQ(s.runs[0].until.size(), 1u) << c.text;
        EXPECT_EQ(s.runs[0].until[0].kind, c.kind) << c.text;
        EXPECT_EQ(s.runs[0].until[0].name.text, c.name) << c.text;
        EXPECT_EQ(to_text(s.runs[0].until[0]), c.text);
    }
}

TEST(schedules, points_are_narrowed_and_joined) {
    schedule s = read("run net0 until enter if_output dev r:em1 obj X nth 2 or steps 7 or blocked");
    ASSERT_EQ(s.runs.size(), 1u);
    ASSERT_EQ(s.runs[0].until.size(), 3u);
    const point& p = s.runs[0].until[0];
    EXPECT_EQ(p.device.router.text, "r");
    EXPECT_EQ(p.device.name.text, "em1");
    EXPECT_EQ(p.object.text, "X");
    EXPECT_EQ(p.nth, 2u);
    EXPECT_EQ(p.at.column, 29u);
    EXPECT_EQ(s.runs[0].until[1].count, 7u);
    EXPECT_EQ(s.runs[0].until[1].nth, 1u);
}

TEST(schedules, all_clauses) {
    schedule s = read(
        "run net0 until done; run softnet0 until blocked; order net0@enter ip_output < adm@done A1;"
        "prune until net0 at enter ip_forward or done;"
        "explore pct preemptions 3 delays 2 depth 4 steps 2000 seed 7 executions 100000");
    EXPECT_EQ(s.runs.size(), 2u);
    ASSERT_EQ(s.orders.size(), 1u);
    EXPECT_EQ(s.orders[0].first_context.text, "net0");
    EXPECT_EQ(s.orders[0].first.kind, point_kind::enter);
    EXPECT_EQ(s.orders[0].second_context.text, "adm");
    EXPECT_EQ(s.orders[0].second.name.text, "A1");
    ASSERT_EQ(s.prunes.size(), 1u);
    EXPECT_EQ(s.prunes[0].until.size(), 2u);
    ASSERT_TRUE(s.explore);
    EXPECT_EQ(s.explore->strategy.text, "pct");
    EXPECT_EQ(s.explore->preemptions, 3u);
    EXPECT_EQ(s.explore->delays, 2u);
    EXPECT_EQ(s.explore->depth, 4u);
    EXPECT_EQ(s.explore->steps, 2000u);
    EXPECT_EQ(s.explore->seed, 7u);
    EXPECT_EQ(s.explore->executions, 100'000u);
}

TEST(schedules, print_as_a_block_ready_to_paste) {
    const std::string text =
        "schedule s {\n"
        "    run net0 until enter if_output dev em1\n"
        "    run adm until blocked or done\n"
        "    order net0@enter ip_output nth 2 < adm@done A1\n"
        "    prune until net0 at enter ip_forward\n"
        "    explore delay delays 2 seed 7\n"
        "}\n";
    script s = script_with(text);
    EXPECT_EQ(to_text(s.schedules.at(1)), text);
}

TEST(schedules, one_can_be_made_by_a_program) {
    schedule s;
    s.name.text = "found";
    point p;
    p.kind = point_kind::steps;
    s.runs.push_back({{"net0", false, {}}, {p}});
    s.runs.back().until[0].count = 9;
    EXPECT_EQ(to_text(s), "schedule found {\n    run net0 until steps 9\n}\n");
    EXPECT_EQ(script_with(to_text(s)).schedules.at(1), s);
}

TEST(names, what_the_subject_must_know_is_listed_with_its_place) {
    script s = script_with(
        "variant v { patch v.patch }\n"
        "schedule s { run net0 until enter ip_output or in if_put touches X or lock L or window W "
        "}\n"
        "schedule u { run net0 until blocked on \"ifrm\" or leave if_get obj Y }\n"
        "expect v { exists (bug use-after-free at if_put); forall (stat noroute == 0);\n"
        "  no leak mbuf; always (live rtentry <= 3) when free M; reach (adm in if_detach) }");
    std::string text;
    for (const outside_name& n : outside_names(s)) {
        text += std::to_string(static_cast<int>(n.kind)) + " " + n.name.text + "@" +
                std::to_string(n.name.at.line) + ";";
    }
    EXPECT_EQ(text,
              "7 v.patch@7;0 ip_output@8;0 if_put@8;4 X@8;1 L@8;2 W@8;3 ifrm@9;0 if_get@9;4 Y@9;"
              "0 if_put@10;6 noroute@10;5 rtentry@11;0 if_detach@11;5 mbuf@11;1 M@11;");
}

}  // namespace
}  // namespace scenario
