// explore --tree: its branches are the executions that are reported, those that fail have a token that replays, and
// strategies without a tree say so.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "test/command/heddle_call.h"

namespace scenario::test {

namespace {

using json = nlohmann::ordered_json;
using words = std::vector<std::string>;

struct tree_picture {
    std::string gv;
    json variant;  // of the report
};

tree_picture drawn(const heddle_call& heddle, const std::string& name, words more) {
    const std::string path = (heddle.folder() / "tree.gv").string();
    words all = {"explore", subject_path(name), "--json", "--tree", path};
    all.insert(all.end(), more.begin(), more.end());
    const heddle_result r = heddle.run(all);
    EXPECT_TRUE(r.status == 0 || r.status == 1) << r.err;
    return {contents(path), json::parse(r.lines().back()).at("variants").at(0)};
}

std::vector<std::smatch> all_of(const std::string& text, const std::regex& what) {
    return {std::sregex_iterator(text.begin(), text.end(), what), std::sregex_iterator()};
}

// Executions that end in the boxes of a picture in which nothing is folded.
uint64_t ends_in(const std::string& gv) {
    static const std::regex box("\n  \"e[0-9]+\" .*label=\"([^\"]*)\"");
    static const std::regex times("\\(([0-9]+) times\\)");
    static const std::regex given_up("^([0-9]+) given up");
    uint64_t sum = 0;
    for (const std::smatch& one : all_of(gv, box)) {
        const std::string label = one[1];
        std::smatch count;
        const bool many =
            std::regex_search(label, count, times) || std::regex_search(label, count, given_up);
        sum += many ? std::stoull(count[1]) : 1;
    }
    return sum;
}

TEST(Tree, HasABranchForEachExecution) {
    const heddle_call heddle;
    for (const char* name : {"sb", "mutex", "deadlock", "plain_race", "shared_cpu"}) {
        for (const char* strategy : {"optimal", "exhaustive", "bounded", "delay"}) {
            const tree_picture t = drawn(heddle, name, {"--strategy", strategy, "--boxes", "0"});
            const uint64_t executions = t.variant.at("executions").get<uint64_t>() +
                                        t.variant.at("blocked").get<uint64_t>();
            EXPECT_NE(t.gv.find("everything is shown"), std::string::npos) << name << strategy;
            EXPECT_EQ(ends_in(t.gv), executions) << name << " " << strategy << "\n" << t.gv;
        }
    }
}

TEST(Tree, IsTheSameBytesEachTime) {
    const heddle_call heddle;
    EXPECT_EQ(drawn(heddle, "plain_race", {}).gv, drawn(heddle, "plain_race", {}).gv);
}

TEST(Tree, FailsWhereTheReportSays) {
    const heddle_call heddle;
    for (const char* strategy : {"optimal", "exhaustive", "bounded", "delay"}) {
        const tree_picture t = drawn(heddle, "deadlock", {"--strategy", strategy});
        static const std::regex token("label=\"\\[[0-9]+\\] (h1/[^\"]*)\\\\l\"");
        const std::vector<std::smatch> tokens = all_of(t.gv, token);
        ASSERT_FALSE(tokens.empty()) << strategy << "\n" << t.gv;
        for (const std::smatch& one : tokens) {
            const heddle_result r = heddle.run({"replay", subject_path("deadlock"), one[1].str()});
            EXPECT_TRUE(r.says("DEADLOCK")) << one[1] << r.out << r.err;
        }
    }
}

TEST(Tree, SaysWhatItFolds) {
    const heddle_call heddle;
    const tree_picture t = drawn(heddle, "mutex", {"--boxes", "10"});
    static const std::regex said(
        "about 10 boxes are shown, what fails first; [0-9]+ subtrees with "
        "90 executions are folded");
    EXPECT_TRUE(std::regex_search(t.gv, said)) << t.gv;
}

// The picture says what was not tried, and why.
TEST(Tree, SaysWhatIsBeyondTheBound) {
    const heddle_call heddle;
    EXPECT_NE(drawn(heddle, "mutex", {"--strategy", "delay", "--delays", "1"})
                  .gv.find("beyond the bound"),
              std::string::npos);
}

TEST(Tree, IsRefusedWhereThereIsNone) {
    const heddle_call heddle;
    const std::string sb = subject_path("sb");
    const std::string file = (heddle.folder() / "x.svg").string();
    const std::pair<words, const char*> cases[] = {
        {{"--tree", file, "--strategy", "random"}, "those that have one: optimal, exhaustive"},
        {{"--tree", file, "--strategy", "portfolio"}, "those that have one: optimal, exhaustive"},
        {{"--tree", file, "--memory", "c11"}, "--strategy optimal has a tree"},
        {{"--tree", file, "-j", "2"}, "leave -j out"},
        {{"--tree", (heddle.folder() / "x.bmp").string()}, "there are .svg, .png, .pdf, .gv"},
        {{"--boxes", "7"}, "--boxes is about the picture of --tree FILE"},
    };
    for (const auto& [more, why] : cases) {
        words all = {"explore", sb};
        all.insert(all.end(), more.begin(), more.end());
        const heddle_result r = heddle.run(all);
        EXPECT_EQ(r.status, 2) << why;
        EXPECT_NE(r.err.find(why), std::string::npos) << r.err;
    }
}

}  // namespace

}  // namespace scenario::test
