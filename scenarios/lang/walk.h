// walk.h - visits every statement and every atom of a script, in the order of the parts.
#pragma once

#include "scenarios/lang/script.h"

namespace scenario {

// visit(statement, router): `router` is the one whose set-up this is, or that of the context; empty
// where the script does not say.
template <typename Visitor>
void for_each_statement(const script& s, Visitor visit) {
    for (const router& r : s.routers) {
        for (const statement& line : r.statements) {
            visit(line, r.name);
        }
    }
    for (const statement& line : s.before) {
        visit(line, word{});
    }
    for (const context& c : s.contexts) {
        for (const statement& line : c.statements) {
            visit(line, c.cpu.router);
        }
    }
    for (const statement& line : s.after) {
        visit(line, word{});
    }
}

// visit(atom), from left to right.
// Recursive: the reader bounds the depth.
template <typename Visitor>
void for_each_atom(const condition& c, Visitor visit) {
    if (c.kind == condition_kind::atom) {
        visit(c.leaf);
        return;
    }
    for (const condition& part : c.parts) {
        for_each_atom(part, visit);
    }
}

// visit(condition): those of statements, then those of expect blocks.
template <typename Visitor>
void for_each_condition(const script& s, Visitor visit) {
    for_each_statement(s, [&](const statement& line, const word&) {
        if (const auto* e = std::get_if<expectation>(&line.action)) {
            visit(e->holds);
        }
    });
    for (const expect_block& block : s.expects) {
        for (const expect_clause& clause : block.clauses) {
            visit(clause.holds);
        }
    }
}

}  // namespace scenario
