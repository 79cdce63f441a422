#include "scenarios/runner/values.h"

#include <fmt/format.h>

#include <charconv>

namespace scenario {

namespace {

bool is_open(const parameter& p) {
    return p.first != p.last && !p.given;
}

}  // namespace

uint64_t combinations_of(const script& s) {
    uint64_t all = 1;
    for (const parameter& p : s.parameters) {
        // Ranges are short, and nobody asks for more than too many.
        all *= is_open(p) && all <= combinations_max ? p.last - p.first + 1 : 1;
    }
    return all;
}

std::vector<parameter_values> values_of(const script& s) {
    std::vector<parameter_values> all(1);
    for (const parameter& p : s.parameters) {
        std::vector<parameter_values> more;
        for (const parameter_values& values : all) {
            for (uint64_t value = p.first; is_open(p) && value <= p.last; ++value) {
                more.push_back(values);
                more.back()[p.name.text] = value;
            }
        }
        if (is_open(p)) {
            all = std::move(more);
        }
    }
    return all;
}

std::string text_of(const script& s, const parameter_values& values) {
    std::string text;
    for (const parameter& p : s.parameters) {
        const auto at = values.find(p.name.text);
        if (at != values.end()) {
            text += fmt::format("{}{}={}", text.empty() ? "" : ",", at->first, at->second);
        }
    }
    return text;
}

bool parse_values(const std::string& text, parameter_values& values) {
    values.clear();
    for (size_t at = 0; at < text.size();) {
        const size_t end = std::min(text.find(',', at), text.size());
        const size_t equals = text.find('=', at);
        if (equals == std::string::npos || equals == at || equals >= end) {
            return false;
        }
        uint64_t value = 0;
        const char* const last = text.data() + end;
        const auto [stop, error] = std::from_chars(text.data() + equals + 1, last, value);
        if (error != std::errc() || stop != last ||
            !values.emplace(text.substr(at, equals - at), value).second) {
            return false;
        }
        at = end + 1;
    }
    return true;
}

}  // namespace scenario
