// The linter as a unit test: each rule of tidy_rules.h first on a snippet that breaks it and on one
// that does not, then on the whole checkout.

#include "test/tidy_rules.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace tidy {
namespace {

using rule = std::function<complaints(const source&)>;

std::string repeated(const std::string& text, size_t count) {
    std::string all;
    for (size_t i = 0; i < count; ++i) {
        all += text;
    }
    return all;
}

// What a rule has to say of a file with this path and text.
complaints of(const rule& check, const std::string& path, const std::string& text) {
    return check(source(path, text));
}

void expect_checkout_follows(const rule& check, const std::vector<std::string>& endings) {
    std::string found;
    for (const source& file : read_checkout(HEDDLE_CHECKOUT, endings)) {
        for (const complaint& c : check(file)) {
            found += "\n" + c.path + ":" + std::to_string(c.line) + ": " + c.what;
        }
    }
    EXPECT_TRUE(found.empty()) << found;
}

const std::vector<std::string> sources = {".h", ".cc", ".c"};

// ---- the views -----------------------------------------------------------------------------------

TEST(tidy_source, blanks_comments_and_literals_and_keeps_lines) {
    const source file("sim/a.cc", "a /* b\n b */ \"c // \\\" d\" 'e' 1'000; // f\ng");
    EXPECT_EQ(file.code(), "a     \n                      1'000;     \ng");
    EXPECT_EQ(file.line_count(), 3U);
    EXPECT_EQ(file.line_at(file.code().find('g')), 3U);
}

TEST(tidy_source, blanks_raw_strings) {
    const source file("sim/a.cc", "x = R\"y(\"{\" )\" {)y\"; z");
    EXPECT_EQ(file.code().find('{'), std::string::npos);
    EXPECT_TRUE(file.code().ends_with("; z"));
}

TEST(tidy_source, finds_this_file) {
    bool found = false;
    for (const source& file : read_checkout(HEDDLE_CHECKOUT, sources)) {
        found = found || file.path() == "test/tidy_test.cc";
    }
    EXPECT_TRUE(found) << "the checkout at " << HEDDLE_CHECKOUT << " does not hold this test";
}

// ---- each rule on snippets -----------------------------------------------------------------------

TEST(tidy_rules, file_length) {
    EXPECT_TRUE(of(check_file_length, "sim/a.cc", repeated("x\n", 500)).empty());
    EXPECT_EQ(of(check_file_length, "sim/a.cc", repeated("x\n", 501)).size(), 1U);
    EXPECT_TRUE(of(check_file_length, "test/a.cc", repeated("x\n", 800)).empty());
    EXPECT_EQ(of(check_file_length, "test/a.cc", repeated("x\n", 801)).size(), 1U);
}

TEST(tidy_rules, function_length) {
    const auto lines = [](const std::string& head, size_t count) {
        return head + " {\n" + repeated("    { x(); }\n", count) + "}\n";
    };
    for (const char* head : {"int f(int a)", "bool t::f() const", "t::t(int a) : a_{a}, b_(2)",
                             "TEST(a, b)", "template <class T>\nstruct s f(T)"}) {
        EXPECT_TRUE(of(check_function_length, "sim/a.cc", lines(head, 68)).empty()) << head;
        const complaints found = of(check_function_length, "sim/a.cc", lines(head, 69));
        ASSERT_EQ(found.size(), 1U) << head;
        EXPECT_EQ(found[0].what, "function of 71 lines");
    }
}

TEST(tidy_rules, function_length_leaves_types_and_tables_alone) {
    const std::string many = repeated("    int f(int x);\n", 90);
    EXPECT_TRUE(of(check_function_length, "sim/a.h", "class c {\n" + many + "};\n").empty());
    EXPECT_TRUE(of(check_function_length, "sim/a.h", "namespace n {\n" + many + "}\n").empty());
    EXPECT_TRUE(
        of(check_function_length, "sim/a.h", "struct alignas(64) s {\n" + many + "};\n").empty());
    const std::string rows = repeated("    {f(1), 2},\n", 90);
    EXPECT_TRUE(of(check_function_length, "sim/a.cc", "row t[] = {\n" + rows + "};\n").empty());
}

TEST(tidy_rules, function_length_sees_members_and_what_follows_a_short_one) {
    const std::string body = " {\n" + repeated("    x();\n", 80) + "    }\n";
    EXPECT_EQ(of(check_function_length, "sim/a.h", "class c {\n    int f()" + body + "};\n").size(),
              1U);
    EXPECT_EQ(of(check_function_length, "sim/a.cc", "int f() { return 1; }\nint g()" + body).size(),
              1U);
}

TEST(tidy_rules, folder_arrows) {
    const auto including = [](const std::string& from, const std::string& included) {
        return of(check_folder_arrows, from, "#pragma once\n#include \"" + included + "\"\n")
            .empty();
    };
    EXPECT_TRUE(including("sim/a.h", "sim/trace/trace.h"));
    EXPECT_FALSE(including("sim/a.h", "model/net/route.h"));
    EXPECT_FALSE(including("sim/a.h", "scenarios/script.h"));
    EXPECT_FALSE(including("sim/a.h", "viz/columns.h"));
    EXPECT_TRUE(including("model/net/a.h", "model/kern/mutex.h"));
    EXPECT_TRUE(including("model/net/a.h", "sim/annotate.h"));
    EXPECT_FALSE(including("model/net/a.h", "sim/machine/machine.h"));
    EXPECT_FALSE(including("model/net/a.h", "test/golden.h"));
    EXPECT_TRUE(including("viz/a.h", "sim/trace/trace.h"));
    EXPECT_FALSE(including("viz/a.h", "sim/machine/machine.h"));
    EXPECT_TRUE(including("scenarios/a.h", "model/admin/command.h"));
    EXPECT_FALSE(including("scenarios/a.h", "model/net/route.h"));
    EXPECT_TRUE(including("test/sim/a.cc", "model/net/route.h"));
    EXPECT_FALSE(including("test/sim/a.cc", "../model/net/route.h"));
    EXPECT_EQ(of(check_folder_arrows, "sim/a.h", "#include <model/net/route.h>\n").size(), 1U);
}

TEST(tidy_rules, banned_names) {
    for (const char* bad :
         {"std::unordered_map<int, int> m;", "unordered_set<int> s;", "std::random_device d;",
          "int x = rand();", "srand(1);", "auto t = time(nullptr);",
          "std::chrono::system_clock::now();", "getenv(n);"}) {
        EXPECT_EQ(of(check_banned_names, "sim/a.cc", bad).size(), 1U) << bad;
    }
    for (const char* good : {"// a std::unordered_map would do", "f(\"getenv\");", "operand(1);",
                             "advance_time(nullptr);", "std::map<int, int> m;"}) {
        EXPECT_TRUE(of(check_banned_names, "sim/a.cc", good).empty()) << good;
    }
    EXPECT_TRUE(of(check_banned_names, "test/golden.cc", "getenv(n);").empty());
}

TEST(tidy_rules, unfinished_marks) {
    const std::string mark = "TODO";
    EXPECT_EQ(of(check_unfinished_marks, "sim/a.cc", "int x;\n// " + mark + ": y\n").size(), 1U);
    EXPECT_EQ(of(check_unfinished_marks, "sim/a.cc", "// FIX" + std::string("ME\n")).size(), 1U);
    EXPECT_TRUE(of(check_unfinished_marks, "sim/a.cc", "f(\"" + mark + "\");\n").empty());
}

TEST(tidy_rules, macros) {
    EXPECT_EQ(of(check_macros, "sim/a.h", "#define MAX(a, b) a\n").size(), 1U);
    EXPECT_EQ(of(check_macros, "sim/a.h", "#ifdef X\n#  define X 1\n#endif\n").size(), 1U);
    EXPECT_TRUE(of(check_macros, "sim/a.h", "#define HEDDLE_MAX(a, b) a\n").empty());
    EXPECT_TRUE(of(check_macros, "sim/a.c", "#define _GNU_SOURCE\n// #define X\n").empty());
}

TEST(tidy_rules, header_opening) {
    EXPECT_TRUE(of(check_header_opening, "sim/a.h", "// a.h - what it is.\n").empty());
    EXPECT_EQ(of(check_header_opening, "sim/a.h", "#pragma once\n").size(), 1U);
    EXPECT_EQ(of(check_header_opening, "sim/a.h", "// b.h - what it is.\n").size(), 1U);
    EXPECT_TRUE(of(check_header_opening, "sim/a.cc", "int x;\n").empty());
}

TEST(tidy_rules, pf_links) {
    for (const char* use : {"m->pf.statekey = k;", "x(m.pf.inp);", "inp->inp_pf_sk.load();",
                            "(*sk).sk_inp", "sk ->\n sk_reverse", "m-> pf . inp"}) {
        EXPECT_EQ(of(check_pf_links, "model/netinet/udp.cc", use).size(), 1U) << use;
        EXPECT_TRUE(of(check_pf_links, "model/pf/a.cc", use).empty()) << use;
    }
    for (const char* declaration :
         {"pf_state_key* statekey = nullptr;", "// m->pf.statekey",
          "std::atomic<pf_state_key*> inp_pf_sk{nullptr};", "m.pf.flags"}) {
        EXPECT_TRUE(of(check_pf_links, "model/net/mbuf.h", declaration).empty()) << declaration;
    }
}

TEST(tidy_rules, machine_paths) {
    for (const std::string folder : {"work", "tmp", "home"}) {
        EXPECT_EQ(of(check_machine_paths, "sim/a.cc", "f(\"/" + folder + "/x\");").size(), 1U);
        EXPECT_EQ(of(check_machine_paths, "sim/a.cc", "// see /" + folder + "/x").size(), 1U);
        EXPECT_TRUE(of(check_machine_paths, "sim/a.cc", "net/" + folder + "/x").empty());
        EXPECT_TRUE(of(check_machine_paths, "sim/a.cc", "//" + folder + "ed well").empty());
    }
}

TEST(tidy_rules, readme_line) {
    const auto named = [](const std::string& name, const std::string& readme) {
        return check_readme_line(source("sim/" + name, ""), readme).empty();
    };
    EXPECT_TRUE(named("if.h", "| `if.h` | interfaces |"));
    EXPECT_FALSE(named("if.h", "| `pf_if.h` | interfaces |"));
    EXPECT_FALSE(named("if.cc", "| `if.h` | interfaces |"));
    EXPECT_TRUE(named("if.cc", "| `if.h`, `.cc` | interfaces |"));
    EXPECT_TRUE(named("if.cc", "| if.{h,cc} | interfaces |"));
    EXPECT_TRUE(named("if.h", "| if.{h,cc} | interfaces |"));
    EXPECT_FALSE(named("a.race", ""));
}

TEST(tidy_rules, readme_tables) {
    const auto wrong = [](const std::string& text) {
        return check_readme_tables(source("sim/README.md", text), [](const std::string& path) {
            return path == "sim/if.h" || path == "sim/trace/";
        });
    };
    EXPECT_TRUE(wrong("| file | what |\n|---|---|\n| `if.h` | x |\n| `trace/` | y |\n").empty());
    EXPECT_TRUE(wrong("| `if.h` | not `none.h` |\nand `none.cc`\n| `explore FILE` | |\n").empty());
    const complaints found = wrong("| `if.h`, `if.cc` | x |\n| `gone/` | y |\n");
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].what, "names what is not there: if.cc");
    EXPECT_EQ(found[1].line, 2U);
}

// ---- the checkout --------------------------------------------------------------------------------

TEST(tidy, files_are_short) {
    expect_checkout_follows(check_file_length, sources);
}

TEST(tidy, functions_are_short) {
    expect_checkout_follows(check_function_length, sources);
}

TEST(tidy, folders_include_along_the_arrows) {
    expect_checkout_follows(check_folder_arrows, sources);
}

TEST(tidy, no_banned_names) {
    expect_checkout_follows(check_banned_names, sources);
}

TEST(tidy, links_of_the_packet_filter_are_its_own) {
    expect_checkout_follows(check_pf_links, sources);
}

TEST(tidy, nothing_is_put_off) {
    expect_checkout_follows(check_unfinished_marks, sources);
}

TEST(tidy, macros_are_ours) {
    expect_checkout_follows(check_macros, sources);
}

TEST(tidy, headers_say_what_they_are) {
    expect_checkout_follows(check_header_opening, sources);
}

TEST(tidy, no_paths_of_machines) {
    expect_checkout_follows(check_machine_paths,
                            {".h", ".cc", ".c", ".race", ".patch", ".cmake", "CMakeLists.txt"});
}

// Between backquotes in the first column of each row.
std::vector<std::string> names_of_rows(const source& table) {
    std::vector<std::string> names;
    std::istringstream in(table.text());
    for (std::string line; std::getline(in, line);) {
        const std::string cell = line.substr(0, line.find('|', 1));
        for (size_t at = cell.find('`'); line.starts_with("| `") && at != std::string::npos;) {
            const size_t end = cell.find('`', at + 1);
            names.push_back(cell.substr(at + 1, end - at - 1));
            at = cell.find('`', end + 1);
        }
    }
    return names;
}

TEST(tidy, functions_said_to_be_upstreams_are_there) {
    std::string model;
    std::vector<std::string> names;
    for (const source& file : read_checkout(HEDDLE_CHECKOUT, {".h", ".cc", "upstream.md"})) {
        if (file.path() == "model/upstream.md") {
            names = names_of_rows(file);
        } else if (file.path().starts_with("model/")) {
            model += file.code();
        }
    }
    EXPECT_GT(names.size(), 60U);
    for (const std::string& name : names) {
        EXPECT_TRUE(model.find(" " + name + "(") != std::string::npos ||
                    model.find("*" + name + "(") != std::string::npos ||
                    model.find("&" + name + "(") != std::string::npos)
            << name;
    }
}

// `timer X may fire` knows the timers of the model by a table.
TEST(tidy, timers_have_names_that_scenarios_know) {
    std::set<std::string> told;
    std::set<std::string> known;
    const std::regex set(R"re(timeout_set(?:_housekeeping)?\([^;]*"(\w+)"\s*\);)re");
    const std::regex table(R"re(timer_names\[\] = \{([^}]*)\};)re");
    const std::regex literal(R"re("(\w+)")re");
    for (const source& file : read_checkout(HEDDLE_CHECKOUT, sources)) {
        if (!file.path().starts_with("model/")) {
            continue;
        }
        const std::string& text = file.text();
        for (std::sregex_iterator at(text.begin(), text.end(), set), end; at != end; ++at) {
            told.insert((*at)[1]);
        }
        if (std::smatch found; std::regex_search(text, found, table)) {
            const std::string names = found[1];
            for (std::sregex_iterator at(names.begin(), names.end(), literal), end; at != end;
                 ++at) {
                known.insert((*at)[1]);
            }
        }
    }
    EXPECT_FALSE(told.empty());
    EXPECT_EQ(told, known);
}

TEST(tidy, readmes_name_what_is_there) {
    const auto check = [](const source& readme) {
        return check_readme_tables(readme, [](const std::string& path) {
            return std::filesystem::exists(std::filesystem::path(HEDDLE_CHECKOUT) / path);
        });
    };
    expect_checkout_follows(check, {"README.md"});
}

TEST(tidy, every_file_has_its_line_in_the_readme) {
    const auto check_readme = [](const source& file) {
        const std::filesystem::path path = std::filesystem::path(HEDDLE_CHECKOUT) / file.path();
        std::ifstream in(path.parent_path() / "README.md");
        return check_readme_line(file, std::string(std::istreambuf_iterator<char>(in), {}));
    };
    expect_checkout_follows(check_readme, {".h", ".cc", ".c", ".race", ".patch"});
}

}  // namespace
}  // namespace tidy
