// source.h - where a thing was written, and how a mistake in the user's text is reported.
// Shapes:  lines and columns count from 1; columns count bytes; a span stays within one line.
// Locks:   none; plain values.
// Errors:  of the user's text only: a diagnostic, never an exception. At most 50 are kept.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace scenario {

// A place in one of the source texts of a script.
struct span {
    uint32_t file = 0;  // index into sources
    uint32_t line = 0;  // 0: nowhere, made by a program
    uint32_t column = 0;
    uint32_t length = 0;
    // Where a thing stands is no part of what it says: two scripts that differ only in their layout
    // are equal.
    friend bool operator==(const span&, const span&) { return true; }
};

// What the user wrote between two blanks, or between two quotes (then without them).
struct word {
    std::string text;
    bool quoted = false;
    span at;
    [[nodiscard]] bool empty() const { return text.empty() && !quoted; }
    [[nodiscard]] bool is(std::string_view other) const { return !quoted && text == other; }
    bool operator==(const word&) const = default;
};

// One mistake. It carries its line, so that it can be shown without the source at hand.
struct diagnostic {
    std::string file;
    uint32_t line = 0;
    uint32_t column = 0;
    uint32_t length = 0;
    std::string message;
    std::string hint;         // "did you mean ...", or ""
    std::string source_line;  // the line as written
    bool operator==(const diagnostic&) const = default;
};

// The texts that a script was read from: the file itself first, then those that it includes.
class sources {
  public:
    // Takes a copy of the text; returns its index.
    uint32_t add(std::string name, std::string text);
    [[nodiscard]] const std::string& name(uint32_t file) const;
    [[nodiscard]] const std::string& text(uint32_t file) const;
    [[nodiscard]] std::string line(uint32_t file, uint32_t number) const;
    // A diagnostic about a place in these texts, for passes that run after parsing.
    [[nodiscard]] diagnostic at(const span& where, std::string message,
                                std::string hint = "") const;
    friend bool operator==(const sources&, const sources&) { return true; }  // see span

  private:
    struct text_of_file {
        std::string name;
        std::string text;
    };
    std::vector<text_of_file> files_;
};

// Collects mistakes while a script is read.
class diagnostics {
  public:
    explicit diagnostics(sources& texts) : texts_(texts) {}
    void add(const span& where, std::string message, std::string hint = "");
    [[nodiscard]] sources& texts() { return texts_; }
    // The mistakes in the order of the text, each place once.
    [[nodiscard]] std::vector<diagnostic> take();

  private:
    static constexpr size_t count_max = 50;
    struct entry {
        span at;
        diagnostic what;
    };
    sources& texts_;
    std::vector<entry> list_;
};

// "FILE:LINE:COLUMN: error: MESSAGE", the line, a caret under the place, the hint.
[[nodiscard]] std::string render(const diagnostic& d);
[[nodiscard]] std::string render(const std::vector<diagnostic>& list);

// Up to three candidates that a person may have meant, the nearest first; equally near ones in the
// order given. Near: at most a third of the word's letters must be changed (swapping two
// neighbours is one change), or the word is the beginning of the candidate.
[[nodiscard]] std::vector<std::string> near_matches(std::string_view word,
                                                    const std::vector<std::string>& candidates);

// "did you mean 'a' or 'b'?"; with no near match the candidates themselves if they are at most
// eight: "known: a, b, c"; else "".
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       const std::vector<std::string>& candidates);

}  // namespace scenario
