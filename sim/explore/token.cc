#include "sim/explore/token.h"

#include <fmt/format.h>

#include <charconv>

#include "sim/explore/replay.h"
#include "sim/machine/names.h"
#include "sim/machine/record.h"
#include "sim/machine/visible.h"

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
    if (!parse_number(parts[2], d.occurrence) || d.occurrence == 0) {
        error = fmt::format("token: \"{}\" in \"{}\" is not a number from 1", parts[2], text);
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

// Who is called so; contexts_max if nobody is yet.
unsigned context_named(const std::string& name) {
    for (unsigned i = 0; i < g.context_count; ++i) {
        if (name_of_context(i) == name) {
            return i;
        }
    }
    return contexts_max;
}

std::string last_component(const std::string& function) {
    int depth = 0;
    size_t begin = 0;
    for (size_t i = 0; i + 1 < function.size(); ++i) {
        depth += function[i] == '{' || function[i] == '<' || function[i] == '(';
        depth -= function[i] == '}' || function[i] == '>' || function[i] == ')';
        if (depth == 0 && function[i] == ':' && function[i + 1] == ':') {
            begin = i + 2;
        }
    }
    return function.substr(begin);
}

}  // namespace

std::string print_token(const token& t) {
    std::string text = fmt::format("h1/{}/{}/", encode(t.subject), encode(t.variant));
    text += t.deviations.empty() ? "-" : "";
    for (size_t i = 0; i < t.deviations.size(); ++i) {
        const deviation& d = t.deviations[i];
        text += fmt::format("{}{}:{}:{}:{}", i == 0 ? "" : "+", encode(d.context),
                            encode(d.function), d.occurrence,
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
        error = fmt::format("token: version {} is not known here; this is a heddle for h1", parts[0]);
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

bool make_visible(const token& t, std::string& error) {
    for (const std::string& text : t.visible) {
        location l;
        if (!parse_location(text, l)) {
            error = fmt::format("token: there is no location \"{}\" in this subject", text);
            return false;
        }
        visible_add(l);
    }
    return true;
}

std::string source_function(const context& c) {
    if (c.state == context_state::done) {
        return "exit";
    }
    for (const trace_frame& f : call_stack(c, c.op.pc)) {
        if (!f.function.empty() && f.file.rfind("/usr/", 0) != 0 &&
            f.file.rfind("heddle/", 0) != 0) {
            return last_component(f.function);
        }
    }
    return "start";
}

deviation positions::arrived(uint8_t id, bool data) {
    deviation d;
    d.data = data;
    if (id == 0xff) {
        d.context = "~";
        d.function = "start";
        return d;
    }
    d.context = name_of_context(id);
    d.function = source_function(g.contexts[id]);
    d.occurrence = ++counts_[{d.context, (data ? "=" : "") + d.function}];
    return d;
}

bool token_strategy::begin() {
    positions_.clear();
    followed_ = 0;
    return true;
}

uint8_t token_strategy::choose(const choice_view& view) {
    host_scope host;
    deviation here = positions_.arrived(view.current, false);
    if (followed_ < deviations_.size()) {
        const deviation& want = deviations_[followed_];
        if (!want.data && want.context == here.context && want.function == here.function &&
            want.occurrence == here.occurrence) {
            unsigned next = context_named(want.next);
            if (next < contexts_max && (view.enabled >> next & 1) != 0) {
                ++followed_;
                return static_cast<uint8_t>(next);
            }
        }
    }
    return default_choice(view);
}

uint32_t token_strategy::pick(const choice_view& view, uint32_t n) {
    host_scope host;
    deviation here = positions_.arrived(view.current, true);
    if (followed_ < deviations_.size()) {
        const deviation& want = deviations_[followed_];
        if (want.data && want.context == here.context && want.function == here.function &&
            want.occurrence == here.occurrence && want.alternative < n) {
            ++followed_;
            return want.alternative;
        }
    }
    return 0;
}

bool token_writer::begin() {
    visible_use(choices_.visible);
    positions_.clear();
    deviations_.clear();
    at_ = 0;
    diverged_ = false;
    return true;
}

std::vector<std::string> token_writer::visible() const {
    std::vector<std::string> texts;
    for (uint32_t i = 0; i < choices_.visible; ++i) {
        texts.push_back(print_location(visible_locations()[i]));
    }
    return texts;
}

uint8_t token_writer::choose(const choice_view& view) {
    host_scope host;
    deviation here = positions_.arrived(view.current, false);
    uint8_t usual = default_choice(view);
    if (at_ >= choices_.size()) {
        return usual;
    }
    uint8_t next = choices_[at_++];
    if (next >= contexts_max || (view.enabled >> next & 1) == 0) {
        diverged_ = true;
        return usual;
    }
    if (next != usual) {
        here.next = name_of_context(next);
        deviations_.push_back(here);
    }
    return next;
}

uint32_t token_writer::pick(const choice_view& view, uint32_t n) {
    host_scope host;
    deviation here = positions_.arrived(view.current, true);
    uint32_t taken = at_ < choices_.size() ? choices_[at_++] & ~uint32_t{choice_is_data} : 0;
    if (taken >= n) {
        diverged_ = true;
        return 0;
    }
    if (taken != 0) {
        here.alternative = taken;
        deviations_.push_back(here);
    }
    return taken;
}

}  // namespace sim
