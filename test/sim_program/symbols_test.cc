// What is known of a subject file without running it.
#include "sim/program/symbols.h"

#include <gtest/gtest.h>

#include "sim/program/known_symbols.h"
#include "test/sim_program/subject_maker.h"

namespace {

const char* const program = R"(#include <atomic>
#include <mutex>
#include <string>
#include <stdio.h>
namespace net {
struct link { int up; char name[12]; };
struct base { long id = 1; };
struct ifnet : base { ifnet* next; link links[3]; union { int a; long b; }; std::mutex lock; };
ifnet em0;
ifnet* pool[2][3];
std::atomic<int> count{3};
int leaf(int x) { return x + 1; }
int if_put(ifnet* p) { return ++p->links[1].up; }
int if_put(int index) { return index + (int)em0.id; }
int bump() { return count.fetch_add(1); }
template <typename T> T* first(T* p) { return p->next ? p->next : p; }
}
std::string text = "long enough for the heap, this one";
thread_local int zero_tls;
thread_local long seven_tls = 7;
static int hits() { static int counter; return ++counter; }
const char* const constant = "x";
int main() {
    net::em0.next = &net::em0;
    printf("%d", hits() + net::leaf(1) + zero_tls + (int)seven_tls);
    return net::if_put(net::first(&net::em0)) + net::if_put(2);
}
)";

class subject : public testing::TestWithParam<const char*> {
  protected:
    void SetUp() override {
        const std::string source = make.write("a/prog.cc", program);
        ASSERT_EQ(make.cc({"--compiler", GetParam(), "-o", make.path("p.so"), source}), 0)
            << make.errors;
        std::string error;
        symbols = sim::symbols::open_or_null(make.path("p.so"), error, make.path("a"));
        ASSERT_NE(symbols, nullptr) << error;
    }

    // The address of a global plus an offset, as people see it.
    std::string name_at(const char* variable, uint64_t offset) const {
        const uint64_t address = symbols->address_of_data(variable);
        EXPECT_NE(address, 0u) << variable;
        return symbols->name_of_data(address + offset);
    }

    subject_maker make;
    std::unique_ptr<sim::symbols> symbols;
};

TEST_P(subject, functions_by_name) {
    EXPECT_EQ(symbols->functions_named("if_put").size(), 2u);
    EXPECT_EQ(symbols->functions_named("net::if_put").size(), 2u);
    EXPECT_EQ(symbols->functions_named("_ZN3net6if_putEi").size(), 1u);
    EXPECT_EQ(symbols->functions_named("first").size(), 1u);
    EXPECT_TRUE(symbols->functions_named("put").empty());
    const sim::function_symbol* f = symbols->functions_named("_ZN3net6if_putEi")[0];
    EXPECT_EQ(f->full, "net::if_put(int)");
    EXPECT_EQ(f->name, "net::if_put");
    EXPECT_EQ(f->short_name(), "if_put");
    EXPECT_EQ(symbols->function_at_or_null(f->begin), f);
    EXPECT_EQ(symbols->function_at_or_null(f->end - 1), f);
    EXPECT_EQ(symbols->function_at_or_null(1), nullptr);
    EXPECT_EQ(symbols->functions_named("main")[0]->begin, symbols->main_address());
}

TEST_P(subject, near_matches_are_near) {
    EXPECT_EQ(symbols->near_matches("if_pit"), std::vector<std::string>{"if_put"});
    EXPECT_EQ(symbols->near_matches("net::lead"), std::vector<std::string>{"leaf"});
    EXPECT_TRUE(symbols->near_matches("nothing_like_it").empty());
}

TEST_P(subject, entry_hooks_are_seen_where_they_are) {
    EXPECT_TRUE(symbols->has_entry_hook(*symbols->functions_named("main")[0]));
    for (const sim::function_symbol* f : symbols->functions_named("if_put")) {
        EXPECT_TRUE(symbols->has_entry_hook(*f)) << f->full;
    }
    EXPECT_FALSE(symbols->has_entry_hook(*symbols->functions_named("leaf")[0]));
}

TEST_P(subject, parameters_that_are_addresses) {
    const sim::function_symbol* by_index = symbols->functions_named("_ZN3net6if_putEi")[0];
    EXPECT_FALSE(symbols->takes_pointers(*by_index));
    EXPECT_TRUE(symbols->pointer_arguments(by_index->begin).empty());
    for (const sim::function_symbol* f : symbols->functions_named("if_put")) {
        if (f != by_index) {
            EXPECT_TRUE(symbols->takes_pointers(*f));
            const std::vector<sim::argument_place>& places = symbols->pointer_arguments(f->begin);
            ASSERT_EQ(places.size(), 1u);
            EXPECT_EQ(places[0].name, "p");
            EXPECT_EQ(places[0].where, sim::argument_place::kind::in_register);
        }
    }
    EXPECT_TRUE(symbols->pointer_arguments(12).empty());
}

TEST_P(subject, places_in_the_source) {
    const sim::function_symbol* f = symbols->functions_named("_ZN3net6if_putEi")[0];
    const sim::trace_frame& frame = symbols->locate(f->begin);
    EXPECT_EQ(frame.function, "net::if_put");
    EXPECT_EQ(frame.file, "prog.cc");
    EXPECT_EQ(frame.line, 14u);
    EXPECT_EQ(&symbols->locate(f->begin), &frame) << "answers stay where they are";
    EXPECT_EQ(symbols->locate(f->end - 1).line, 14u);
    EXPECT_EQ(symbols->locate(symbols->main_address()).line, 23u);
    EXPECT_EQ(symbols->locate(12), sim::trace_frame{});
    // Operations of std::atomic are put into who calls them: no line of a library's header is left.
    const sim::function_symbol* bump = symbols->functions_named("net::bump")[0];
    for (uint64_t pc = bump->begin; pc < bump->end; ++pc) {
        EXPECT_EQ(symbols->locate(pc).file, "prog.cc");
        EXPECT_EQ(symbols->locate(pc).line, 15u);
    }
}

TEST_P(subject, names_of_data) {
    EXPECT_EQ(name_at("em0", 0), "net::em0.id");
    EXPECT_EQ(name_at("em0", 8), "net::em0.next");
    EXPECT_EQ(name_at("em0", 16), "net::em0.links[0].up");
    EXPECT_EQ(name_at("em0", 16 + 16 + 4 + 5), "net::em0.links[1].name[5]");
    EXPECT_EQ(name_at("em0", 64), "net::em0.a");
    EXPECT_EQ(name_at("em0", 68), "net::em0.b+4");
    EXPECT_EQ(name_at("em0", 72), "net::em0.lock");
    EXPECT_EQ(name_at("pool", 0), "net::pool[0][0]");
    EXPECT_EQ(name_at("pool", 32), "net::pool[1][1]");
    EXPECT_EQ(name_at("pool", 35), "net::pool[1][1]+3");
    EXPECT_EQ(name_at("net::count", 0), "net::count");
    EXPECT_EQ(name_at("text", 0), "text");
    EXPECT_EQ(name_at("text", 8), "text+8");
    EXPECT_EQ(name_at("counter", 0), "hits::counter");
    EXPECT_EQ(symbols->name_of_data(8), "");
    EXPECT_EQ(symbols->address_of_data("nothing"), 0u);
}

TEST_P(subject, thread_local_image) {
    const sim::tls_image& tls = symbols->tls();
    EXPECT_EQ(tls.file_size, 8u);
    EXPECT_EQ(tls.memory_size, 12u);
    EXPECT_EQ(tls.alignment, 8u);
    EXPECT_EQ(symbols->name_of_tls(0), "seven_tls");
    EXPECT_EQ(symbols->name_of_tls(4), "seven_tls+4");
    EXPECT_EQ(symbols->name_of_tls(8), "zero_tls");
    EXPECT_EQ(symbols->name_of_tls(100), "");
}

TEST_P(subject, writable_memory_holds_the_variables_and_not_the_constants) {
    ASSERT_EQ(symbols->writable().size(), 1u);
    const sim::memory_range range = symbols->writable()[0];
    const auto inside = [&](const char* name) {
        return symbols->address_of_data(name) - range.begin < range.size;
    };
    EXPECT_EQ(range.begin % 4096, 0u);
    EXPECT_TRUE(inside("em0") && inside("pool") && inside("count") && inside("counter"));
    EXPECT_FALSE(inside("constant"));
    EXPECT_EQ(symbols->image().begin, 0x200000000000u);
    EXPECT_GE(symbols->image().begin + symbols->image().size, range.begin + range.size);
}

TEST_P(subject, needs_nothing_that_writes_unseen) {
    const std::vector<std::string>& needs = symbols->undefined();
    EXPECT_NE(std::find(needs.begin(), needs.end(), "printf"), needs.end());
    EXPECT_NE(std::find(needs.begin(), needs.end(), "__tsan_func_entry"), needs.end());
    EXPECT_EQ(sim::unseen_writers(needs), std::vector<std::string>{});
}

INSTANTIATE_TEST_SUITE_P(both, subject, testing::Values("g++", "clang++"),
                         [](const auto& which) { return which.index == 0 ? "gcc" : "clang"; });

std::string refusal(const std::string& path) {
    std::string error;
    EXPECT_EQ(sim::symbols::open_or_null(path, error), nullptr);
    return error.starts_with(path + ": ") ? error.substr(path.size() + 2) : error;
}

TEST(symbols, refuses_what_is_no_subject_and_says_why) {
    subject_maker make;
    EXPECT_EQ(refusal(make.path("none.so")), "No such file or directory");
    EXPECT_EQ(refusal(make.write("text.so", "#!/bin/sh\n")), "is not an ELF file");
    EXPECT_EQ(refusal(make.write("empty.so", "")), "is not an ELF file");

    const std::string source = make.write("r.c", "int main(void) { return 0; }\n");
    const auto shell = [&](const std::string& command) {
        EXPECT_EQ(std::system(command.c_str()), 0) << command;
    };
    ASSERT_EQ(make.cc({"-c", "-o", make.path("r.o"), source}), 0) << make.errors;
    EXPECT_EQ(refusal(make.path("r.o")), "is not a shared object");
    shell("gcc -shared -fPIC " + source + " -o " + make.path("plain.so"));
    EXPECT_EQ(refusal(make.path("plain.so")),
              "this file was not made by heddle cc (it is not linked at a heddle slot)");
    ASSERT_EQ(make.cc({"-o", make.path("r.so"), source}), 0) << make.errors;
    shell("strip -o " + make.path("bare.so") + " " + make.path("r.so"));
    EXPECT_EQ(refusal(make.path("bare.so")), "has no symbol table (was it stripped?)");

    std::string other = contents_of(make.path("r.so"));
    other[18] = 40;  // e_machine: 32-bit ARM
    EXPECT_EQ(refusal(make.write("arm.so", other)), "was made for another machine than x86-64");
    const std::string half = make.write("half.so", other.substr(0, 40));
    EXPECT_EQ(refusal(half), "is not an ELF file");
}

TEST(symbols, without_debug_information_names_are_coarser) {
    subject_maker make;
    const std::string source =
        make.write("g.c", "int table[4];\nint main(void) { return *table; }\n");
    ASSERT_EQ(make.cc({"-g0", "-o", make.path("g.so"), source}), 0) << make.errors;
    std::string error;
    const auto s = sim::symbols::open_or_null(make.path("g.so"), error);
    ASSERT_NE(s, nullptr) << error;
    EXPECT_EQ(s->name_of_data(s->address_of_data("table") + 8), "table+8");
    EXPECT_EQ(s->locate(s->main_address()), (sim::trace_frame{"main", "", 0}));
}

}  // namespace
