// The structure layer: words, blocks, raw blocks, places, and what is wrong with braces.

#include "scenarios/lang/structure.h"

#include <gtest/gtest.h>

namespace scenario {
namespace {

// "a b { c; d { } }": words by blanks, quoted ones in quotes, raw blocks in angle brackets.
std::string shape(const std::vector<statement_node>& list) {
    std::string text;
    for (const statement_node& node : list) {
        text += text.empty() ? "" : "; ";
        for (size_t i = 0; i < node.words.size(); i++) {
            const word& w = node.words[i];
            text += (i == 0 ? "" : " ") + (w.quoted ? "\"" + w.text + "\"" : w.text);
        }
        text += node.has_block ? " {" + shape(node.block) + "}" : "";
        text += node.raw ? " <" + node.raw->text + ">" : "";
    }
    return text;
}

struct reading {
    std::string shape;
    std::string errors;
    bool balanced = true;
};

reading read(const std::string& text) {
    sources texts;
    diagnostics out(texts);
    structure all = read_structure(texts.add("s", text), out);
    reading result = {shape(all.statements), "", all.balanced};
    for (const diagnostic& d : out.take()) {
        result.errors += result.errors.empty() ? "" : "\n";
        result.errors += std::to_string(d.line) + ":" + std::to_string(d.column) + ": " + d.message;
    }
    return result;
}

struct structure_case {
    const char* text;
    const char* shape;
    const char* errors;
};

const structure_case cases[] = {
    {"", "", ""},
    {"\n\n  # only a comment", "", ""},
    {"a b\nc", "a b; c", ""},
    {"a b;c ; ; d", "a b; c; d", ""},
    {"a\r\nb\r\n", "a; b", ""},
    {"a # b { \"\nc", "a; c", ""},
    {"a#b c#", "a#b c#", ""},
    {"a \\\n b", "a b", ""},
    {"a\\\nb", "a b", ""},
    {"a \"b c\" \"\"", "a \"b c\" \"\"", ""},
    {"a \"\\\"x\\\\ \\n\"", "a \"\"x\\ \\n\"", ""},
    {"a{b}", "a {b}", ""},
    {"a { b; c { d } }\ne", "a {b; c {d}}; e", ""},
    {"a {\n  b\n  c\n} d", "a {b; c}; d", ""},
    {"a { } b { }", "a {}; b {}", ""},
    {"exists (a\n  or b)\nc", "exists ( a or b ); c", ""},
    {"x (p in { a, b }) y", "x ( p in { a, b } ) y", ""},
    {"key(ST).inp", "key ( ST ) .inp", ""},
    {"pf { block in { a } # }\n pass }\nx", "pf < block in { a } # }\n pass >; x", ""},
    {"pfctl -f { a \"}\" }", "pfctl -f < a \"}\" >", ""},
    {"A1: pfctl -a x -f { a }", "A1: pfctl -a x -f < a >", ""},
    {"on r1 pf { a }", "on r1 pf < a >", ""},
    {"pf purge { a }", "pf purge {a}", ""},
    {"cpu 0 { pf { a } b }", "cpu 0 {pf < a >; b}", ""},
    // Mistakes.
    {"a {\n b {\n c\n}", "a {b {c}}", "1:3: block opened at line 1 never closed"},
    {"a\n}\nb", "a; b", "2:1: '}' without '{'"},
    {"{ a }", "", "1:1: block without a statement"},
    {"a\n{ b }", "a", "2:1: block without a statement"},
    {"a (b\nc { d }", "", "1:3: parenthesis opened at line 1 never closed"},
    {"x { a (b\n c }\nd", "x {}; d", "1:7: parenthesis opened at line 1 never closed"},
    {"a (b; c", "c", "1:3: parenthesis opened at line 1 never closed"},
    {"a b) c", "a b c", "1:4: ')' without '('"},
    {"a \"b c\nd", "a \"b c\"; d", "1:3: quote is not closed on its line"},
    {"a\\b", "a b", "1:2: '\\' does not stand at the end of its line"},
    {"x {\n pf { a { b }\n c", "", "2:5: block opened at line 2 never closed"},
    {"a\x01"
     "b",
     "a b", "1:2: unprintable byte 0x01"},
};

TEST(structure, text_becomes_statements) {
    for (const structure_case& c : cases) {
        reading r = read(c.text);
        EXPECT_EQ(r.shape, c.shape) << c.text;
        EXPECT_EQ(r.errors, c.errors) << c.text;
    }
}

TEST(structure, braces_that_do_not_match_are_told) {
    EXPECT_TRUE(read("a { b }").balanced);
    EXPECT_TRUE(read("a (b").balanced);
    EXPECT_FALSE(read("a { b").balanced);
    EXPECT_FALSE(read("a } b").balanced);
    EXPECT_FALSE(read("pf { b").balanced);
}

TEST(structure, every_word_knows_its_place) {
    sources texts;
    diagnostics out(texts);
    structure all =
        read_structure(texts.add("s", "ab cd {\n\t \"e f\" (g)\n} h\npf {\n x\n} i"), out);
    auto place = [](const word& w) {
        return std::to_string(w.at.line) + ":" + std::to_string(w.at.column) + "+" +
               std::to_string(w.at.length);
    };
    const statement_node& first = all.statements.at(0);
    EXPECT_EQ(place(first.words[0]), "1:1+2");
    EXPECT_EQ(place(first.words[1]), "1:4+2");
    EXPECT_EQ(first.open.column, 7u);
    EXPECT_EQ(first.end().column, 6u);
    const statement_node& inner = first.block.at(0);
    EXPECT_EQ(place(inner.words[0]), "2:3+5");
    EXPECT_EQ(place(inner.words[1]), "2:9+1");
    EXPECT_EQ(place(inner.words[2]), "2:10+1");
    EXPECT_EQ(place(all.statements.at(1).words[0]), "3:3+1");
    EXPECT_EQ(all.statements.at(2).raw->at.line, 4u);
    EXPECT_EQ(place(all.statements.at(3).words[0]), "6:3+1");
}

TEST(structure, blocks_are_at_most_32_deep) {
    auto nested = [](int depth) {
        std::string text;
        for (int i = 0; i < depth; i++) {
            text += "a {";
        }
        return text + " b " + std::string(static_cast<size_t>(depth), '}');
    };
    EXPECT_EQ(read(nested(32)).errors, "");
    EXPECT_EQ(read(nested(33)).errors, "1:99: blocks nested more than 32 deep");
}

}  // namespace
}  // namespace scenario
