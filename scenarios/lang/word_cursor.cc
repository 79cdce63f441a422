#include "scenarios/lang/word_cursor.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace scenario {

namespace {

const word no_word;

struct duration_unit {
    std::string_view name;
    uint64_t nanoseconds;
};

constexpr duration_unit units[] = {
    {"ns", 1},
    {"us", 1000},
    {"ms", 1'000'000},
    {"s", 1'000'000'000},
    {"m", 60'000'000'000},
    {"h", 3'600'000'000'000},
};

}  // namespace

bool is_name(const word& w) {
    auto allowed = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
    };
    return !w.quoted && !w.text.empty() && w.text[0] != '.' && w.text[0] != '-' &&
           std::all_of(w.text.begin(), w.text.end(), allowed);
}

const word& word_cursor::peek(size_t ahead) const {
    return ahead < left() ? words_[next_ + ahead] : no_word;
}

const word& word_cursor::previous() const {
    return next_ > 0 ? words_[next_ - 1] : no_word;
}

span word_cursor::place() const {
    return next_ < words_.size() ? words_[next_].at : end_;
}

bool word_cursor::take(std::string_view text) {
    if (!next_is(text)) {
        return false;
    }
    next_++;
    return true;
}

word word_cursor::take_word(std::string_view what) {
    if (at_end()) {
        fail("expected " + std::string(what));
        return {};
    }
    return words_[next_++];
}

word word_cursor::take_name(std::string_view what) {
    if (!at_end() && !is_name(peek())) {
        fail("'" + peek().text + "' is not a name", "expected " + std::string(what));
    }
    return take_word(what);
}

void word_cursor::expect(std::string_view text) {
    if (take(text) || failed_) {
        return;
    }
    std::string message = "expected '" + std::string(text) + "'";
    message += at_end() ? "" : ", found '" + peek().text + "'";
    std::vector<std::string> near;
    if (!at_end()) {
        near = near_matches(peek().text, {std::string(text)});
    }
    fail(message, near.empty() ? "" : did_you_mean(peek().text, near));
}

size_t word_cursor::take_one_of(std::string_view what, const std::vector<std::string>& known) {
    if (at_end()) {
        fail("expected " + std::string(what), did_you_mean("", known));
        return 0;
    }
    auto found = std::find_if(known.begin(), known.end(), [&](auto& k) { return peek().is(k); });
    if (found == known.end()) {
        fail("unknown " + std::string(what) + " '" + peek().text + "'",
             did_you_mean(peek().text, known));
        return 0;
    }
    next_++;
    return static_cast<size_t>(found - known.begin());
}

uint64_t word_cursor::take_number(std::string_view what, uint64_t low, uint64_t high) {
    if (at_end()) {
        fail("expected " + std::string(what));
        return low;
    }
    std::optional<uint64_t> value = parse_number(peek().text);
    if (!value || peek().quoted) {
        fail("'" + peek().text + "' is not a number", "expected " + std::string(what));
        return low;
    }
    if (*value < low || *value > high) {
        fail("'" + peek().text + "' is out of range",
             std::string(what) + " from " + std::to_string(low) + " to " + std::to_string(high));
        return low;
    }
    next_++;
    return *value;
}

uint64_t word_cursor::take_duration() {
    std::string text = take_word("a time such as 31s").text;
    size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    std::optional<uint64_t> value = parse_number(std::string_view(text).substr(0, digits));
    for (const duration_unit& unit : units) {
        if (value && text.compare(digits, std::string::npos, unit.name) == 0 &&
            *value <= UINT64_MAX / 2 / unit.nanoseconds) {
            return *value * unit.nanoseconds;
        }
    }
    if (ok()) {
        fail_at(previous().at, "'" + text + "' is not a time",
                "a number and ns, us, ms, s, m or h");
    }
    return 0;
}

void word_cursor::fail(std::string message, std::string hint) {
    fail_at(place(), std::move(message), std::move(hint));
}

void word_cursor::fail_at(const span& where, std::string message, std::string hint) {
    if (!failed_) {
        out_.add(where, std::move(message), std::move(hint));
        failed_ = true;
    }
}

void word_cursor::finish() {
    if (!at_end()) {
        fail("'" + peek().text + "' is one word too many");
    }
}

}  // namespace scenario
