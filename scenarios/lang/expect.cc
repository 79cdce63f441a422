#include "scenarios/lang/expect.h"

#include <string>
#include <utility>

#include "scenarios/lang/condition.h"
#include "scenarios/lang/word_cursor.h"

namespace scenario {

namespace {

// no bug; no leak [KIND]...; no deadlock
void read_no(word_cursor& words, expect_clause& c) {
    const std::vector<std::string> known = {"bug", "leak", "deadlock"};
    constexpr clause_kind kinds[] = {clause_kind::no_bug, clause_kind::no_leak,
                                     clause_kind::no_deadlock};
    c.kind = kinds[words.take_one_of("word after 'no'", known)];
    while (c.kind == clause_kind::no_leak && !words.at_end()) {
        c.leaks.push_back(words.take_name("a kind of object"));
    }
}

void read_quantified(word_cursor& words, const parse_options& options, expect_clause& c) {
    const std::vector<std::string> known = {"exists", "forall", "final", "reach", "always", "no"};
    constexpr clause_kind kinds[] = {clause_kind::exists, clause_kind::forall,
                                     clause_kind::final_state, clause_kind::reach,
                                     clause_kind::always};
    size_t which = words.take_one_of("clause of expect", known);
    if (which + 1 == known.size()) {
        read_no(words, c);
        return;
    }
    c.kind = kinds[which];
    c.holds = parse_condition(words, options);
    if (c.kind == clause_kind::always && words.take("when")) {
        words.expect("free");
        c.when_free = words.take_word("a lock");
    }
}

void read_clause(const statement_node& node, const parse_options& options, expect_block& block,
                 diagnostics& out) {
    if (node.has_block || node.raw) {
        out.add(node.has_block ? node.open : node.raw->at, "a clause of expect has no block",
                "put a condition with braces in parentheses");
        return;
    }
    std::vector<word> split = condition_words(node.words);
    word_cursor words(split, node.end(), out);
    expect_clause c;
    c.at = node.words[0].at;
    const word& first = words.peek();
    if (!first.quoted && first.text.size() > 1 && first.text.back() == ':') {
        c.kind = clause_kind::on_schedule;
        c.schedule = words.take_word("the name of a schedule");
        c.schedule.text.pop_back();
        c.schedule.at.length--;
        c.holds = parse_condition(words, options);
    } else {
        read_quantified(words, options, c);
    }
    words.finish();
    if (words.ok()) {
        block.clauses.push_back(std::move(c));
    }
}

}  // namespace

expect_block read_expect(const statement_node& node, const parse_options& options,
                         diagnostics& out) {
    expect_block block;
    word_cursor words(node.words, node.end(), out);
    words.expect("expect");
    do {
        block.variants.push_back(words.take_name("the name of a variant"));
    } while (!words.at_end() && !words.next_is("under"));
    if (words.take("under")) {
        do {
            block.regimes.push_back(words.take_name("the name of a regime"));
        } while (!words.at_end());
    }
    if (!words.ok()) {
        block.variants.clear();
        block.regimes.clear();
    } else if (!node.has_block || (node.block.empty() && !node.damaged)) {
        words.fail_at(node.words[0].at, "'expect' says nothing",
                      "expect fixed { forall (no bug) }");
    }
    for (const statement_node& clause : node.block) {
        read_clause(clause, options, block, out);
    }
    return block;
}

}  // namespace scenario
