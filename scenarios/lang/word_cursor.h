// word_cursor.h - reads the words of one statement from left to right.
// Shapes:  after the first mistake the cursor has failed: it reports nothing more, stands at the
//          end and hands out empty words. A reader is therefore written straight through and asks
//          ok() once. One mistake a statement is what a person wants to see.
// Locks:   none; one user. The words must outlive the cursor.
// Errors:  diagnostics at the word, or behind the last one where a word is missing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/lang/address.h"
#include "scenarios/lang/source.h"

namespace scenario {

class word_cursor {
  public:
    word_cursor(const std::vector<word>& words, const span& end, diagnostics& out)
        : words_(words), end_(end), out_(out) {}

    [[nodiscard]] bool at_end() const { return failed_ || next_ >= words_.size(); }
    [[nodiscard]] bool ok() const { return !failed_; }
    [[nodiscard]] size_t left() const { return failed_ ? 0 : words_.size() - next_; }
    // The word `ahead` words on; an empty one behind the end.
    [[nodiscard]] const word& peek(size_t ahead = 0) const;
    // The word taken last; an empty one at the beginning.
    [[nodiscard]] const word& previous() const;
    // Where the next word stands, or the end.
    [[nodiscard]] span place() const;
    [[nodiscard]] bool next_is(std::string_view text) const { return peek().is(text); }

    // Takes the next word if it is this one.
    bool take(std::string_view text);
    // Takes the next word; "expected WHAT" if there is none.
    word take_word(std::string_view what);
    // Takes a bare word that can name something: letters, digits, and _ - . : not at the end.
    word take_name(std::string_view what);
    // Takes this very word, or reports "expected 'TEXT'".
    void expect(std::string_view text);
    // Takes one of these words; "unknown WHAT 'x'" with near matches otherwise. Returns its index.
    size_t take_one_of(std::string_view what, const std::vector<std::string>& known);
    // Takes a decimal number within [low, high].
    uint64_t take_number(std::string_view what, uint64_t low, uint64_t high);
    // Takes "31s", "500ms", "10us", "7ns", "2m", "1h"; in nanoseconds.
    uint64_t take_duration();

    // Reports a mistake at the next word, or at a word that was already taken.
    void fail(std::string message, std::string hint = "");
    void fail_at(const span& where, std::string message, std::string hint = "");
    // Reports a word that is too many, if any.
    void finish();

    [[nodiscard]] diagnostics& out() { return out_; }

  private:
    const std::vector<word>& words_;
    span end_;
    diagnostics& out_;
    size_t next_ = 0;
    bool failed_ = false;
};

// Whether a word may name a context, schedule, variant, packet, label, interface.
[[nodiscard]] bool is_name(const word& w);

}  // namespace scenario
