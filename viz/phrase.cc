#include "viz/phrase.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace viz {

namespace {

std::string_view base_name(std::string_view path) {
    const size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string file_and_line(const sim::trace_frame& frame) {
    // Code of a library inlined into the function: its line says nothing about the function.
    if (frame.file.empty() || (frame.file.starts_with("/usr/") && !is_library(frame.function))) {
        return "";
    }
    if (frame.line == 0) {
        return std::string(base_name(frame.file));
    }
    return fmt::format("{}:{}", base_name(frame.file), frame.line);
}

// A function's name without parameters and template arguments.
std::string without_arguments(std::string function) {
    static constexpr std::string_view unnamed = "(anonymous namespace)::";
    for (size_t at; (at = function.find(unnamed)) != std::string::npos;) {
        function.erase(at, unnamed.size());
    }
    const size_t op = function.find("operator");  // brackets after it belong to the name
    const bool whole_word =
        op == 0 || (op != std::string::npos &&
                    std::string_view(": ").find(function[op - 1]) != std::string_view::npos);
    if (whole_word && op + 8 < function.size() &&
        std::string_view("(<>=+-*/%!&|^~[, ").find(function[op + 8]) != std::string_view::npos) {
        return function.substr(0, function.find('(', op + 9));
    }
    std::string out;
    int depth = 0;
    for (const char c : function) {
        if (c == '(' && depth == 0) {
            break;
        }
        depth += c == '<' ? 1 : 0;
        if (depth == 0) {
            out += c;
        }
        depth -= c == '>' ? 1 : 0;
    }
    const size_t blank = out.rfind(' ');  // a return type
    return blank == std::string::npos ? out : out.substr(blank + 1);
}

std::string_view verb_of(std::string_view kind) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 13> verbs = {{
        {"load", "read"},
        {"store", "write"},
        {"start", "starts"},
        {"exit", "exits"},
        {"thread_exit", "exits"},
        {"advance", "clock advances"},
        {"cond_resume", "wakes up on"},
        {"blocked", "waits for"},
        {"dispatch", "take"},
        {"give_up", "give up"},
        {"interrupt_end", "return to"},
        {"raise_level", "raise the level of"},
        {"lower_level", "lower the level of"},
    }};
    for (const auto& [from, to] : verbs) {
        if (from == kind) {
            return to;
        }
    }
    return kind;
}

bool is_change(std::string_view detail) {
    return detail.find("->") != std::string_view::npos;
}

}  // namespace

std::string short_function(std::string_view function) {
    // "main::{lambda#1}::operator()" is a part of main.
    const size_t lambda = function.find("::{lambda");
    if (lambda != std::string_view::npos) {
        const size_t end = std::min(function.find('}', lambda), function.size());
        return short_function(function.substr(0, lambda)) + ' ' +
               std::string(function.substr(lambda + 3, end - lambda - 3));
    }
    std::string name = without_arguments(std::string(function));
    const size_t last = name.rfind("::");
    if (last == std::string::npos || name.find("operator") != std::string::npos) {
        return name;
    }
    // ip_output and rtalloc say what they are; enter does not, mutex::enter does.
    const bool tells = name.find('_', last) != std::string::npos || name.size() - last - 2 > 6;
    if (tells) {
        return name.substr(last + 2);
    }
    const size_t before = last == 0 ? std::string::npos : name.rfind("::", last - 1);
    return before == std::string::npos ? name : name.substr(before + 2);
}

std::string place(const sim::trace_frame& frame) {
    const std::string where = file_and_line(frame);
    const std::string name = frame.function.empty() ? "?" : short_function(frame.function);
    return where.empty() ? name : fmt::format("{} ({})", name, where);
}

std::string stack_line(const std::vector<sim::trace_frame>& stack, size_t frames_max) {
    std::string out;
    for (size_t i = 0; i < stack.size(); ++i) {
        if (i == frames_max) {
            return out + " < ...";
        }
        out += (i == 0 ? "" : " < ") + place(stack[i]);
    }
    return out;
}

bool is_library(std::string_view function) {
    static constexpr std::array<std::string_view, 8> prefixes = {
        "std::", "__", "pthread_", "operator new", "operator delete", "mtx_lock", "cnd_", "thrd_"};
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](std::string_view prefix) { return function.starts_with(prefix); });
}

bool is_plumbing(const sim::trace_frame& frame, const plumbing_files& plumbing) {
    return is_library(frame.function) ||
           std::any_of(plumbing.begin(), plumbing.end(), [&](const std::string& part) {
               return frame.file.find(part) != std::string::npos;
           });
}

std::vector<sim::trace_frame> telling_stack(const std::vector<sim::trace_frame>& stack,
                                            const plumbing_files& plumbing) {
    const auto first = std::find_if(stack.begin(), stack.end(), [&](const sim::trace_frame& frame) {
        return !is_plumbing(frame, plumbing);
    });
    return first == stack.end() ? stack : std::vector<sim::trace_frame>(first, stack.end());
}

namespace {

std::string plain_action_of(const sim::trace_event& event) {
    const std::string& object = event.object;
    const std::string& detail = event.detail;
    if (event.kind == "note") {
        return object.empty() || detail.empty() ? object + detail : object + ": " + detail;
    }
    if (event.kind == "command") {
        return "# " + object + (object.empty() || detail.empty() ? "" : " ") + detail;
    }
    if (event.kind == "fate") {
        return object + ": " + detail;
    }
    std::string out(verb_of(event.kind));
    if (event.kind == "packet" && event.packet != 0) {
        out += fmt::format(" P{}", event.packet);
    }
    if (!object.empty()) {
        out += ' ' + object;
    }
    // An await that happens has succeeded; that it only read its word is no failure.
    const bool only_read = event.kind == "await" && detail == "failed";
    if (detail.empty() || only_read || !change_of(event).empty()) {
        return out;
    }
    if (event.kind == "load" && detail.starts_with("read ")) {
        return out + " = " + detail.substr(5);
    }
    if (event.kind == "packet") {
        return out + ": " + detail;
    }
    if (event.kind == "blocked") {
        return out + ", " + detail;
    }
    return out + " (" + detail + ")";
}

}  // namespace

std::string action_of(const sim::trace_event& event) {
    std::string out = plain_action_of(event);
    if (event.stale && event.kind == "store") {
        out += ", overtaken";
    } else if (event.stale) {
        out += event.from == 0 ? ", stale: of before the race"
                               : fmt::format(", stale: of step {}", event.from);
    } else if (event.from != 0) {
        out += fmt::format(", of step {}", event.from);
    }
    return out;
}

std::string change_of(const sim::trace_event& event) {
    if (event.kind == "free" || event.kind == "alloc") {
        const char* did = event.kind == "free" ? "freed" : "allocated";
        return event.object.empty() ? did : event.object + ' ' + did;
    }
    if (event.kind == "state" || (!event.remark && is_change(event.detail))) {
        if (event.stale && event.kind == "store") {
            return "";  // who looks now sees the later one
        }
        const bool both = !event.object.empty() && !event.detail.empty();
        return event.object + (both ? ": " : "") + event.detail;
    }
    return "";
}

bool is_synchronisation(std::string_view kind) {
    static constexpr std::array<std::string_view, 8> others = {"load",  "store",  "rmw",   "cas",
                                                               "fence", "choose", "start", "exit"};
    return std::find(others.begin(), others.end(), kind) == others.end();
}

bool is_end(std::string_view kind) {
    return kind == "exit" || kind == "thread_exit" || kind == "process_exit";
}

std::vector<bool> contexts_that_end(const sim::trace& t) {
    std::vector<bool> out(t.header.contexts.size(), false);
    for (const sim::trace_event& event : t.events) {
        out[event.context] = out[event.context] || is_end(event.kind);
    }
    return out;
}

bool is_read(const sim::trace_event& event) {
    const bool failed = event.detail.starts_with("read ") || event.detail.ends_with("failed");
    return event.kind == "load" || (event.kind == "cas" && failed);
}

std::string_view object_of(std::string_view place_in_object) {
    const size_t plus = place_in_object.rfind('+');
    if (plus == std::string_view::npos || plus + 1 == place_in_object.size()) {
        return place_in_object;
    }
    std::string_view offset = place_in_object.substr(plus + 1);
    const bool hexadecimal = offset.starts_with("0x");
    offset.remove_prefix(hexadecimal ? 2 : 0);
    const bool digits = std::all_of(offset.begin(), offset.end(), [&](unsigned char c) {
        return hexadecimal ? std::isxdigit(c) != 0 : std::isdigit(c) != 0;
    });
    return digits ? place_in_object.substr(0, plus) : place_in_object;
}

bool is_part_of(std::string_view part, std::string_view object) {
    if (object.empty() || !part.starts_with(object)) {
        return false;
    }
    return part.size() == object.size() ||
           std::string_view("+ .[-").find(part[object.size()]) != std::string_view::npos;
}

std::string who(const sim::trace& t, uint32_t context) {
    if (context >= t.header.contexts.size()) {
        return "?";
    }
    const sim::trace_context& c = t.header.contexts[context];
    return c.cpu == sim::trace_alone_cpu ? c.name : fmt::format("{} on cpu{}", c.name, c.cpu);
}

std::string step_and_who(const sim::trace& t, uint32_t step, uint32_t context) {
    // Remarks follow their step: the first event with that number is the step itself.
    const auto event =
        std::lower_bound(t.events.begin(), t.events.end(), step,
                         [](const sim::trace_event& e, uint32_t s) { return e.step < s; });
    const bool own = step != 0 && event != t.events.end() && event->context == context;
    return own ? fmt::format("step {} by {}", step, who(t, context)) : who(t, context);
}

std::string when_and_who(const sim::trace& t, const sim::trace_evidence& evidence) {
    // Memory has a history before the race; of anything else the step is only unknown.
    const bool memory = evidence.label == "allocated" || evidence.label == "freed";
    return evidence.step == 0 && memory ? "before the race"
                                        : step_and_who(t, evidence.step, evidence.context);
}

std::string evidence_line(const sim::trace& t, const sim::trace_evidence& evidence,
                          const plumbing_files& plumbing) {
    std::string out = when_and_who(t, evidence);
    out = out.starts_with("step ") ? "at " + out : out;
    const std::vector<sim::trace_frame> stack = telling_stack(evidence.stack, plumbing);
    if (!stack.empty()) {
        const std::string where = file_and_line(stack.front());
        out += fmt::format(" ({}{}{})", short_function(stack.front().function),
                           where.empty() ? "" : ", ", where);
    }
    return out;
}

std::string remainder_of(const sim::trace& t, const sim::trace_evidence& evidence) {
    std::string out = evidence.text;
    const auto cut = [&](const std::string& part, bool to_the_end) {
        const size_t at = part.empty() ? std::string::npos : out.find(part);
        if (at != std::string::npos) {
            out.erase(at, to_the_end ? std::string::npos : part.size());
        }
    };
    if (!evidence.stack.empty() && !evidence.stack[0].function.empty()) {
        cut(" in " + evidence.stack[0].function, true);
    }
    cut(", before the race", true);
    const std::string name = who(t, evidence.context);
    cut("by " + name, false);
    cut(name, false);
    cut(evidence.label, false);
    // "a reference to ifnet em1 may not be put: taken": the label says the rest.
    cut(" may not be put:", true);
    cut(" is not put:", true);
    // What was said of the name goes on without it.
    const size_t first = out.find_first_not_of(" ,");
    const size_t last = out.find_last_not_of(' ');
    return first == std::string::npos ? "" : out.substr(first, last - first + 1);
}

std::string finding_title(const sim::trace_finding& finding, const plumbing_files& plumbing) {
    std::string out = finding.kind;
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    const std::vector<sim::trace_frame> stack = telling_stack(finding.stack, plumbing);
    return stack.empty() ? out : out + " in " + place(stack.front());
}

std::string printable(std::string_view text, bool utf8) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80) {
            // One mark for a code point: the bytes that continue it are passed over.
            out += utf8 ? std::string(1, c) : (byte & 0xc0) == 0x80 ? "" : "?";
        } else {
            out += byte < 0x20 || byte == 0x7f ? ' ' : c;
        }
    }
    return out;
}

size_t text_width(std::string_view text) {
    return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

namespace {

// Bytes of the first `width` code points.
size_t bytes_of(std::string_view text, size_t width) {
    size_t at = 0;
    while (at < text.size()) {
        const bool starts = (static_cast<unsigned char>(text[at]) & 0xc0) != 0x80;
        if (starts && width-- == 0) {
            break;
        }
        ++at;
    }
    return at;
}

}  // namespace

std::string shortened(std::string_view text, size_t width) {
    if (text_width(text) <= width) {
        return std::string(text);
    }
    if (width <= 2) {
        return std::string(text.substr(0, bytes_of(text, width)));
    }
    return std::string(text.substr(0, bytes_of(text, width - 2))) + "..";
}

std::vector<std::string> wrapped(std::string_view text, size_t width) {
    std::vector<std::string> lines;
    width = std::max<size_t>(width, 1);
    while (text_width(text) > width) {
        size_t cut = bytes_of(text, width);
        const size_t blank = text.rfind(' ', cut);
        if (blank != std::string_view::npos && blank > cut / 3) {
            cut = blank;
        }
        lines.emplace_back(text.substr(0, cut));
        text.remove_prefix(cut);
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    }
    if (!text.empty() || lines.empty()) {
        lines.emplace_back(text);
    }
    return lines;
}

}  // namespace viz
