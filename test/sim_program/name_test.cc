// Names as a person would write them.
#include "sim/program/name.h"

#include <gtest/gtest.h>

namespace {

struct name_case {
    const char* demangled;
    const char* plain;
    const char* last;
};

TEST(name, plain_and_last) {
    const name_case cases[] = {
        {"main", "main", "main"},
        {"net::if_put(net::ifnet*)", "net::if_put", "if_put"},
        {"net::ifnet::~ifnet()", "net::ifnet::~ifnet", "~ifnet"},
        {"void copy<int, std::vector<int> >(int, std::vector<int>)", "copy", "copy"},
        {"std::map<int, long>::begin() const", "std::map::begin", "begin"},
        {"(anonymous namespace)::table", "table", "table"},
        {"a::(anonymous namespace)::f(int)", "a::f", "f"},
        {"box<int>::operator()(int) const", "box::operator()", "operator()"},
        {"a::operator<<(std::ostream&, int)", "a::operator<<", "operator<<"},
        {"std::ostream& a::operator<< <char>(std::ostream&, int)", "a::operator<<", "operator<<"},
        {"bool operator< <int>(x<int> const&, x<int> const&)", "operator<", "operator<"},
        {"std::unique_ptr<int>::operator->() const", "std::unique_ptr::operator->", "operator->"},
        {"box::operator bool() const", "box::operator bool", "operator bool"},
        {"operator new(unsigned long)", "operator new", "operator new"},
        {"vec::operator[](unsigned long)", "vec::operator[]", "operator[]"},
        {"main::{lambda(int)#1}::operator()(int) const", "main::{lambda#1}::operator()",
         "operator()"},
        {"f(int)::{lambda()#2}::operator()() const", "f::{lambda#2}::operator()", "operator()"},
        {"f()::counter", "f::counter", "counter"},
        {"void (&std::forward<void (&)(int)>(int))(int)", "std::forward", "forward"},
        {"operators::run(int)", "operators::run", "run"},
        {"x::operator()<int>(int)", "x::operator()", "operator()"},
        {"x::operator=(x const&) &", "x::operator=", "operator="},
    };
    for (const name_case& c : cases) {
        const std::string plain = sim::plain_name(c.demangled);
        EXPECT_EQ(plain, c.plain) << c.demangled;
        EXPECT_EQ(sim::last_component(plain), c.last) << c.demangled;
    }
}

TEST(name, demangles_and_drops_clone_endings) {
    EXPECT_EQ(sim::demangle("_ZN3net6if_putEPNS_5ifnetE"), "net::if_put(net::ifnet*)");
    EXPECT_EQ(sim::demangle("_ZN3net6if_putEPNS_5ifnetE.constprop.0"), "net::if_put(net::ifnet*)");
    EXPECT_EQ(sim::demangle("if_put.part.0"), "if_put");
    EXPECT_EQ(sim::demangle("counter.3"), "counter");
    EXPECT_EQ(sim::demangle("_Znot_a_name"), "_Znot_a_name");
}

TEST(name, matches_by_last_components) {
    EXPECT_TRUE(sim::name_matches("model::net::if_put", "if_put"));
    EXPECT_TRUE(sim::name_matches("model::net::if_put", "net::if_put"));
    EXPECT_TRUE(sim::name_matches("model::net::if_put", "model::net::if_put"));
    EXPECT_FALSE(sim::name_matches("model::net::if_put", "f_put"));
    EXPECT_FALSE(sim::name_matches("model::net::if_put", "pf::if_put"));
    EXPECT_FALSE(sim::name_matches("if_put", "net::if_put"));
}

}  // namespace
