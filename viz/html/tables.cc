#include "viz/html/tables.h"

namespace viz {

data_tables::data_tables(plumbing_files plumbing) : plumbing_(std::move(plumbing)) {
    text("");
    stacks_.emplace_back(0, 0);
    set({});
}

uint32_t data_tables::text(const std::string& s) {
    const auto [at, added] = text_numbers_.try_emplace(s, static_cast<uint32_t>(texts_.size()));
    if (added) {
        texts_.push_back(s);
    }
    return at->second;
}

uint32_t data_tables::frame(const sim::trace_frame& f) {
    const auto [at, added] = frame_numbers_.try_emplace({f.function, f.file, f.line},
                                                        static_cast<uint32_t>(frames_.size()));
    if (added) {
        frames_.push_back({text(f.function), text(short_function(f.function)), text(f.file), f.line,
                           is_plumbing(f, plumbing_) ? 1U : 0U});
    }
    return at->second;
}

uint32_t data_tables::stack(const std::vector<sim::trace_frame>& stack) {
    uint32_t caller = 0;
    for (auto f = stack.rbegin(); f != stack.rend(); ++f) {
        const std::pair<uint32_t, uint32_t> key(frame(*f), caller);
        const auto [at, added] =
            stack_numbers_.try_emplace(key, static_cast<uint32_t>(stacks_.size()));
        if (added) {
            stacks_.push_back(key);
        }
        caller = at->second;
    }
    return caller;
}

uint32_t data_tables::set(const std::vector<uint32_t>& contexts) {
    const auto [at, added] =
        set_numbers_.try_emplace(contexts, static_cast<uint32_t>(sets_.size()));
    if (added) {
        sets_.push_back(contexts);
    }
    return at->second;
}

void data_tables::write(sim::json_line& json) const {
    json.key("strings");
    json.open('[');
    for (const std::string& s : texts_) {
        json.text(s);
    }
    json.close(']');
    json.key("frames");
    json.open('[');
    for (const std::vector<uint32_t>& f : frames_) {
        write_list(json, f);
    }
    json.close(']');
    json.key("stacks");
    json.open('[');
    for (const auto& [innermost, caller] : stacks_) {
        json.number(innermost);
        json.number(caller);
    }
    json.close(']');
    json.key("sets");
    json.open('[');
    for (const std::vector<uint32_t>& s : sets_) {
        write_list(json, s);
    }
    json.close(']');
}

void write_list(sim::json_line& json, const std::vector<uint32_t>& values) {
    json.open('[');
    for (const uint32_t value : values) {
        json.number(value);
    }
    json.close(']');
}

}  // namespace viz
