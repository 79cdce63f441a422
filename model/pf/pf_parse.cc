#include "model/pf/pf_parse.h"

#include "model/pf/pf_names.h"
#include "model/pf/pf_parser.h"

namespace model::pf {

pf_config pf_parse(std::string_view text, bool in_anchor) {
    return pf_parser(text).run(in_anchor);
}

pf_config pf_parser::run(bool in_anchor) {
    statements(config_.rules, in_anchor);
    if (lexer_.peek().kind != pf_token_kind::end) {
        (void)unexpected("no brace is open");
    }
    return std::move(config_);
}

bool pf_parser::is(std::string_view text) const {
    const pf_token& next = lexer_.peek();
    return (next.kind == pf_token_kind::word || next.kind == pf_token_kind::mark) &&
           next.text == text;
}

bool pf_parser::accept(std::string_view text) {
    const bool there = is(text);
    if (there) {
        (void)lexer_.take();
    }
    return there;
}

bool pf_parser::want(std::string_view text) {
    return accept(text) || unexpected("expected '" + std::string(text) + "'");
}

void pf_parser::skip_newlines() {
    while (lexer_.peek().kind == pf_token_kind::newline) {
        (void)lexer_.take();
    }
}

bool pf_parser::wrong(const pf_token& where, const std::string& what, const std::string& hint) {
    config_.errors.push_back({where.line, where.column, what, hint});
    return false;
}

bool pf_parser::unexpected(const std::string& hint) {
    const pf_token& next = lexer_.peek();
    if (next.kind == pf_token_kind::error) {
        return wrong(next, next.text);
    }
    const bool line_ends = next.kind == pf_token_kind::newline || next.kind == pf_token_kind::end;
    const std::string near = line_ends ? "the line ends" : "found '" + next.text + "'";
    return wrong(next, "syntax error", near + (hint.empty() ? "" : ", " + hint));
}

bool pf_parser::end_of_line() {
    const pf_token_kind kind = lexer_.peek().kind;
    if (kind == pf_token_kind::newline || kind == pf_token_kind::end || is("}")) {
        return true;
    }
    return unexpected("expected the end of the line");
}

// ---- lines --------------------------------------------------------------------------------------

// A line with an error is given up as a whole; the next one is looked at.
void pf_parser::statements(std::vector<pf_config_rule>& rules, bool inside) {
    for (;;) {
        skip_newlines();
        if (lexer_.peek().kind == pf_token_kind::end || (inside && is("}"))) {
            return;
        }
        if (!statement(rules, inside) || !end_of_line()) {
            while (lexer_.peek().kind != pf_token_kind::newline &&
                   lexer_.peek().kind != pf_token_kind::end) {
                (void)lexer_.take();
            }
        } else if (!inside && is("}")) {
            (void)unexpected("no anchor is open");
            (void)lexer_.take();
        }
    }
}

bool pf_parser::statement(std::vector<pf_config_rule>& rules, bool inside) {
    if (lexer_.peek().kind != pf_token_kind::word) {
        return unexpected("expected a rule");
    }
    const pf_token first = lexer_.take();
    if (first.text == "set") {
        return inside ? wrong(first, "syntax error", "no options in an anchor") : option();
    }
    if (first.text == "anchor") {
        return inside ? wrong(first, "syntax error", "no anchors in an anchor")
                      : anchor(rules, first);
    }
    if (first.text == "pass" || first.text == "block" || first.text == "match") {
        return rule(rules, first);
    }
    if (accept("=")) {
        return macro(first);
    }
    return wrong(first, "syntax error",
                 "found '" + first.text + "', expected pass, block, match, anchor or set");
}

bool pf_parser::rule(std::vector<pf_config_rule>& rules, const pf_token& first) {
    pf_rule_lists r;
    r.line = first.line;
    r.column = first.column;
    if (first.text == "block") {
        r.spec.action = pf_action::block;
        if (!block_answer(r)) {
            return false;
        }
    } else if (first.text == "match") {
        r.spec.action = pf_action::match;
    }
    r.spec.if_bound = if_bound_;
    if (!head(r) || !hosts(r) || !options(r) || !end_of_line()) {
        return false;
    }
    pf_expand(r, config_, rules);
    return true;
}

bool pf_parser::anchor(std::vector<pf_config_rule>& rules, const pf_token& first) {
    pf_rule_lists r;
    r.line = first.line;
    r.column = first.column;
    r.spec.action = pf_action::anchor;
    if (lexer_.peek().kind == pf_token_kind::string) {
        r.spec.anchor = lexer_.take().text;
    }
    if (r.spec.anchor.find_first_of("/*") != std::string::npos || r.spec.anchor.starts_with('_')) {
        return wrong(first, "anchor name is invalid", "one level of anchors, each by its name");
    }
    if (!head(r) || !hosts(r) || !options(r)) {
        return false;
    }
    if (r.state_said) {
        return wrong(first, "cannot specify state handling on anchors");
    }
    std::vector<pf_config_rule> within;
    if (accept("{")) {
        r.spec.anchor_here = true;
        statements(within, true);
        if (!want("}")) {
            return false;
        }
    }
    if (r.spec.anchor.empty()) {
        if (!r.spec.anchor_here) {
            return wrong(first, "syntax error", "an anchor has a name or rules in braces");
        }
        r.spec.anchor = "_" + std::to_string(++nameless_);
    }
    std::vector<pf_config_rule> made;
    pf_expand(r, config_, made);
    for (pf_config_rule& m : made) {
        m.inside = within;
        rules.push_back(std::move(m));
    }
    return true;
}

bool pf_parser::macro(const pf_token& name) {
    std::string value;
    while (lexer_.peek().kind == pf_token_kind::word ||
           lexer_.peek().kind == pf_token_kind::string) {
        value += (value.empty() ? "" : " ") + lexer_.take().text;
    }
    if (value.empty()) {
        return unexpected("expected what the macro stands for");
    }
    lexer_.define(name.text, value);
    config_.macros.emplace_back(name.text, value);
    return true;
}

// ---- options ------------------------------------------------------------------------------------

bool pf_parser::option() {
    std::string value;
    if (accept("skip")) {
        return option_skip();
    }
    if (accept("timeout")) {
        return option_timeout();
    }
    if (accept("state-policy")) {
        if (!option_word("state-policy", {"if-bound", "floating"}, value)) {
            return false;
        }
        if_bound_ = value == "if-bound";
        return true;
    }
    if (accept("block-policy")) {
        if (!option_word("block-policy", {"drop", "return"}, value)) {
            return false;
        }
        block_returns_ = value == "return";
        return true;
    }
    return unexpected("expected skip, state-policy, block-policy or timeout");
}

bool pf_parser::option_word(const char* name, std::initializer_list<const char*> values,
                            std::string& value) {
    std::string all;
    for (const char* v : values) {
        if (accept(v)) {
            value = v;
            config_.options.push_back(std::string("set ") + name + " " + v);
            return true;
        }
        all += (all.empty() ? "expected " : " or ") + std::string(v);
    }
    return unexpected(all);
}

bool pf_parser::option_skip() {
    if (!want("on")) {
        return false;
    }
    std::string text;
    const bool ok = list([&] {
        if (lexer_.peek().kind != pf_token_kind::word) {
            return unexpected("expected an interface");
        }
        config_.skip.push_back(lexer_.take().text);
        text += " " + config_.skip.back();
        return true;
    });
    if (ok) {
        config_.options.push_back("set skip on {" + text + " }");
    }
    return ok;
}

bool pf_parser::option_timeout() {
    return list([this] { return one_timeout(); });
}

bool pf_parser::one_timeout() {
    const pf_token name = lexer_.peek();
    for (unsigned n = 0; n < pftm_max; ++n) {
        if (!accept(pf_timeouts[n].name)) {
            continue;
        }
        const auto seconds = parse_u32(lexer_.peek().text, INT32_MAX);
        if (!seconds) {
            return unexpected("expected seconds");
        }
        (void)lexer_.take();
        config_.timeouts.emplace_back(static_cast<pf_timeout>(n), *seconds);
        config_.options.push_back("set timeout " + name.text + " " + std::to_string(*seconds));
        return true;
    }
    if (name.kind != pf_token_kind::word) {
        return unexpected("expected a timeout");
    }
    return wrong(name, "unknown timeout " + name.text, "as in tcp.first or udp.single");
}

}  // namespace model::pf
