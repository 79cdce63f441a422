// pf_lex.h - the words of a pf.conf, with where they stand.
// Source:  pf.conf(5): '#' to the end of the line, '\' before its end, quotes, $macros.
// Shapes:  lines and columns count from 1. What a macro stands for has the place where the macro is used.
// Locks:   none.
// Errors:  a token of kind `error` with what is wrong in its text.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace model::pf {

enum class pf_token_kind { word, string, mark, newline, end, error };

struct pf_token {
    pf_token_kind kind = pf_token_kind::end;
    std::string text;
    size_t line = 0;
    size_t column = 0;
};

class pf_lexer {
  public:
    explicit pf_lexer(std::string_view text) : text_(text) { advance(); }

    // The token that comes next; take() makes it the one before.
    [[nodiscard]] const pf_token& peek() const { return next_; }
    pf_token take();

    void define(const std::string& name, const std::string& value) { macros_[name] = value; }

  private:
    void advance();
    [[nodiscard]] pf_token read();
    [[nodiscard]] pf_token read_word(size_t line, size_t column);
    [[nodiscard]] pf_token read_string(size_t line, size_t column);
    [[nodiscard]] pf_token read_macro(size_t line, size_t column);
    [[nodiscard]] bool skip_blanks();
    [[nodiscard]] char at(size_t offset) const;
    void step();

    std::string text_;  // what is still to come of it changes: macros are put in
    size_t at_ = 0;
    size_t line_ = 1;
    size_t column_ = 1;
    size_t macro_end_ = 0;  // before it stands what a macro has put in, which has no columns
    unsigned macros_left_ = 100;
    std::map<std::string, std::string> macros_;
    pf_token next_;
};

}  // namespace model::pf
