// Where a schedule stops a context: seen in the trace of that schedule, replayed from its token.
#include <algorithm>

#include "test/races/small_race.h"

namespace scenario::test {

namespace {

using nlohmann::json;

// The trace of schedule `s`, a line an event; its expectation is made to fail so that it has a token.
std::vector<json> trace_of(const std::string& runs, std::string& said) {
    heddle_call heddle;
    const std::string lines = "schedule s { " + runs + " }\nexpect fixed { s: bug crash }\n";
    const heddle_result r = run_with(heddle, "run", lines);
    said = r.out + r.err;
    const size_t at = r.out.find("heddle replay ");
    std::vector<json> events;
    if (at == std::string::npos) {
        return events;
    }
    const std::string token = r.out.substr(at + 14, r.out.find('\n', at) - at - 14);
    const heddle_result replayed = heddle.run({"replay", "t.race", token, "--json"});
    EXPECT_EQ(replayed.status, 0) << token << replayed.err;
    for (const std::string& line : replayed.lines()) {
        events.push_back(json::parse(line));
    }
    return events;
}

std::string function_of(const json& event) {
    const bool known = event.contains("stack") && !event["stack"].empty();
    const std::string full = known ? event["stack"][0][0].get<std::string>() : "";
    return full.substr(full.rfind(':') == std::string::npos ? 0 : full.rfind(':') + 1);
}

// What `context` was about to do when another one ran: "store em1 in if_put".
std::string stopped_at(const std::vector<json>& events, const std::string& context) {
    size_t id = 0;
    const json& contexts = events[0]["contexts"];
    while (id < contexts.size() && contexts[id]["name"] != context) {
        ++id;
    }
    bool ran = false;
    bool left = false;
    for (size_t i = 1; i < events.size(); ++i) {
        const json& e = events[i];
        if (e.value("remark", false) || !e.contains("context")) {
            continue;
        }
        const bool its = e["context"] == id;
        if (its && (left || !ran)) {
            if (left) {
                const std::string object = e.value("object", "");
                return e.value("kind", "") + (object.empty() ? "" : " " + object) + " in " +
                       function_of(e);
            }
            ran = true;
        } else if (!its && ran) {
            left = true;
        }
    }
    return "never";
}

struct point_case {
    const char* name;
    const char* context;
    const char* point;
    const char* stands;  // before this
};

class points : public testing::TestWithParam<point_case> {};

TEST_P(points, StopExactlyThere) {
    const point_case& c = GetParam();
    const std::string other = std::string(c.context) == "net0" ? "adm" : "net0";
    std::string said;
    const std::vector<json> events =
        trace_of("run " + std::string(c.context) + " until " + c.point + "; run " + other +
                     " until steps 1; run " + c.context + " until steps 2",
                 said);
    ASSERT_FALSE(events.empty()) << said;
    EXPECT_EQ(said.find("infeasible"), std::string::npos) << said;
    EXPECT_EQ(stopped_at(events, c.context).rfind(c.stands, 0), 0U)
        << stopped_at(events, c.context) << "\n"
        << said;
}

INSTANTIATE_TEST_SUITE_P(
    All, points,
    testing::Values(
        point_case{"enter", "net0", "enter ip_output", "point in ip_output"},
        point_case{"enter_nth", "net0", "enter if_get nth 2", "point in if_get"},
        point_case{"enter_dev", "net0", "enter if_output dev em1", "point in if_output"},
        point_case{"enter_obj", "net0", "enter if_put obj \"ifnet em0\"", "point in if_put"},
        point_case{"leave", "net0", "leave ip_output", "point in ip_forward"},
        point_case{"leave_dev", "net0", "leave if_output dev em1", "point in ip_send"},
        point_case{"lock", "adm", "lock conf_lock nth 2", "wrlock conf_lock in rw_enter_write"},
        point_case{"unlock", "adm", "unlock conf_lock", "rwunlock conf_lock in rw_exit"},
        point_case{"touches", "net0", "in if_lladdr touches em1", "load ifnet em1+"},
        point_case{"done_label", "adm", "done A1", "point in "},
        point_case{"after_label", "adm", "after A1", "point in "},
        point_case{"before_label", "net0", "before P2", "point in "},
        point_case{"either", "net0", "enter arpresolve or enter ip_forward", "point in ip_forward"},
        point_case{"steps", "net0", "steps 1 or done", "store smr cell in smr_read_enter"}),
    [](const testing::TestParamInfo<point_case>& i) { return std::string(i.param.name); });

// The same call with another interface is passed by: the second packet's first if_put is em0's again.
TEST(Points, NarrowingPassesOthersBy) {
    std::string said;
    trace_of("run net0 until enter if_output dev em0", said);
    EXPECT_NE(said.find("net0 did not reach 'enter if_output'"), std::string::npos) << said;
}

TEST(Points, OfTheServicesToo) {
    std::string said;
    trace_of("run adm until done; run smr until blocked", said);
    EXPECT_EQ(said.find("infeasible"), std::string::npos) << said;
}

// A context that is where it was stopped has not come there again.
TEST(Points, ComeUpOnceEach) {
    std::string said;
    trace_of("run net0 until enter ip_output; run net0 until enter ip_output; run net0 until done",
             said);
    EXPECT_EQ(said.find("infeasible"), std::string::npos) << said;
    trace_of("run net0 until enter ip_output nth 2; run net0 until enter ip_output", said);
    EXPECT_NE(said.find("infeasible"), std::string::npos) << said;
}

struct infeasible_case {
    const char* name;
    const char* runs;
    const char* says;
};

class infeasible : public testing::TestWithParam<infeasible_case> {};

TEST_P(infeasible, SaysWhereTheContextWasInstead) {
    std::string said;
    trace_of(GetParam().runs, said);
    EXPECT_NE(said.find(GetParam().says), std::string::npos) << said;
}

INSTANTIATE_TEST_SUITE_P(
    All, infeasible,
    testing::Values(
        infeasible_case{"ended", "run net0 until steps 5000",
                        "infeasible: net0 did not reach 'steps 5000': it had ended (line 17)"},
        infeasible_case{
            "blocked", "run net0 until enter if_output dev em1; run adm until done A1",
            "infeasible: adm did not reach 'done A1': it was blocked: it waits for \"ifrm\" in"},
        infeasible_case{"held", "run adm until unlock conf_lock; run smr until done",
                        "infeasible: smr did not reach 'done': it was blocked: it waits for"},
        infeasible_case{"not_there",
                        "run net0 until done; run adm until done; run net0 until blocked",
                        "infeasible: net0 did not reach 'blocked': "}),
    [](const testing::TestParamInfo<infeasible_case>& i) { return std::string(i.param.name); });

}  // namespace

}  // namespace scenario::test
