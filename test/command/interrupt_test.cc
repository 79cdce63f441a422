// What is shown of an interrupt that waits for whom it has interrupted: the whole screen.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "test/command/heddle_call.h"

namespace scenario::test {

namespace {

std::string without(std::string text, const std::string& part) {
    for (size_t at = text.find(part); at != std::string::npos; at = text.find(part)) {
        text.erase(at, part.size());
    }
    return text;
}

TEST(Interrupt, ShowsBothStacksAndWhatLevelIsNeeded) {
    heddle_call heddle;
    const std::string path = subject_path("interrupt");
    const heddle_result found = heddle.run({"explore", path, "--json"});
    EXPECT_EQ(found.status, 1) << found.err;
    const nlohmann::json last = nlohmann::json::parse(found.lines().back());
    const nlohmann::json finding = last.at("variants").at(0).at("findings").at(0);
    EXPECT_EQ(finding.at("kind"), "deadlock");
    const std::string token = finding.at("token");
    const heddle_result shown = heddle.run({"replay", path, token});
    EXPECT_EQ(shown.status, 0) << shown.err;  // it is as the token says
    std::string text = without(shown.out, path.substr(0, path.rfind('/') + 1));
    text = text.substr(0, text.rfind("replay: "));
    EXPECT_EQ(text, R"(interrupt.so: 3 steps, 3 contexts, 1 preemption
step  cpu0 main                    cpu1 t1, t2                                         state
      main()
        create
      |                            [t1] task()
        create                     |
      |                            [t2] receive()
        ~ waits for the end of t1  |
   1  :                            [t1]   take cpu1
   2* :                              lock queue
      :                            ~ preempted
   3! :                            [t2]   interrupt cpu1
   !!                              DEADLOCK in receive (interrupt_takes_mutex.c:20)
                                      interrupted t1 on cpu1 (task, interrupt_takes_mutex.c:14)
why: deadlock: t2, an interrupt of level 6 on cpu1, waits for queue, which t1 holds; t1 cannot go on
     before the interrupt has ended. Who holds it needs a level of at least 6
     at           step 3 by t2 on cpu1: receive (interrupt_takes_mutex.c:20)
     interrupted  t1 on cpu1: task (interrupt_takes_mutex.c:14)
     preempted    t1 after step 2 in task (interrupt_takes_mutex.c:12), then t2 ran
)");
}

class interrupted : public testing::TestWithParam<const char*> {};

// Whoever finds it: one place among the steps of its host, and the token leads there in another process.
TEST_P(interrupted, IsFoundAndReplayed) {
    heddle_call heddle;
    const std::string path = subject_path("interrupt");
    std::vector<std::string> words = {"explore", path, "--json", "--strategy", GetParam()};
    const std::string name = GetParam();
    if (name != "optimal" && name != "exhaustive" && name != "bounded" && name != "delay") {
        words.insert(words.end(), {"-n", "200", "--seed", "3"});
    }
    const heddle_result found = heddle.run(words);
    ASSERT_EQ(found.status, 1) << found.err;
    const nlohmann::json last = nlohmann::json::parse(found.lines().back());
    const nlohmann::json finding = last.at("variants").at(0).at("findings").at(0);
    EXPECT_EQ(finding.at("kind"), "deadlock") << finding;
    EXPECT_EQ(finding.at("preemptions"), 1) << finding;
    const heddle_result shown = heddle.run({"replay", path, finding.at("token")});
    EXPECT_EQ(shown.status, 0) << shown.err;
    EXPECT_NE(shown.out.find("[t2]   interrupt cpu1"), std::string::npos) << shown.out;
    EXPECT_NE(shown.out.find("DEADLOCK in receive"), std::string::npos) << shown.out;
}

INSTANTIATE_TEST_SUITE_P(All, interrupted,
                         testing::Values("optimal", "exhaustive", "bounded", "delay", "random",
                                         "pct", "pos", "surw", "portfolio"),
                         [](const auto& i) { return std::string(i.param); });

// step offers it beside its host between any two steps, and its host never again once it waits.
TEST(Interrupt, IsOfferedStepByStep) {
    heddle_call heddle;
    const heddle_result r = heddle.run({"step", subject_path("interrupt")}, "t1\nt1\nt2\nprint\n");
    EXPECT_EQ(r.status, 0) << r.err;
    EXPECT_NE(r.out.find("after 2 steps:\n"
                         "      0  main  blocked: waits for the end of t1  main "
                         "(interrupt_takes_mutex.c:31)\n"
                         "  >   1  t1    unlock queue  task (interrupt_takes_mutex.c:14)\n"
                         "      2  t2    interrupt cpu1  receive (interrupt_takes_mutex.c:19)\n"),
              std::string::npos)
        << r.out;
    EXPECT_NE(r.out.find("     3  t2    interrupt cpu1  receive (interrupt_takes_mutex.c:19)\n"
                         "  DEADLOCK in receive (interrupt_takes_mutex.c:20)\n"),
              std::string::npos)
        << r.out;
    EXPECT_NE(r.out.find("over: finding\n"), std::string::npos) << r.out;
    const heddle_result again = heddle.run({"replay", subject_path("interrupt"), r.lines().back()});
    EXPECT_EQ(again.status, 0) << again.err;
    EXPECT_NE(again.out.find("DEADLOCK in receive"), std::string::npos) << again.out;
}

}  // namespace

}  // namespace scenario::test
