#include "sim/explore/token.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "sim/check/describe.h"
#include "sim/explore/replay.h"
#include "sim/machine/names.h"
#include "sim/machine/record.h"
#include "sim/machine/visible.h"
#include "sim/memory/model.h"
#include "sim/memory/weakened.h"

namespace sim {

namespace {

constexpr std::string_view memory_prefix = "memory.";
constexpr std::string_view drawn_suffix = ".drawn";

// Words that are the same in every process: 16 bits of FNV-1a.
uint32_t hash_of(const std::string& text) {
    uint32_t h = 2166136261U;
    for (char c : text) {
        h = (h ^ static_cast<uint8_t>(c)) * 16777619U;
    }
    return (h >> 16 ^ h) & 0xffff;
}

// The place is the one that is meant; a token of old has no witness.
bool same_place(const deviation& want, const deviation& here) {
    return want.data == here.data && want.context == here.context &&
           want.function == here.function && want.occurrence == here.occurrence &&
           (want.nth == 0 ||
            (want.kind == here.kind && want.object == here.object && want.nth == here.nth));
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

unsigned context_called(const std::string& name) {
    for (unsigned i = 0; i < g.context_count; ++i) {
        if (name_of_context(i) == name) {
            return i;
        }
    }
    return contexts_max;
}

bool make_visible(const token& t, std::string& error) {
    std::vector<site_order> weaker;
    for (const std::string& text : t.visible) {
        location l;
        if (text.rfind(weakened_prefix, 0) == 0) {
            weaker.emplace_back();
            if (!parse_weakened(text, weaker.back())) {
                error = fmt::format("token: nothing in this subject is \"{}\"", text);
                return false;
            }
            continue;
        }
        if (text.rfind(memory_prefix, 0) == 0) {
            std::string model = text.substr(memory_prefix.size());
            const bool drawn = model.ends_with(drawn_suffix);
            chosen_awaits = drawn ? await_looks::waiting : await_looks::once;
            model.resize(model.size() - (drawn ? drawn_suffix.size() : 0));
            chosen_memory = memory_model_named(model);
            if (chosen_memory == memory_model::interleaving) {
                error = fmt::format("token: there is no memory model \"{}\"", model);
                return false;
            }
            continue;
        }
        if (!parse_location(text, l)) {
            error = fmt::format("token: there is no location \"{}\" in this subject", text);
            return false;
        }
        visible_add(l);
    }
    weaken(weaker);
    return true;
}

std::string source_function(const context& c) {
    if (c.state == context_state::done) {
        return "exit";
    }
    for (const trace_frame& f : call_stack(c, c.op.pc)) {
        if (is_own(f)) {
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
    const std::string place = (data ? "=" : "") + d.function;
    d.occurrence = ++counts_[{d.context, place}];
    const context& c = g.contexts[id];
    const bool done = c.state == context_state::done;
    d.kind = name_of(done ? op_kind::thread_exit : c.op.kind);
    d.object = done || c.op.object == 0 ? 0 : hash_of(describe_address(c.op.object));
    d.nth = ++witnesses_[{d.context, place, d.kind, d.object}];
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
        if (same_place(want, here)) {
            unsigned next = context_called(want.next);
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
        if (same_place(want, here) && want.alternative < n) {
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
    // Which was found first depends on who looked where.
    std::sort(texts.begin(), texts.end());
    if (chosen_memory != memory_model::interleaving) {
        texts.push_back(std::string(memory_prefix) + name_of(chosen_memory) +
                        std::string(chosen_awaits == await_looks::waiting ? drawn_suffix : ""));
    }
    for (const site_order& s : weakened_places()) {
        texts.push_back(print_weakened(s));
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
