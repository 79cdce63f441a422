#include "model/pf/pf_lex.h"

#include <cctype>
#include <utility>

namespace model::pf {

namespace {

bool is_word(char c) {
    return c != '\0' && std::isspace(static_cast<unsigned char>(c)) == 0 &&
           std::string_view("(){}<>!=/#,\"\\$").find(c) == std::string_view::npos;
}

// Marks of two characters; all others are one.
bool is_pair(char a, char b) {
    return (b == '=' && (a == '!' || a == '<' || a == '>')) || (a == '>' && b == '<') ||
           (a == '<' && b == '>');
}

}  // namespace

char pf_lexer::at(size_t offset) const {
    return at_ + offset < text_.size() ? text_[at_ + offset] : '\0';
}

void pf_lexer::step() {
    const char c = text_[at_++];
    if (at_ <= macro_end_) {
        return;
    }
    ++column_;
    if (c == '\n') {
        ++line_;
        column_ = 1;
    }
}

pf_token pf_lexer::take() {
    pf_token taken = std::move(next_);
    advance();
    return taken;
}

void pf_lexer::advance() {
    next_ = read();
}

// Blanks, comments and ends of lines that do not count. False: the text is over.
bool pf_lexer::skip_blanks() {
    for (;;) {
        const char c = at(0);
        if (c == '\0') {
            return false;
        }
        if (c == '#') {
            while (at(0) != '\0' && at(0) != '\n') {
                step();
            }
        } else if (c == '\\' && at(1) == '\n') {
            step();
            step();
        } else if (c != '\n' && std::isspace(static_cast<unsigned char>(c)) != 0) {
            step();
        } else {
            return true;
        }
    }
}

pf_token pf_lexer::read() {
    if (!skip_blanks()) {
        return {pf_token_kind::end, "", line_, column_};
    }
    const size_t line = line_;
    const size_t column = column_;
    const char c = at(0);
    if (c == '\n') {
        step();
        return {pf_token_kind::newline, "\n", line, column};
    }
    if (c == '"') {
        return read_string(line, column);
    }
    if (c == '$') {
        return read_macro(line, column);
    }
    if (is_word(c)) {
        return read_word(line, column);
    }
    std::string mark(1, c);
    step();
    if (at(0) != '\0' && is_pair(c, at(0))) {
        mark += at(0);
        step();
    }
    return {pf_token_kind::mark, mark, line, column};
}

pf_token pf_lexer::read_word(size_t line, size_t column) {
    std::string word;
    while (is_word(at(0))) {
        word += at(0);
        step();
    }
    return {pf_token_kind::word, word, line, column};
}

pf_token pf_lexer::read_string(size_t line, size_t column) {
    std::string value;
    step();
    while (at(0) != '"') {
        if (at(0) == '\0') {
            return {pf_token_kind::error, "a quote is not closed", line, column};
        }
        value += at(0);
        step();
    }
    step();
    return {pf_token_kind::string, value, line, column};
}

// Puts what the macro stands for in its place and goes on there.
pf_token pf_lexer::read_macro(size_t line, size_t column) {
    step();
    std::string name;
    while (std::isalnum(static_cast<unsigned char>(at(0))) != 0 || at(0) == '_') {
        name += at(0);
        step();
    }
    const auto macro = macros_.find(name);
    if (macro == macros_.end()) {
        return {pf_token_kind::error, "macro '" + name + "' not defined", line, column};
    }
    if (macros_left_-- == 0) {
        return {pf_token_kind::error, "macro '" + name + "' leads to itself", line, column};
    }
    const size_t rest = macro_end_ > at_ ? macro_end_ - at_ : 0;
    text_.insert(at_, macro->second);
    macro_end_ = at_ + macro->second.size() + rest;
    pf_token token = read();
    token.line = line;
    token.column = column;
    return token;
}

}  // namespace model::pf
