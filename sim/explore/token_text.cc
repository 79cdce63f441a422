#include "sim/explore/token_text.h"

#include <fmt/format.h>

#include <charconv>

namespace sim {

namespace {

bool plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '~';
}

std::string encode(const std::string& text) {
    std::string out;
    for (char c : text) {
        out += plain(c) ? std::string(1, c) : fmt::format("%{:02X}", static_cast<uint8_t>(c));
    }
    return out;
}

// Inside N.KIND~OBJECT.M the separators of that form are no plain characters.
std::string encode_kind(const std::string& kind) {
    std::string out;
    for (char c : kind) {
        out += c == '.' ? "%2E" : c == '~' ? "%7E" : encode(std::string(1, c));
    }
    return out;
}

bool decode(const std::string& text, std::string& out) {
    out.clear();
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            if (!plain(text[i])) {
                return false;
            }
            out += text[i];
            continue;
        }
        unsigned value = 0;
        if (i + 2 >= text.size()) {
            return false;
        }
        auto [end, error] = std::from_chars(&text[i + 1], &text[i + 3], value, 16);
        if (error != std::errc() || end != &text[i + 3]) {
            return false;
        }
        out += static_cast<char>(value);
        i += 2;
    }
    return true;
}

std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> parts(1);
    for (char c : text) {
        if (c == at) {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    return parts;
}

bool parse_number(const std::string& text, uint32_t& value) {
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

// N, or N.KIND~OBJECT.M
bool parse_occurrence(const std::string& text, deviation& d) {
    const std::vector<std::string> parts = split(text, '.');
    if (!parse_number(parts[0], d.occurrence) || d.occurrence == 0 ||
        (parts.size() != 1 && parts.size() != 3)) {
        return false;
    }
    if (parts.size() == 1) {
        return true;
    }
    const std::vector<std::string> what = split(parts[1], '~');
    if (what.size() != 2 || what[1].size() != 4 || !decode(what[0], d.kind) || d.kind.empty()) {
        return false;
    }
    auto [end, error] = std::from_chars(what[1].data(), what[1].data() + 4, d.object, 16);
    const bool lower = what[1].find_first_of("ABCDEF") == std::string::npos;
    return error == std::errc() && end == what[1].data() + 4 && lower &&
           parse_number(parts[2], d.nth) && d.nth != 0;
}

std::string print_occurrence(const deviation& d) {
    return d.nth == 0 ? fmt::format("{}", d.occurrence)
                      : fmt::format("{}.{}~{:04x}.{}", d.occurrence, encode_kind(d.kind),
                                    d.object & 0xffff, d.nth);
}

bool parse_deviation(const std::string& text, deviation& d, std::string& error) {
    std::vector<std::string> parts = split(text, ':');
    if (parts.size() != 4) {
        error = fmt::format("token: \"{}\" is not CONTEXT:FUNCTION:N:NEXT", text);
        return false;
    }
    if (!decode(parts[0], d.context) || !decode(parts[1], d.function)) {
        error = fmt::format("token: a character in \"{}\" must be written %XX", text);
        return false;
    }
    if (!parse_occurrence(parts[2], d)) {
        error = fmt::format(
            "token: \"{}\" in \"{}\" is not a number from 1{}", parts[2], text,
            parts[2].find('.') == std::string::npos ? "" : ", .KIND~OBJECT.M behind it");
        return false;
    }
    d.data = !parts[3].empty() && parts[3][0] == '=';
    if (d.data ? !parse_number(parts[3].substr(1), d.alternative)
               : parts[3].empty() || !decode(parts[3], d.next)) {
        error = fmt::format("token: \"{}\" in \"{}\" is neither a context nor =N", parts[3], text);
        return false;
    }
    return true;
}

}  // namespace

std::string print_token(const token& t) {
    std::string text = fmt::format("h1/{}/{}/", encode(t.subject), encode(t.variant));
    text += t.deviations.empty() ? "-" : "";
    for (size_t i = 0; i < t.deviations.size(); ++i) {
        const deviation& d = t.deviations[i];
        text += fmt::format("{}{}:{}:{}:{}", i == 0 ? "" : "+", encode(d.context),
                            encode(d.function), print_occurrence(d),
                            d.data ? fmt::format("={}", d.alternative) : encode(d.next));
    }
    for (size_t i = 0; i < t.visible.size(); ++i) {
        text += (i == 0 ? "/" : ",") + encode(t.visible[i]);
    }
    return text;
}

bool parse_token(const std::string& text, token& t, std::string& error) {
    std::vector<std::string> parts = split(text, '/');
    if (parts.size() < 4 || parts.size() > 5 || parts[0].empty() || parts[0][0] != 'h') {
        error = "token: expected h1/SUBJECT/VARIANT/CHOICES[/LOCATIONS], as heddle prints it";
        return false;
    }
    if (parts[0] != "h1") {
        error =
            fmt::format("token: version {} is not known here; this is a heddle for h1", parts[0]);
        return false;
    }
    t = token{};
    if (!decode(parts[1], t.subject) || !decode(parts[2], t.variant)) {
        error = "token: a character in the subject or variant must be written %XX";
        return false;
    }
    if (parts.size() == 5) {
        for (const std::string& part : split(parts[4], ',')) {
            t.visible.emplace_back();
            if (part.empty() || !decode(part, t.visible.back())) {
                error = fmt::format("token: \"{}\" is not a location", part);
                return false;
            }
        }
    }
    if (parts[3] == "-") {
        return true;
    }
    for (const std::string& part : split(parts[3], '+')) {
        deviation d;
        if (!parse_deviation(part, d, error)) {
            return false;
        }
        t.deviations.push_back(d);
    }
    return true;
}

}  // namespace sim
