// --patch: a variant made on the spot, judged by what is expected of the fixed model.
#include "test/races/small_race.h"

namespace scenario::test {

namespace {

using nlohmann::json;

const char* const expectations =
    "schedule s { run net0 until enter if_output dev em1; run adm until blocked; run net0 until "
    "done }\n"
    "schedule any { explore dfs preemptions 1 }\n"
    "expect fixed { no bug; exists (fate P1 == dropped); s: fate P1 == forwarded em1 }";

std::string copy_of_patch(const heddle_call& heddle) {
    const std::string folder = std::string(HEDDLE_RACES) + "/if_destroy/";
    std::filesystem::copy_file(folder + "no_wait.patch", heddle.folder() / "try.patch");
    return "try.patch";
}

TEST(Patch, IsJudgedAsFixedIs) {
    heddle_call heddle;
    const std::string patch = copy_of_patch(heddle);
    const heddle_result r = run_with(heddle, "explore", expectations, {"--patch", patch});
    EXPECT_EQ(r.status, 1) << r.out << r.err;
    EXPECT_TRUE(r.says("patched: judged by what is expected of fixed")) << r.out;
    EXPECT_TRUE(r.says("no bug is expected of patched and does not hold")) << r.out;
    EXPECT_TRUE(r.says("use after free")) << r.out;
}

// The thread sanitizer reports the same race on native threads (test/thread_sanitizer).
TEST(Patch, WithADataRaceIsToldSo) {
    heddle_call heddle;
    std::filesystem::copy_file(HEDDLE_GENERATION_PATCH, heddle.folder() / "try.patch");
    const heddle_result r = run_with(heddle, "explore", expectations, {"--patch", "try.patch"});
    EXPECT_EQ(r.status, 1) << r.out << r.err;
    EXPECT_TRUE(r.says("data race")) << r.out;
    EXPECT_NE(r.out.find("generation"), std::string::npos) << r.out;
}

// The real model says where it must not sleep. Set-up looks interfaces up already: what is wrong is told there.
TEST(Patch, ThatSleepsInAReadSectionIsToldSo) {
    heddle_call heddle;
    std::ofstream(heddle.folder() / "try.patch")
        << R"(Whoever looks an interface up waits for writers.
--- a/model/net/if.cc
+++ b/model/net/if.cc
@@ -9,9 +9,13 @@
 
 namespace model::net {
 
+kern::rwlock lookups;
+
 ifnet* if_get(stack& st, unsigned index) {
     ifnet* ifp = nullptr;
     kern::smr_read_enter(st.smr);
+    kern::rw_enter_read(lookups);
+    kern::rw_exit(lookups);
     const if_map* map = st.idxmap.map.get();
     if (index < map->limit) {
         ifp = map->slot[index].get();
)";
    const heddle_result r = run_with(heddle, "explore", expectations, {"--patch", "try.patch"});
    EXPECT_NE(r.status, 0) << r.out << r.err;
    const std::string all = r.out + r.err;
    EXPECT_NE(all.find("set-up failed: "), std::string::npos) << all;
    EXPECT_NE(all.find("may sleep (rdlock model::net::lookups.lock_) in read section smr"),
              std::string::npos)
        << all;
}

TEST(Patch, IsTheOnlyVariantUnlessOthersAreNamed) {
    heddle_call heddle;
    const std::string patch = copy_of_patch(heddle);
    auto names = [&](const std::vector<std::string>& words) {
        std::string all;
        const heddle_result r = run_with(heddle, "explore", expectations, words);
        const json result = result_of(r);
        for (const json& v : result["variants"]) {
            all += v["name"].get<std::string>() + " ";
        }
        return all;
    };
    EXPECT_EQ(names({"--json", "--patch", patch}), "patched ");
    EXPECT_EQ(names({"--json", "--patch", patch, "--variant", "fixed"}), "fixed ");
    EXPECT_EQ(names({"--json", "--patch", patch, "--variant", "fixed", "--variant", "patched"}),
              "patched fixed ");
}

TEST(Patch, ItsTokensWantItAgain) {
    heddle_call heddle;
    const std::string patch = copy_of_patch(heddle);
    const heddle_result r = run_with(heddle, "explore", expectations, {"--json", "--patch", patch});
    const json findings = result_of(r)["variants"][0]["findings"];
    ASSERT_FALSE(findings.empty()) << r.out;
    const std::string token = findings[0]["token"];
    EXPECT_EQ(heddle.run({"replay", "t.race", token, "--patch", patch}).status, 0);
    const heddle_result without = heddle.run({"replay", "t.race", token});
    EXPECT_EQ(without.status, 2);
    EXPECT_NE(without.err.find("name it with --patch FILE"), std::string::npos) << without.err;
}

TEST(Patch, ThatIsNoneOrDoesNotFitIsExplained) {
    heddle_call heddle;
    const heddle_result none = run_with(heddle, "explore", expectations, {"--patch", "no.patch"});
    EXPECT_EQ(none.status, 2);
    EXPECT_NE(none.err.find("no.patch: no such file"), std::string::npos) << none.err;
    std::ofstream(heddle.folder() / "bad.patch")
        << "--- a/model/net/if.cc\n+++ b/model/net/if.cc\n@@ -1,1 +1,1 @@\n-not there\n+nor here\n";
    const heddle_result bad = run_with(heddle, "explore", expectations, {"--patch", "bad.patch"});
    EXPECT_EQ(bad.status, 2) << bad.out;
    EXPECT_NE(bad.err.find("bad.patch"), std::string::npos) << bad.err;
}

}  // namespace

}  // namespace scenario::test
