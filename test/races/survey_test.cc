// heddle survey: several races in one table, chosen by tag, with the rungs of their ladders.
#include <filesystem>
#include <regex>

#include "test/races/small_race.h"

namespace scenario::test {

namespace {

namespace fs = std::filesystem;

// A race that is there by name, with this tag; an interface goes down and up again beside a packet.
void write_race(const heddle_call& heddle, const std::string& name, const std::string& tag,
                const std::string& expects) {
    const fs::path folder = heddle.folder() / "scenarios" / "races" / "small";
    fs::create_directories(folder);
    std::ofstream(folder / (name + ".race")) << "scenario " << name << " \"a small race\"\ntags "
                                             << tag << "\nregime giant\n"
                                             << small_topology << R"(
cpu 0 thread net0 { em0 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 as P1 }
cpu 1 thread adm { ifconfig em1 down }
schedule any { explore dfs preemptions 1 }
)" << expects << "\n";
}

TEST(Survey, ShowsRacesOfATagWithTheirLadders) {
    heddle_call heddle;
    write_race(heddle, "one", "wanted",
               "expect fixed { no bug }\nexpect fixed under giant { no bug }");
    write_race(heddle, "two", "wanted",
               "expect fixed { forall (fate P1 == forwarded em1 or fate P1 == dropped) }");
    write_race(heddle, "three", "other", "expect fixed { no bug }");
    const heddle_result r = heddle.run({"survey", "--tag", "wanted"});
    EXPECT_EQ(r.status, 0) << r.out << r.err;
    EXPECT_NE(r.out.find("one"), std::string::npos) << r.out;
    EXPECT_NE(r.out.find("two"), std::string::npos) << r.out;
    EXPECT_EQ(r.out.find("three"), std::string::npos) << r.out;
    EXPECT_TRUE(r.says("fixed is proved in 0 of 2 races")) << r.out;
    EXPECT_TRUE(r.says("safe to 1")) << r.out;
    const heddle_result proved =
        heddle.run({"survey", "--race", "one", "--race", "two", "--strategy", "optimal"});
    EXPECT_EQ(proved.status, 0) << proved.out << proved.err;
    EXPECT_TRUE(proved.says("fixed is proved in 2 of 2 races")) << proved.out;
}

// It may take long: each race is told as it ends, where no terminal is, too.
TEST(Survey, TellsEachRaceAsItEnds) {
    heddle_call heddle;
    write_race(heddle, "one", "t", "expect fixed { no bug }\nexpect fixed under giant { no bug }");
    write_race(heddle, "wrong", "t", "expect fixed { exists (fate P1 == held) }");
    const heddle_result r = heddle.run({"survey"});
    const std::string told = std::regex_replace(r.err, std::regex("[0-9]+\\.[0-9]+ s"), "T s");
    EXPECT_EQ(told,
              "ok      one: fixed complete to 1 preemption; 1 under coarse locks; T s\n"
              "FAILED  wrong: fixed complete to 1 preemption; T s\n");
    EXPECT_FALSE(r.says("under coarse locks;")) << r.out;
    EXPECT_EQ(heddle.run({"survey", "--quiet"}).err, "");
}

TEST(Survey, FailsWhereOneRaceFailsAndSaysWhich) {
    heddle_call heddle;
    write_race(heddle, "right", "t", "expect fixed { no bug }");
    write_race(heddle, "wrong", "t", "expect fixed { exists (fate P1 == held) }");
    const heddle_result r = heddle.run({"survey"});
    EXPECT_EQ(r.status, 1) << r.out << r.err;
    EXPECT_TRUE(r.says("FAILED  wrong fixed: exists (fate P1 == held)")) << r.out;
}

TEST(Survey, SaysWhatIsNoSurvey) {
    heddle_call heddle;
    write_race(heddle, "right", "t", "expect fixed { no bug }");
    EXPECT_EQ(heddle.run({"survey", "--tag", "nobody"}).status, 2);
    EXPECT_EQ(heddle.run({"survey", "--race", "nobody"}).status, 2);
    const heddle_result r = heddle.run({"survey", "--resume", "x.checkpoint"});
    EXPECT_EQ(r.status, 2);
    EXPECT_NE(r.err.find("about one variant"), std::string::npos) << r.err;
}

}  // namespace

}  // namespace scenario::test
