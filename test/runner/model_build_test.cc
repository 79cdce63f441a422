// model_build_test - variants of a small model: what is compiled again, what is refused and in which
// words, and who waits for whom.

#include "scenarios/runner/model_build.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <set>

#include "scenarios/runner/model_cache.h"
#include "scenarios/runner/model_includes.h"
#include "scenarios/runner/model_objects.h"
#include "scenarios/runner/model_tree.h"
#include "scenarios/runner/sha1.h"
#include "sim/program/symbols.h"
#include "test/runner/fake_model.h"

namespace {

namespace fs = std::filesystem;
using words = std::vector<std::string>;

const char* const plus_one = "    return n + 1;";

class model_build : public ::testing::Test {
  protected:
    model_build() { fake.build(); }

    // The message of a build that must fail, without the folder's changing name.
    std::string error_of(const words& patches) {
        fake.make(patches);
        EXPECT_FALSE(fake.made);
        std::string text = fake.error;
        const std::string folder = fake.path("");
        for (size_t at = text.find(folder); at != text.npos; at = text.find(folder)) {
            text.erase(at, folder.size());
        }
        return text;
    }

    // A patch of these lines in races/x.patch.
    std::string patch(const std::string& text) { return fake.write("races/x.patch", text); }

    // Source files of the module's functions, and their names.
    static std::set<std::string> functions_of(const std::string& module) {
        std::string failure;
        const auto symbols = sim::symbols::open_or_null(module, failure);
        EXPECT_NE(symbols, nullptr) << failure;
        std::set<std::string> names;
        for (const sim::function_symbol& f : symbols->functions()) {
            const std::string file = symbols->locate(f.begin).file;
            // Not what the compiler made up for the module's beginning.
            if (file.find("model/") != file.npos && !f.name.starts_with("_")) {
                names.insert(file + " " + f.name);
            }
        }
        return names;
    }

    [[nodiscard]] size_t modules() const {
        size_t count = 0;
        for (const auto& entry : fs::directory_iterator(fake.cache())) {
            count += fs::exists(entry.path() / "model.so") ? 1 : 0;
        }
        return count;
    }

    fake_model fake;
};

const std::set<std::string> all_functions = {"model/count.cc count", "model/factor.h factor",
                                             "model/start.cc start", "model/twice.cc twice"};

// ---- what is made --------------------------------------------------------------------------------

TEST_F(model_build, without_patches_it_is_the_fixed_module) {
    EXPECT_EQ(fake.make({}), words{});
    ASSERT_TRUE(fake.made) << fake.error;
    EXPECT_EQ(fake.module, fake.path("lib/model.so"));
    EXPECT_TRUE(fake.said.empty());
    EXPECT_EQ(functions_of(fake.module), all_functions);
    EXPECT_FALSE(fs::exists(fake.cache()));
}

TEST_F(model_build, compiles_what_the_patch_changes) {
    const std::string p =
        fake.write_patch("races/a.patch", "model/count.cc", plus_one, "    return n + 2;");
    EXPECT_EQ(fake.make({p}), words{"model/count.cc"});
    ASSERT_TRUE(fake.made) << fake.error;
    EXPECT_EQ(fake.said, (words{"v: compiling model/count.cc", "v: linking"}));
    EXPECT_TRUE(fake.module.starts_with(fake.cache()));
    // Files are named as in the source tree, not after the copy.
    EXPECT_EQ(functions_of(fake.module), all_functions);
    std::string text;
    ASSERT_TRUE(scenario::read_text(fake.path("root/model/count.cc"), text));
    EXPECT_NE(text.find(plus_one), text.npos) << "the source itself was changed";
}

TEST_F(model_build, compiles_who_includes_a_changed_header) {
    const std::string factor =
        fake.write_patch("races/a.patch", "model/factor.h", "inline int factor() { return 2; }",
                         "inline int factor() { return 3; }");
    EXPECT_EQ(fake.make({factor}), words{"model/twice.cc"});
    ASSERT_TRUE(fake.made) << fake.error;
    EXPECT_EQ(functions_of(fake.module), all_functions);

    const std::string count = fake.write_patch("races/b.patch", "model/count.h",
                                               "int count(int n);", "int count(int number);");
    EXPECT_EQ(fake.make({count}), (words{"model/count.cc", "model/twice.cc"}));
    EXPECT_TRUE(fake.made) << fake.error;
}

// g++ says nothing of headers in a folder that it has to search last, too: that of the project.
TEST_F(model_build, dependency_files_may_leave_out_headers) {
    const std::string object = fake.path("objects/model/twice.cc.o");
    fake.write("objects/model/twice.cc.o.d",
               object + ": \\\n " + fake.path("root/model/twice.cc") + "\n");
    const std::string p =
        fake.write_patch("races/a.patch", "model/factor.h", "inline int factor() { return 2; }",
                         "inline int factor() { return 3; }");
    EXPECT_EQ(fake.make({p}), words{"model/twice.cc"});
    EXPECT_TRUE(fake.made) << fake.error;
}

TEST_F(model_build, makes_a_module_once) {
    const std::string p =
        fake.write_patch("races/a.patch", "model/count.cc", plus_one, "    return n;");
    EXPECT_EQ(fake.make({p}).size(), 1U);
    const std::string first = fake.module;
    fake.make({p});
    EXPECT_TRUE(fake.made);
    EXPECT_TRUE(fake.said.empty());
    EXPECT_EQ(fake.module, first);
    // The same change under another name, with other prose, is the same module.
    std::string text;
    ASSERT_TRUE(scenario::read_text(p, text));
    fake.make({fake.write("races/other.patch", "Other words.\n" + text)});
    EXPECT_EQ(fake.module, first);
    EXPECT_EQ(modules(), 1U);
    // Nothing but the module is kept.
    EXPECT_EQ(std::distance(fs::directory_iterator(fs::path(first).parent_path()), {}), 1);
}

TEST_F(model_build, the_same_bytes_each_time) {
    const std::string p =
        fake.write_patch("races/a.patch", "model/count.cc", plus_one, "    return n;");
    const auto bytes_of_new = [&] {
        fs::remove_all(fake.cache());
        fake.make({p});
        std::string bytes;
        EXPECT_TRUE(scenario::read_text(fake.module, bytes));
        return bytes;
    };
    const std::string first = bytes_of_new();
    EXPECT_FALSE(first.empty());
    EXPECT_EQ(first, bytes_of_new());
}

TEST_F(model_build, applies_patches_in_order) {
    const std::string a =
        fake.write_patch("races/a.patch", "model/count.cc", plus_one, "    return n;");
    const std::string b = fake.write("races/b.patch",
                                     "--- a/model/count.cc\n+++ b/model/count.cc\n"
                                     "@@ -3,3 +3,3 @@\n int count(int n) {\n-    return n;\n"
                                     "+    return -n;\n }\n");
    EXPECT_EQ(fake.make({a, b}), words{"model/count.cc"});
    EXPECT_TRUE(fake.made) << fake.error;
    fake.make({b, a});
    EXPECT_FALSE(fake.made);
}

TEST_F(model_build, adds_and_removes_files) {
    const std::string p = patch(
        "diff --git a/model/more.cc b/model/more.cc\nnew file mode 100644\nindex 0000000..1\n"
        "--- /dev/null\n+++ b/model/more.cc\n@@ -0,0 +1,3 @@\n+#include \"model/count.h\"\n+\n"
        "+int count(int n) { return n; }\n"
        "diff --git a/model/count.cc b/model/count.cc\ndeleted file mode 100644\n"
        "--- a/model/count.cc\n+++ /dev/null\n@@ -1,5 +0,0 @@\n-#include \"model/count.h\"\n-\n"
        "-int count(int n) {\n-    return n + 1;\n-}\n");
    EXPECT_EQ(fake.make({p}), words{"model/more.cc"});
    ASSERT_TRUE(fake.made) << fake.error;
    EXPECT_TRUE(functions_of(fake.module).contains("model/more.cc count"));
    EXPECT_FALSE(functions_of(fake.module).contains("model/count.cc count"));
}

TEST_F(model_build, a_hunk_may_stand_at_another_line) {
    const std::string p = patch(
        "--- a/model/count.cc\n+++ b/model/count.cc\n@@ -1,3 +1,3 @@\n int count(int n) {\n"
        "-    return n + 1;\n+    return n;\n }\n");
    fake.make({p});
    EXPECT_TRUE(fake.made) << fake.error;
}

TEST_F(model_build, clang_names_files_as_in_the_source_tree) {
    fake.compiler = "clang++";
    fake.build();
    const std::string p =
        fake.write_patch("races/a.patch", "model/factor.h", "inline int factor() { return 2; }",
                         "inline int factor() { return 3; }");
    EXPECT_EQ(fake.make({p}), words{"model/twice.cc"});
    ASSERT_TRUE(fake.made) << fake.error;
    EXPECT_EQ(functions_of(fake.module), all_functions);
}

TEST_F(model_build, a_variant_may_leave_something_unused) {
    const std::string p =
        fake.write_patch("races/a.patch", "model/count.cc", plus_one, "    int unused; return n;");
    fake.make({p});
    EXPECT_TRUE(fake.made) << fake.error;
}

// ---- a build that is not up to date --------------------------------------------------------------

TEST_F(model_build, a_source_changed_after_the_build_is_compiled) {
    fake.write("root/model/factor.h", "#pragma once\ninline int factor() { return 4; }\n");
    EXPECT_EQ(fake.make({}), words{"model/twice.cc"});
    ASSERT_TRUE(fake.made) << fake.error;
    EXPECT_NE(fake.module, fake.path("lib/model.so"));
    const std::string p =
        fake.write_patch("races/a.patch", "model/count.cc", plus_one, "    return n;");
    // twice.cc as it is now was compiled for the module without patches.
    EXPECT_EQ(fake.make({p}), words{"model/count.cc"});
}

TEST_F(model_build, a_change_is_seen_whatever_its_date) {
    const auto long_ago =
        fs::last_write_time(fake.path("lib/model.manifest")) - std::chrono::hours(1);
    fs::last_write_time(
        fake.write("root/model/factor.h", "#pragma once\ninline int factor() { return 4; }\n"),
        long_ago);
    EXPECT_EQ(fake.make({}), words{"model/twice.cc"});
}

TEST_F(model_build, objects_of_a_later_build_are_not_trusted) {
    const std::string object = fake.path("objects/model/count.cc.o");
    const auto later = fs::last_write_time(fake.path("lib/model.manifest")) + std::chrono::hours(1);
    fs::last_write_time(object, later);
    EXPECT_EQ(fake.make({}), words{"model/count.cc"});
    fs::remove(object);
    fs::remove_all(fake.cache());
    EXPECT_EQ(fake.make({}), words{"model/count.cc"});
    EXPECT_TRUE(fake.made) << fake.error;
}

TEST_F(model_build, other_flags_are_another_module) {
    const std::string p =
        fake.write_patch("races/a.patch", "model/count.cc", plus_one, "    return n;");
    fake.make({p});
    fake.flags = {"-Wextra"};
    fake.build();
    fake.make({p});
    EXPECT_EQ(modules(), 1U) << "warnings change no module";
    fake.flags = {"-DMORE=1"};
    fake.build();
    fake.make({p});
    EXPECT_EQ(modules(), 2U);
}

TEST_F(model_build, an_installed_model_has_no_sources) {
    fs::remove_all(fake.path("root"));
    fake.make({});
    EXPECT_TRUE(fake.made) << fake.error;
    EXPECT_EQ(fake.module, fake.path("lib/model.so"));
    EXPECT_EQ(
        error_of({patch("--- a/model/count.cc\n+++ b/model/count.cc\n@@ -1 +1 @@\n-a\n+b\n")}),
        "root/model: not there any more; variants are made from it");
}

// ---- errors --------------------------------------------------------------------------------------

TEST_F(model_build, error_no_manifest) {
    fs::remove(fake.manifest());
    EXPECT_EQ(
        error_of({}),
        "lib/model.manifest: No such file or directory; it is written when the model is built");
    fake.write("lib/model.manifest", "heddle model manifest 1\nroof x\n");
    EXPECT_EQ(error_of({}),
              "lib/model.manifest:2: not understood: 'roof x'; build the model again");
}

TEST_F(model_build, error_no_such_patch) {
    fake.write("races/late_wait.patch", "");
    fake.write("races/giant.patch", "");
    EXPECT_EQ(error_of({fake.path("races/late_wiat.patch")}),
              "races/late_wiat.patch: no such file; did you mean 'late_wait.patch'?");
    EXPECT_EQ(error_of({fake.path("races")}), "races: not a file that can be read");
}

TEST_F(model_build, error_empty_patch) {
    EXPECT_EQ(error_of({patch("")}),
              "races/x.patch: changes nothing: there is no '--- a/model/...' in it");
    EXPECT_EQ(error_of({patch("Prose.\n--- a/model/count.cc\n+++ b/model/count.cc\n")}),
              "races/x.patch:2: changes nothing in model/count.cc");
}

TEST_F(model_build, error_other_files) {
    const std::string hunk = "@@ -1 +1 @@\n-a\n+b\n";
    const char* const only =
        " is not part of the model: a variant's patch changes files "
        "a/model/... only";
    EXPECT_EQ(error_of({patch("--- a/sim/x.cc\n+++ b/sim/x.cc\n" + hunk)}),
              std::string("races/x.patch:1: sim/x.cc") + only);
    EXPECT_EQ(error_of({patch("--- a/model/../x.cc\n+++ b/model/../x.cc\n" + hunk)}),
              std::string("races/x.patch:1: model/../x.cc") + only);
    EXPECT_EQ(error_of({patch("--- model/count.cc\n+++ model/count.cc\n" + hunk)}),
              std::string("races/x.patch:1: count.cc") + only);
    EXPECT_EQ(error_of({patch("--- a/model/README.md\n+++ b/model/README.md\n" + hunk)}),
              "races/x.patch:1: model/README.md is no C or C++ file");
    EXPECT_EQ(error_of({patch("--- a/model/count.cc\n+++ b/model/twice.cc\n" + hunk)}),
              "races/x.patch:1: names two files, model/count.cc and model/twice.cc");
    EXPECT_EQ(error_of({patch("x\nrename from model/a.cc\n")}),
              "races/x.patch:2: a variant's patch changes text, it does not move or copy files: "
              "'rename from model/a.cc'");
}

TEST_F(model_build, error_no_such_file_in_the_model) {
    const std::string hunk = "@@ -1 +1 @@\n-a\n+b\n";
    EXPECT_EQ(error_of({patch("--- a/model/cuont.cc\n+++ b/model/cuont.cc\n" + hunk)}),
              "races/x.patch:1: does not apply: the model has no model/cuont.cc; did you mean "
              "'model/count.cc', 'model/count.h' or 'model/start.cc'?");
    EXPECT_EQ(error_of({patch("--- /dev/null\n+++ b/model/count.cc\n@@ -0,0 +1 @@\n+b\n")}),
              "races/x.patch:1: does not apply: the model already has a model/count.cc");
}

TEST_F(model_build, error_broken_hunk) {
    const std::string names = "--- a/model/count.cc\n+++ b/model/count.cc\n";
    EXPECT_EQ(error_of({patch(names + "@@ -1,2 +1 @@\n-a\n+b\n")}),
              "races/x.patch:3: the hunk is shorter than its head says");
    EXPECT_EQ(error_of({patch(names + "@@ -1 +1 @@\n-a\n+b\n+c\n")}),
              "races/x.patch:3: the hunk is longer than its head says");
    EXPECT_EQ(error_of({patch(names + "@@ -1,2 +1,2 @@\n-a\n-b\nprose\n")}),
              "races/x.patch:6: the hunk is shorter than its head says");
    EXPECT_EQ(error_of({patch(names + "@@ here @@\n")}),
              "races/x.patch:3: not the head of a hunk: '@@ here @@'");
    EXPECT_EQ(error_of({patch("@@ -1 +1 @@\n-a\n+b\n")}),
              "races/x.patch:1: a hunk before any '--- a/model/...'");
}

TEST_F(model_build, error_does_not_apply) {
    const std::string p = patch(
        "--- a/model/twice.cc\n+++ b/model/twice.cc\n@@ -1,2 +1,2 @@\n"
        "-#include \"model/count.h\"\n+#include \"count.h\"\n #include \"model/factor.h\"\n"
        "--- a/model/count.cc\n+++ b/model/count.cc\n@@ -1 +1 @@\n-#include \"model/count.h\"\n"
        "+#include \"count.h\"\n@@ -3,3 +3,3 @@\n int other(int n) {\n-    return n - 1;\n"
        "+    return n;\n other\n");
    EXPECT_EQ(error_of({p}),
              "races/x.patch:12: does not apply to model/count.cc:\n"
              "patching file model/twice.cc\npatching file model/count.cc\n"
              "Hunk #2 FAILED at 3.\n1 out of 2 hunks FAILED\n");
    EXPECT_EQ(modules(), 0U);
}

TEST_F(model_build, error_applies_only_with_fuzz) {
    const std::string p = patch(
        "--- a/model/count.cc\n+++ b/model/count.cc\n@@ -2,4 +2,4 @@\n \n int count(int m) {\n"
        "-    return n + 1;\n+    return n;\n }\n");
    const std::string error = error_of({p});
    EXPECT_TRUE(
        error.starts_with("races/x.patch:3: applies only with fuzz to model/count.cc, whose "
                          "lines around the change are others by now:\n"))
        << error;
    EXPECT_NE(error.find("Hunk #1 succeeded at 2 with fuzz 2.\n"), error.npos) << error;
}

TEST_F(model_build, error_does_not_compile) {
    const std::string p =
        fake.write_patch("races/a.patch", "model/count.cc", plus_one, "    return m + 1;");
    const std::string error = error_of({p});
    EXPECT_TRUE(error.starts_with("races/a.patch: model/count.cc does not compile:\n")) << error;
    EXPECT_NE(error.find("\nmodel/count.cc:4:12: error: "), error.npos) << error;
    EXPECT_EQ(error.find("variants"), error.npos) << error;
    EXPECT_EQ(std::distance(fs::directory_iterator(fake.cache()), {}), 1)
        << "only the lock is left";
}

TEST_F(model_build, error_of_several_files_is_the_first) {
    const std::string p = fake.write_patch("races/a.patch", "model/count.h", "int count(int n);",
                                           "int count(long);;x");
    for (int i = 0; i < 4; ++i) {
        EXPECT_TRUE(error_of({p}).starts_with("races/a.patch: model/count.cc does not compile:\n"));
    }
}

TEST_F(model_build, error_does_not_link) {
    std::string text;
    ASSERT_TRUE(scenario::read_text(fake.manifest(), text));
    fake.write("lib/model.manifest", text + "link_flag -Wl,--no-such-option\n");
    const std::string p =
        fake.write_patch("races/a.patch", "model/count.cc", plus_one, "    return n;");
    const std::string error = error_of({p});
    EXPECT_TRUE(error.starts_with("races/a.patch: the model does not link:\n")) << error;
}

TEST_F(model_build, error_no_compiler) {
    std::string text;
    ASSERT_TRUE(scenario::read_text(fake.manifest(), text));
    const size_t at = text.find("compiler g++");
    fake.write("lib/model.manifest", text.replace(at, 12, "compiler g++-1"));
    const std::string p =
        fake.write_patch("races/a.patch", "model/count.cc", plus_one, "    return n;");
    EXPECT_EQ(error_of({p}),
              "the compiler g++-1 is not installed; variants of the model are made "
              "with it");
}

// ---- several at once -----------------------------------------------------------------------------

TEST_F(model_build, two_processes_at_once) {
    const std::string p =
        fake.write_patch("races/a.patch", "model/count.cc", plus_one, "    return n;");
    constexpr int processes = 3;
    for (int i = 0; i < processes; ++i) {
        if (fork() == 0) {
            const size_t compiled = fake.make({p}).size();
            _exit(fake.made ? static_cast<int>(compiled) : 99);
        }
    }
    int compiled = 0;
    for (int i = 0; i < processes; ++i) {
        int status = 0;
        wait(&status);
        ASSERT_TRUE(WIFEXITED(status));
        compiled += WEXITSTATUS(status);
    }
    EXPECT_EQ(compiled, 1) << "one makes it, the others wait";
    EXPECT_TRUE(fake.make({p}).empty());
    EXPECT_EQ(functions_of(fake.module), all_functions);
}

TEST_F(model_build, what_a_dead_maker_left_is_removed) {
    fake.write("root/build/variants/0123/tree/model/count.cc", "");
    const std::string p =
        fake.write_patch("races/a.patch", "model/count.cc", plus_one, "    return n;");
    fake.make({p});
    EXPECT_TRUE(fake.made) << fake.error;
    EXPECT_FALSE(fs::exists(fake.cache("0123")));
}

TEST_F(model_build, the_cache_is_bounded) {
    const auto now = fs::last_write_time(fake.manifest());
    for (size_t i = 0; i < scenario::model_cache::modules_max; ++i) {
        const std::string folder = "root/build/variants/" + std::to_string(i);
        fake.write(folder + "/model.so", "");
        fs::last_write_time(fake.path(folder), now - std::chrono::seconds(i + 1));
    }
    const std::string p =
        fake.write_patch("races/a.patch", "model/count.cc", plus_one, "    return n;");
    fake.make({p});
    EXPECT_TRUE(fake.made) << fake.error;
    EXPECT_EQ(modules(), scenario::model_cache::modules_max);
    EXPECT_TRUE(fs::exists(fake.cache("62")));
    EXPECT_FALSE(fs::exists(fake.cache("63"))) << "used longest ago";
}

// ---- parts ---------------------------------------------------------------------------------------

TEST(sha1, vectors_of_the_standard) {
    EXPECT_EQ(scenario::sha1_of(""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    EXPECT_EQ(scenario::sha1_of("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    EXPECT_EQ(scenario::sha1_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
    EXPECT_EQ(scenario::sha1_of(std::string(1000000, 'a')),
              "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

TEST(depfile, the_syntax_of_make) {
    EXPECT_EQ(scenario::parse_depfile("/o/a.o: /s/a.cc \\\n /s/a\\ b.h /s/$$x.h\\\n /s/\\#.h\n"),
              (words{"/s/a.cc", "/s/a b.h", "/s/$x.h", "/s/#.h"}));
    EXPECT_EQ(scenario::parse_depfile(""), words{});
}

TEST(include_graph, finds_rather_too_much_than_too_little) {
    const scenario::model_tree tree = {
        {"model/a.cc", {"  #  include <model/net/b.h> // x\n#includes\n", ""}},
        {"model/net/b.h", {"#if 0\n#include \"../kern/./c.h\"\n#endif\n#include <vector>\n", ""}},
        {"model/kern/c.h", {"#include \"net/b.h\"\n", ""}},
        {"model/d.cc", {"#define D <e>\n#include D\n", ""}},
        {"model/e.cc", {"// #include \"model/net/b.h\"\n", ""}}};
    const scenario::include_graph graph(tree);
    using names = std::set<std::string>;
    EXPECT_EQ(graph.read_by("model/e.cc"), names{"model/e.cc"});
    EXPECT_EQ(graph.read_by("model/d.cc").size(), tree.size());
    EXPECT_EQ(graph.read_by("model/net/b.h"), (names{"model/kern/c.h", "model/net/b.h"}));
    EXPECT_TRUE(graph.read_by("model/a.cc").contains("model/kern/c.h"));
}

// The manifest that CMake writes, of the model in tiny/.
TEST(model_manifest, of_the_build) {
    std::string module;
    std::string error;
    words said;
    const auto observer = [&](const std::string& what) { said.push_back(what); };
    ASSERT_TRUE(scenario::model_module_from(HEDDLE_TINY_MANIFEST, "v", {}, module, error, observer))
        << error;
    EXPECT_TRUE(said.empty()) << said[0];
    EXPECT_TRUE(module.ends_with("/tiny_model.so")) << module;
    const std::string patch = HEDDLE_TINY_SOURCE "/three.patch";
    fs::remove_all(HEDDLE_TINY_CACHE);
    ASSERT_TRUE(
        scenario::model_module_from(HEDDLE_TINY_MANIFEST, "v", {patch}, module, error, observer))
        << error;
    EXPECT_EQ(said, (words{"v: compiling model/start.cc", "v: linking"}));
}

}  // namespace
