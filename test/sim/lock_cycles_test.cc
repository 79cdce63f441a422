// Cycles in the order of locks: a table of cases, and random orders against an oracle that tries every row behind
// every other.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "sim/check/lock_order.h"

namespace sim::test {

namespace {

using nodes = std::set<std::string>;

// "With `from` held, `to` is wanted": as lock_order.cc learns it.
struct taking {
    std::string from;
    std::string to;
    std::string context;
    std::string modes =
        "xx-";  // held, wanted: x or s; w: its readers wait behind a writer that waits
    std::vector<std::string> guards = {};  // held besides
};

struct orders {
    std::vector<taking> takings;
    std::vector<std::string> writers = {};  // classes that somebody wants for writing
    std::vector<std::vector<std::string>> deadlocks =
        {};  // of each: "a>b": a is held, b is waited for
};

lessons lessons_of(const orders& o) {
    lessons all;
    for (const taking& t : o.takings) {
        add_lesson(all,
                   joined({"edge", t.from, t.to, t.modes, t.context, joined(t.guards, '|')}, '\t'),
                   "0\t0");
    }
    for (const std::string& w : o.writers) {
        add_lesson(all, "writer\t" + w, "");
    }
    for (const std::vector<std::string>& d : o.deadlocks) {
        add_lesson(all, "deadlock\t" + joined(d, '\t'), "");
    }
    return all;
}

std::vector<std::string> names_of(const orders& o, bool complete = false) {
    const char* const states[] = {"witnessed", "refuted", "open"};
    std::vector<std::string> names;
    for (const lock_cycle& c : lock_cycles(lessons_of(o), complete)) {
        names.push_back(std::string(states[static_cast<int>(c.state)]) + ": " + c.name);
    }
    return names;
}

struct known_case {
    const char* name;
    orders of;
    std::vector<std::string> cycles;
    bool complete = false;
};

// Names of tests show it.
void PrintTo(const known_case& c, std::ostream* out) {
    *out << c.name;
}

class LockCycles : public testing::TestWithParam<known_case> {};

TEST_P(LockCycles, AreThoseThatMayDeadlock) {
    EXPECT_EQ(names_of(GetParam().of, GetParam().complete), GetParam().cycles);
}

const taking ab{"a", "b", "t1"};
const taking ba{"b", "a", "t2"};

INSTANTIATE_TEST_SUITE_P(
    Table, LockCycles,
    testing::Values(
        known_case{"one_order", {{ab, {"a", "b", "t2"}}}, {}},
        known_case{"ring_of_two", {{ab, ba}}, {"open: a -> b -> a"}},
        known_case{"ring_of_three",
                   {{{"a", "b", "t1"}, {"b", "c", "t2"}, {"c", "a", "t3"}}},
                   {"open: a -> b -> c -> a"}},
        known_case{"ring_of_four",
                   {{{"a", "b", "t1"}, {"b", "c", "t2"}, {"c", "d", "t3"}, {"d", "a", "t4"}}},
                   {"open: a -> b -> c -> d -> a"}},
        known_case{"both_ways_round_say_one_thing",
                   {{{"a", "b", "t1"},
                     {"b", "c", "t2"},
                     {"c", "a", "t3"},
                     {"b", "a", "t1"},
                     {"c", "b", "t2"},
                     {"a", "c", "t3"}}},
                   {"open: a -> b -> c -> a"}},
        known_case{"two_rings_that_meet",
                   {{{"a", "b", "t1"}, {"b", "a", "t2"}, {"b", "c", "t1"}, {"c", "b", "t2"}}},
                   {"open: a -> b -> a", "open: b -> c -> b"}},
        known_case{"one_context_alone", {{ab, {"b", "a", "t1"}}}, {}},
        known_case{"two_of_three_edges_by_one",
                   {{{"a", "b", "t1"}, {"b", "c", "t2"}, {"c", "a", "t1"}}},
                   {}},
        known_case{"gate",
                   {{{"a", "b", "t1", "xx-", {"gate@1"}}, {"b", "a", "t2", "xx-", {"gate@1"}}}},
                   {}},
        known_case{"gates_of_one_class_but_two_locks",
                   {{{"a", "b", "t1", "xx-", {"gate@1"}}, {"b", "a", "t2", "xx-", {"gate@2"}}}},
                   {"open: a -> b -> a"}},
        known_case{"gate_of_one_alone",
                   {{{"a", "b", "t1", "xx-", {"gate@1"}}, ba}},
                   {"open: a -> b -> a"}},
        known_case{"gate_that_a_third_does_without",
                   {{{"a", "b", "t1", "xx-", {"gate@1"}},
                     {"b", "a", "t2", "xx-", {"gate@1"}},
                     {"b", "a", "t3"}}},
                   {"open: a -> b -> a"}},
        known_case{"readers_on_both_sides",
                   {{{"a", "b", "t1", "ss-"}, {"b", "a", "t2", "ss-"}}, {"a", "b"}},
                   {}},
        known_case{"readers_that_wait_behind_writers",
                   {{{"a", "b", "t1", "ssw"}, {"b", "a", "t2", "ssw"}}, {"a", "b"}},
                   {"open: a -> b -> a"}},
        known_case{"readers_behind_writers_of_one_of_them_only",
                   {{{"a", "b", "t1", "ssw"}, {"b", "a", "t2", "ssw"}}, {"a"}},
                   {}},
        known_case{"reader_against_writer",
                   {{{"a", "b", "t1", "sx-"}, {"b", "a", "t2", "xx-"}}},
                   {"open: a -> b -> a"}},
        known_case{"reader_that_reads_again", {{{"a", "a", "t1", "ssw"}}, {"a"}}, {"open: a -> a"}},
        known_case{"reader_that_reads_again_where_nobody_writes", {{{"a", "a", "t1", "ssw"}}}, {}},
        // A try wants nothing: t2 tries a with b held, and that leaves no row.
        known_case{"try_lock", {{ab}}, {}},
        known_case{"locks_of_one_class",
                   {{{"d (d 0)", "d (d 1)", "t1"}, {"d (d 1)", "d (d 0)", "t2"}}},
                   {"open: d (d 0) -> d (d 1) -> d (d 0)"}},
        known_case{"refuted", {{ab, ba}}, {"refuted: a -> b -> a"}, true},
        known_case{"witnessed", {{ab, ba}, {}, {{"a>b", "b>a"}}}, {"witnessed: a -> b -> a"}, true},
        known_case{"a_deadlock_of_others_is_no_witness",
                   {{ab, ba}, {}, {{"a>b", "b>c", "c>a"}}},
                   {"open: a -> b -> a"}}),
    [](const auto& one) { return std::string(one.param.name); });

bool waits_for(const orders& o, const taking& a, const taking& b) {
    const bool behind =
        a.modes[2] == 'w' && std::count(o.writers.begin(), o.writers.end(), a.to) != 0;
    return a.modes[1] == 'x' || b.modes[0] == 'x' || behind;
}

bool may_hold_together(const taking& a, const taking& b) {
    return a.context != b.context &&
           std::none_of(a.guards.begin(), a.guards.end(), [&](const std::string& guard) {
               return std::count(b.guards.begin(), b.guards.end(), guard) != 0;
           });
}

// All chains of rows that close, each of them held and wanted by a context of its own.
void close_chains(const orders& o, std::vector<const taking*>& chain, std::set<nodes>& found) {
    if (!chain.empty() && chain.back()->to == chain.front()->from &&
        waits_for(o, *chain.back(), *chain.front())) {
        nodes all;
        for (const taking* t : chain) {
            all.insert(t->from);
        }
        found.insert(all);
    }
    for (const taking& next : o.takings) {
        const bool fits = std::all_of(chain.begin(), chain.end(), [&](const taking* t) {
            return t->from != next.from && may_hold_together(*t, next);
        });
        if (fits && (chain.empty() ||
                     (chain.back()->to == next.from && waits_for(o, *chain.back(), next)))) {
            chain.push_back(&next);
            close_chains(o, chain, found);
            chain.pop_back();
        }
    }
}

// Without those that contain another.
std::set<nodes> smallest(const std::set<nodes>& all) {
    std::set<nodes> left;
    for (const nodes& one : all) {
        if (std::none_of(all.begin(), all.end(), [&](const nodes& other) {
                return other != one &&
                       std::includes(one.begin(), one.end(), other.begin(), other.end());
            })) {
            left.insert(one);
        }
    }
    return left;
}

orders random_orders(uint32_t seed) {
    std::mt19937 random(seed);
    const auto one_of = [&](std::vector<std::string> words) {
        return words[random() % words.size()];
    };
    orders o;
    // A ring of four hardly comes about by itself.
    const size_t ring = random() % 3 == 0 ? 4 : 0;
    for (size_t i = 0; i < ring; ++i) {
        const std::string all = "abcd";
        o.takings.push_back({all.substr(i, 1), all.substr((i + 1) % 4, 1), "t" + std::to_string(i),
                             one_of({"xx-", "xx-", "xs-"})});
    }
    const size_t rows = ring != 0 ? random() % 4 : 2 + random() % 9;
    for (size_t i = 0; i < rows; ++i) {
        taking t{one_of({"a", "b", "c", "d"}),
                 one_of({"a", "b", "c", "d"}),
                 one_of({"t1", "t2", "t3", "t4"}),
                 one_of({"xx-", "xx-", "sx-", "xs-", "ss-", "ssw", "xsw"}),
                 {}};
        for (const char* guard : {"g@1", "h@2"}) {
            if (random() % 5 == 0) {
                t.guards.emplace_back(guard);
            }
        }
        o.takings.push_back(t);
    }
    for (const char* writer : {"a", "b"}) {
        if (random() % 2 == 0) {
            o.writers.emplace_back(writer);
        }
    }
    return o;
}

TEST(LockCyclesOfRandomOrders, AreThoseOfAnOracle) {
    size_t cycles[5] = {};
    for (uint32_t seed = 1; seed <= 4000; ++seed) {
        const orders o = random_orders(seed);
        std::set<nodes> all;
        std::vector<const taking*> chain;
        close_chains(o, chain, all);
        std::set<nodes> found;
        for (const lock_cycle& c : lock_cycles(lessons_of(o), false)) {
            nodes in_it;
            for (const char node : c.name) {
                if (node >= 'a' && node <= 'd') {
                    in_it.insert(std::string(1, node));
                }
            }
            ++cycles[in_it.size()];
            EXPECT_TRUE(found.insert(in_it).second) << "seed " << seed << ": " << c.name;
        }
        EXPECT_EQ(found, smallest(all)) << "seed " << seed;
    }
    // The seeds show cycles of every length.
    for (size_t length = 1; length <= 4; ++length) {
        EXPECT_GT(cycles[length], 10U) << length;
    }
}

}  // namespace

}  // namespace sim::test
