#include "sim/check/lessons.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/check/checker.h"
#include "sim/check/describe.h"
#include "sim/machine/record.h"

namespace sim {

namespace {

std::vector<trace_frame> frames_of(const std::string& text) {
    std::vector<trace_frame> stack;
    for (const uint64_t call : calls_from_text(text)) {
        stack.push_back(frame_at(call));
    }
    return stack;
}

}  // namespace

void add_lesson(lessons& to, const std::string& key, const std::string& witness) {
    const auto added = to.emplace(key, witness);
    if (!added.second && witness < added.first->second) {
        added.first->second = witness;
    }
}

void merge_lessons(lessons& into, const lessons& more) {
    for (const auto& [key, witness] : more) {
        add_lesson(into, key, witness);
    }
}

lessons learned_lessons() {
    lessons all;
    for (const checker* c : listeners) {
        c->teach(all);
    }
    return all;
}

void recall_lessons(const lessons& all) {
    for (checker* c : listeners) {
        c->recall(all);
    }
}

std::string joined(const std::vector<std::string>& fields, char separator) {
    std::string text;
    for (size_t i = 0; i < fields.size(); ++i) {
        text += (i == 0 ? "" : std::string(1, separator)) + fields[i];
    }
    return text;
}

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> fields(1);
    for (const char c : text) {
        if (c == separator) {
            fields.emplace_back();
        } else {
            fields.back() += c;
        }
    }
    return fields;
}

std::string calls_as_text(const std::vector<uint64_t>& calls) {
    std::string text;
    for (const uint64_t call : calls) {
        text += fmt::format("{}{:x}", text.empty() ? "" : ".", call);
    }
    return text;
}

std::vector<uint64_t> calls_from_text(const std::string& text) {
    std::vector<uint64_t> calls;
    for (const std::string& call : split(text, '.')) {
        calls.push_back(call.empty() ? 0 : std::stoull(call, nullptr, 16));
    }
    return calls;
}

std::string place_of_calls(const std::string& text) {
    return place_with_caller(frames_of(text));
}

std::string where_of_calls(const std::string& text) {
    const std::vector<trace_frame> stack = frames_of(text);
    const auto own = std::find_if(stack.begin(), stack.end(), is_own);
    return own == stack.end() ? "" : fmt::format("{}:{} {}", own->file, own->line, own->function);
}

}  // namespace sim
