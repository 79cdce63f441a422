// `heddle cc`: what it makes, what it refuses, and that the same text gives the same bytes.
#include "sim/program/cc.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "sim/program/symbols.h"
#include "test/sim_program/subject_maker.h"

namespace {

namespace fs = std::filesystem;

class cc : public testing::Test {
  protected:
    subject_maker make;
};

using compilers = testing::TestWithParam<const char*>;

TEST_P(compilers, c_and_cxx_in_one_program) {
    subject_maker make;
    const std::string c = make.write("part.c", "int twice(int x) { return 2 * x; }\n");
    const std::string cxx =
        make.write("whole.cc", "extern \"C\" int twice(int);\nint main() { return twice(0); }\n");
    ASSERT_EQ(make.cc({"--compiler", GetParam(), "-o", make.path("p.so"), c, cxx}), 0)
        << make.errors;
    EXPECT_EQ(make.errors, "");
    std::string error;
    const auto s = sim::symbols::open_or_null(make.path("p.so"), error);
    ASSERT_NE(s, nullptr) << error;
    EXPECT_NE(s->main_address(), 0u);
    EXPECT_EQ(s->functions_named("twice").size(), 1u);
}

// Every standard must compile with __builtin_memcpy and its kin redefined, constant evaluation too.
TEST_P(compilers, every_language_standard) {
    subject_maker make;
    const std::string source = make.write(
        "s.cc",
        "#include <algorithm>\n#include <map>\n#include <string>\n#include <vector>\n"
        "constexpr int same = __builtin_memcmp(\"ab\", \"ab\", 2);\n"
        "static_assert(same == 0, \"\");\n"
        "#if __cplusplus >= 201703L\n#include <string_view>\n"
        "static_assert(std::string_view(\"abc\") < std::string_view(\"abd\"));\n#endif\n"
        "#if __cplusplus >= 202002L\n#include <array>\n"
        "constexpr bool copied() { char a[3] = \"ab\", b[3]{}; std::copy(a, a + 3, b);\n"
        "    return std::equal(a, a + 3, b); }\nstatic_assert(copied());\n#endif\n"
        "template <int> struct pair_of { char c[6]; };\n"
        "int main() { std::map<std::string, int> m; m[\"x\"] = 1; pair_of<1> a{}, b{};\n"
        "    __builtin_memcpy(&a, &b, sizeof(pair_of<1>)); return (int)m.size() - 1; }\n");
    for (const char* standard : {"-std=c++11", "-std=c++14", "-std=c++17", "-std=c++20"}) {
        EXPECT_EQ(make.cc({"--compiler", GetParam(), "-Wall", "-Wextra", "-Werror", standard, "-o",
                           make.path("s.so"), source}),
                  0)
            << standard << "\n"
            << make.errors;
    }
}

TEST_P(compilers, the_same_text_gives_the_same_bytes_anywhere) {
    subject_maker one;
    subject_maker two;
    const fs::path here = fs::current_path();
    for (subject_maker* m : {&one, &two}) {
        m->write("src/a.cc",
                 "#include <string>\nnamespace { int x; }\n"
                 "int main() { std::string s = __FILE__; return x; }\n");
        fs::current_path(m->path(""));
        ASSERT_EQ(m->cc({"--compiler", GetParam(), "-o", "p.so", "src/a.cc"}), 0) << m->errors;
        fs::current_path(here);
    }
    EXPECT_EQ(contents_of(one.path("p.so")), contents_of(two.path("p.so")));
    std::string error;
    const auto s = sim::symbols::open_or_null(one.path("p.so"), error);
    ASSERT_NE(s, nullptr) << error;
    EXPECT_EQ(s->build_id().size(), 40u);
    EXPECT_EQ(s->locate(s->main_address()).file, "src/a.cc");
}

// What the module uses of the containers is ours; only wrapped functions still need the library's.
TEST_P(compilers, containers_bind_to_the_runtime) {
    subject_maker make;
    const std::string source = make.write(
        "c.cc",
        "#include <condition_variable>\n#include <list>\n#include <map>\n#include <memory>\n"
        "#include <mutex>\n#include <thread>\n#include <unordered_map>\n"
        "std::once_flag f; std::condition_variable v; std::shared_ptr<int> p;\n"
        "int main() { std::list<int> l{1}; l.remove(1); l.reverse(); std::map<int, int> m; m[1] = "
        "2;\n"
        "    m.erase(m.begin()); std::unordered_map<int, int> u; u[1] = 2; std::call_once(f, [] "
        "{});\n"
        "    std::thread t([] {}); t.join(); v.notify_all(); std::atomic_load(&p); return 0; }\n");
    ASSERT_EQ(make.cc({"--compiler", GetParam(), "-o", make.path("c.so"), source}), 0)
        << make.errors;
    std::string error;
    const auto s = sim::symbols::open_or_null(make.path("c.so"), error);
    ASSERT_NE(s, nullptr) << error;
    for (const std::string& name : s->undefined()) {
        for (const char* part : {"_List_node_base", "_Rb_tree_", "_M_start_thread", "__once",
                                 "condition_variable", "_Sp_locker"}) {
            EXPECT_EQ(name.find(part), std::string::npos) << name;
        }
    }
    const auto hooks = s->functions_named("_Rb_tree_insert_and_rebalance");
    ASSERT_EQ(hooks.size(), 1u);
    EXPECT_TRUE(s->has_entry_hook(*hooks[0]));
    EXPECT_EQ(s->functions_named("_M_unhook").size(), 1u);
}

TEST_P(compilers, objects_are_compiled_once_and_linked_later) {
    subject_maker make;
    const std::string source =
        make.write("o.c", "#include \"o.h\"\nint main(void) { return X; }\n");
    make.write("o.h", "#define X 0\n");
    ASSERT_EQ(make.cc({"--compiler", GetParam(), "-c", "-MMD", "-o", make.path("o.o"), source}), 0)
        << make.errors;
    const std::string dependencies = contents_of(make.path("o.d"));
    EXPECT_TRUE(dependencies.starts_with(make.path("o.o") + ":")) << dependencies;
    EXPECT_NE(dependencies.find("o.h"), std::string::npos) << dependencies;
    ASSERT_EQ(make.cc({"--compiler", GetParam(), "--slot", "3", "-o", make.path("o.so"),
                       make.path("o.o")}),
              0)
        << make.errors;
    std::string error;
    const auto s = sim::symbols::open_or_null(make.path("o.so"), error);
    ASSERT_NE(s, nullptr) << error;
    EXPECT_EQ(s->slot(), 3u);
    EXPECT_EQ(s->image().begin, 0x200030000000u);
}

TEST_P(compilers, text_that_does_not_compile_leaves_the_old_output) {
    subject_maker make;
    const std::string output = make.write("p.so", "old");
    const std::string source = make.write("bad.c", "int main(void) { return nothing; }\n");
    EXPECT_EQ(make.cc({"--compiler", GetParam(), "-o", output, source}), 2);
    EXPECT_NE(make.errors.find("bad.c:1:25: error"), std::string::npos) << make.errors;
    EXPECT_EQ(contents_of(output), "old");
    const auto left =
        std::distance(fs::directory_iterator(make.path("")), fs::directory_iterator());
    EXPECT_EQ(left, 2) << "temporary files stay behind";
}

INSTANTIATE_TEST_SUITE_P(both, compilers, testing::Values("g++", "clang++"),
                         [](const auto& which) { return which.index == 0 ? "gcc" : "clang"; });

TEST_F(cc, the_users_flags_win_over_pinned_ones) {
    const std::string source = make.write("v.cc", "int main() { return 0; }\n");
    ASSERT_EQ(make.cc({"-v", "-O2", "-std=c++17", "-o", make.path("v.so"), source}), 0);
    EXPECT_LT(make.output.find(" -O1 "), make.output.find(" -O2 ")) << make.output;
    EXPECT_LT(make.output.find(" -std=gnu++20 "), make.output.find(" -std=c++17 "));
}

TEST_F(cc, usage_errors_say_what_is_wrong) {
    const std::string source = make.write("u.c", "int main(void) { return 0; }\n");
    struct usage_case {
        std::vector<std::string> args;
        const char* message;
    };
    const usage_case cases[] = {
        {{}, "no input files"},
        {{"-o"}, "-o needs an argument"},
        {{source, "--slot"}, "--slot needs an argument"},
        {{source, "--slot", "16"}, "--slot 16: not a number below 16"},
        {{source, "--slot=x"}, "--slot x: not a number below 16"},
        {{source, "--compiler", "tcc"}, "--compiler tcc: not one of g++, gcc, clang++, clang"},
        {{source, "-I"}, "-I needs an argument"},
        {{source, "-static"}, "-static cannot be used"},
        {{source, "-fsanitize=address"}, "-fsanitize=address cannot be used"},
        {{"notes.txt"}, "notes.txt: neither C (.c) nor C++"},
        {{"-c", source, "other.c"}, "-c compiles one source file at a time"},
        {{make.path("none.c")}, "none.c: no such file"},
        {{"--compiler", "/nowhere/g++-99", source},
         "the compiler /nowhere/gcc-99 is not installed (Debian package g++)"},
    };
    for (const usage_case& c : cases) {
        EXPECT_EQ(make.cc(c.args), 2) << c.message;
        EXPECT_NE(make.errors.find(c.message), std::string::npos) << c.message << "\n"
                                                                  << make.errors;
    }
    EXPECT_EQ(make.cc({"--help"}), 0);
    EXPECT_TRUE(make.output.starts_with("usage: heddle cc")) << make.output;
}

TEST_F(cc, link_errors_are_passed_through) {
    const std::string a = make.write("a.c", "int main(void) { return 0; }\n");
    const std::string b = make.write("b.c", "int main(void) { return 1; }\n");
    EXPECT_EQ(make.cc({"-o", make.path("p.so"), a, b}), 2);
    EXPECT_NE(make.errors.find("multiple definition"), std::string::npos) << make.errors;
    EXPECT_FALSE(fs::exists(make.path("p.so")));
}

}  // namespace
