#include "scenarios/lang/structure.h"

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <tao/pegtl.hpp>
#include <utility>

namespace scenario {

span statement_node::end() const {
    if (words.empty()) {
        return open;
    }
    span place = words.back().at;
    place.column += place.length;
    place.length = 1;
    return place;
}

namespace {

namespace peg = tao::pegtl;

// The grammar is flat: nesting lives in `builder`, so that a missing brace can be reported where
// the block was opened, and so that depth costs no stack.
namespace grammar {

struct joined_line : peg::seq<peg::one<'\\'>, peg::eol> {};
struct blank : peg::plus<peg::sor<peg::one<' ', '\t'>, joined_line>> {};
struct comment : peg::seq<peg::one<'#'>, peg::until<peg::at<peg::eolf>>> {};
struct line_end : peg::eol {};
struct semicolon : peg::one<';'> {};
struct paren_open : peg::one<'('> {};
struct paren_close : peg::one<')'> {};
struct brace_open : peg::one<'{'> {};
struct brace_close : peg::one<'}'> {};
struct escape : peg::seq<peg::one<'\\'>, peg::one<'"', '\\'>> {};
struct quoted_char : peg::sor<escape, peg::not_one<'"', '\n', '\r'>> {};
struct quoted : peg::seq<peg::one<'"'>, peg::star<quoted_char>, peg::one<'"'>> {};
struct open_quote : peg::seq<peg::one<'"'>, peg::until<peg::at<peg::eolf>>> {};
struct backslash : peg::one<'\\'> {};
struct unprintable : peg::sor<peg::range<'\0', '\x1f'>, peg::one<'\x7f'>> {};
struct bare_char
    : peg::seq<peg::not_at<unprintable>, peg::not_one<' ', ';', '{', '}', '(', ')', '"', '\\'>> {};
struct bare : peg::plus<bare_char> {};

// Where a raw block may begin; the action looks at the words before it and may say no.
struct raw_head : peg::at<peg::one<'{'>> {};
// Balanced braces. Braces in a comment or in quotes do not count, as in pf.conf.
struct raw_body {
    using rule_t = raw_body;
    using subs_t = peg::empty_list;
    template <typename ParseInput>
    [[nodiscard]] static bool match(ParseInput& in) {
        std::string_view rest(in.current(), in.size());
        size_t depth = 0;
        for (size_t i = 0; i < rest.size(); i++) {
            if (rest[i] == '#') {
                i = std::min(rest.find('\n', i), rest.size());
            } else if (rest[i] == '"') {
                i = std::min(rest.find_first_of("\"\n", i + 1), rest.size());
            } else if (rest[i] == '{') {
                depth++;
            } else if (rest[i] == '}' && --depth == 0) {
                in.bump(i + 1);
                return true;
            }
        }
        return false;
    }
};
struct raw_unclosed : peg::until<peg::eof> {};
struct raw : peg::seq<raw_head, peg::sor<raw_body, raw_unclosed>> {};

struct element
    : peg::sor<blank, line_end, comment, semicolon, paren_open, paren_close, raw, brace_open,
               brace_close, quoted, open_quote, bare, backslash, unprintable> {};
struct text : peg::seq<peg::star<element>, peg::eof> {};

}  // namespace grammar

// Builds the tree from the elements.
class builder {
  public:
    builder(uint32_t file, diagnostics& out) : file_(file), out_(out) { levels_.emplace_back(); }

    template <typename ActionInput>
    [[nodiscard]] span place(const ActionInput& in, size_t length) const {
        return {file_, static_cast<uint32_t>(in.position().line),
                static_cast<uint32_t>(in.position().column), static_cast<uint32_t>(length)};
    }

    void add_word(word w) { statement_.words.push_back(std::move(w)); }

    void line_end() {
        if (parens_.empty()) {
            end_statement();
        }
    }

    void semicolon() {
        report_open_parens();
        end_statement();
    }

    void paren_open(const span& at) {
        parens_.push_back(at);
        add_word({"(", false, at});
    }

    void paren_close(const span& at) {
        if (parens_.empty()) {
            out_.add(at, "')' without '('");
            return;
        }
        parens_.pop_back();
        braces_in_parens_ = parens_.empty() ? 0 : braces_in_parens_;
        add_word({")", false, at});
    }

    void brace_open(const span& at) {
        if (!parens_.empty()) {
            braces_in_parens_++;
            add_word({"{", false, at});
            return;
        }
        if (statement_.words.empty()) {
            out_.add(at, "block without a statement",
                     "the '{' belongs at the end of the line of its statement");
        }
        if (levels_.size() > depth_max) {
            out_.add(at, "blocks nested more than " + std::to_string(depth_max) + " deep");
            skipped_depth_++;
            balanced_ = false;
            return;
        }
        statement_.open = at;
        statement_.has_block = true;
        levels_.push_back({std::exchange(statement_, {}), {}});
    }

    void brace_close(const span& at) {
        if (braces_in_parens_ > 0) {
            braces_in_parens_--;
            add_word({"}", false, at});
            return;
        }
        report_open_parens();
        end_statement();
        if (skipped_depth_ > 0) {
            skipped_depth_--;
            return;
        }
        if (levels_.size() == 1) {
            out_.add(at, "'}' without '{'");
            balanced_ = false;
            return;
        }
        close_level();
    }

    // A raw block belongs to `pf` and to `pfctl ... -f`, behind an optional label and `on ROUTER`.
    [[nodiscard]] bool raw_begins() const {
        const std::vector<word>& words = statement_.words;
        size_t verb = 0;
        if (verb < words.size() && !words[verb].quoted && words[verb].text.size() > 1 &&
            words[verb].text.back() == ':') {
            verb++;
        }
        if (verb + 2 < words.size() && words[verb].is("on")) {
            verb += 2;
        }
        if (!parens_.empty() || verb >= words.size()) {
            return false;
        }
        return (words[verb].is("pf") && verb + 1 == words.size()) ||
               (words[verb].is("pfctl") && words.back().is("-f"));
    }

    // All blocks around it are open as well, but this is the one to look at.
    void raw_unclosed(const span& at) {
        out_.add(at, never_closed("block", at));
        balanced_ = false;
        levels_.resize(1);
        statement_ = {};
    }

    void raw(const span& at, const std::string& text) {
        statement_.raw = raw_block{text, at};
        end_statement();
    }

    // What follows the quote is taken as the text that was meant.
    void open_quote(const span& at, const std::string& text) {
        out_.add(at, "quote is not closed on its line");
        add_word({text, true, at});
    }

    void error(const span& at, const std::string& message) { out_.add(at, message); }

    structure finish() {
        report_open_parens();
        end_statement();
        while (levels_.size() > 1) {
            const span& open = levels_.back().owner.open;
            out_.add(open, never_closed("block", open));
            balanced_ = false;
            close_level();
        }
        return {std::move(levels_.front().statements), balanced_};
    }

  private:
    static constexpr size_t depth_max = 32;
    struct level {
        statement_node owner;  // whose block this is; unused for the outermost level
        std::vector<statement_node> statements;
    };

    static std::string never_closed(const std::string& what, const span& open) {
        return what + " opened at line " + std::to_string(open.line) + " never closed";
    }

    void end_statement() {
        if (!statement_.words.empty()) {
            levels_.back().statements.push_back(std::move(statement_));
        }
        statement_ = {};
    }

    void close_level() {
        level done = std::move(levels_.back());
        levels_.pop_back();
        done.owner.block = std::move(done.statements);
        if (!done.owner.words.empty()) {
            levels_.back().statements.push_back(std::move(done.owner));
        }
    }

    // A statement cannot end inside parentheses. The outermost one that is open is the mistake.
    // Its statement has swallowed what followed: nothing more can be said about that.
    void report_open_parens() {
        if (!parens_.empty()) {
            out_.add(parens_.front(), never_closed("parenthesis", parens_.front()));
            parens_.clear();
            braces_in_parens_ = 0;
            statement_ = {};
            levels_.back().owner.damaged = true;
        }
    }

    uint32_t file_;
    diagnostics& out_;
    std::vector<level> levels_;  // levels_[0] is the text itself
    statement_node statement_;   // being read
    std::vector<span> parens_;   // open in statement_
    size_t braces_in_parens_ = 0;
    size_t skipped_depth_ = 0;  // blocks beyond depth_max
    bool balanced_ = true;
};

template <typename Rule>
struct action : peg::nothing<Rule> {};

template <>
struct action<grammar::line_end> {
    static void apply0(builder& b) { b.line_end(); }
};

template <>
struct action<grammar::semicolon> {
    static void apply0(builder& b) { b.semicolon(); }
};

template <>
struct action<grammar::paren_open> {
    template <typename ActionInput>
    static void apply(const ActionInput& in, builder& b) {
        b.paren_open(b.place(in, 1));
    }
};

template <>
struct action<grammar::paren_close> {
    template <typename ActionInput>
    static void apply(const ActionInput& in, builder& b) {
        b.paren_close(b.place(in, 1));
    }
};

template <>
struct action<grammar::raw_head> {
    static bool apply0(builder& b) { return b.raw_begins(); }
};

template <>
struct action<grammar::raw_body> {
    template <typename ActionInput>
    static void apply(const ActionInput& in, builder& b) {
        std::string_view text = in.string_view();
        b.raw(b.place(in, 1), std::string(text.substr(1, text.size() - 2)));
    }
};

template <>
struct action<grammar::raw_unclosed> {
    template <typename ActionInput>
    static void apply(const ActionInput& in, builder& b) {
        b.raw_unclosed(b.place(in, 1));
    }
};

template <>
struct action<grammar::brace_open> {
    template <typename ActionInput>
    static void apply(const ActionInput& in, builder& b) {
        b.brace_open(b.place(in, 1));
    }
};

template <>
struct action<grammar::brace_close> {
    template <typename ActionInput>
    static void apply(const ActionInput& in, builder& b) {
        b.brace_close(b.place(in, 1));
    }
};

template <>
struct action<grammar::quoted> {
    template <typename ActionInput>
    static void apply(const ActionInput& in, builder& b) {
        std::string text;
        std::string_view inside = in.string_view().substr(1, in.size() - 2);
        for (size_t i = 0; i < inside.size(); i++) {
            bool escaped = inside[i] == '\\' && i + 1 < inside.size() &&
                           (inside[i + 1] == '"' || inside[i + 1] == '\\');
            i += escaped ? 1 : 0;
            text += inside[i];
        }
        b.add_word({std::move(text), true, b.place(in, in.size())});
    }
};

template <>
struct action<grammar::open_quote> {
    template <typename ActionInput>
    static void apply(const ActionInput& in, builder& b) {
        b.open_quote(b.place(in, 1), in.string().substr(1));
    }
};

template <>
struct action<grammar::bare> {
    template <typename ActionInput>
    static void apply(const ActionInput& in, builder& b) {
        b.add_word({in.string(), false, b.place(in, in.size())});
    }
};

template <>
struct action<grammar::backslash> {
    template <typename ActionInput>
    static void apply(const ActionInput& in, builder& b) {
        b.error(b.place(in, 1), "'\\' does not stand at the end of its line");
    }
};

template <>
struct action<grammar::unprintable> {
    template <typename ActionInput>
    static void apply(const ActionInput& in, builder& b) {
        char name[8];
        std::snprintf(name, sizeof name, "0x%02x", static_cast<unsigned>(in.peek_uint8()));
        b.error(b.place(in, 1), std::string("unprintable byte ") + name);
    }
};

}  // namespace

structure read_structure(uint32_t file, diagnostics& out) {
    const std::string text = out.texts().text(file);
    peg::memory_input<> in(text, "");
    builder b(file, out);
    peg::parse<grammar::text, action>(in, b);
    return b.finish();
}

}  // namespace scenario
