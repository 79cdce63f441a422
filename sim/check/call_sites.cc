#include "sim/check/call_sites.h"

#include <fmt/format.h>

#include <deque>
#include <map>

#include "sim/machine/machine.h"
#include "sim/machine/names.h"

namespace sim {

namespace {

struct interned_calls {
    std::vector<uint32_t> slots = std::vector<uint32_t>(1024, 0);  // by hash: number + 1
    std::deque<std::vector<uint64_t>> calls;
};
struct interned_texts {
    std::map<std::string, uint32_t, std::less<>> numbers;
    std::deque<std::string> texts;
};

interned_calls& all_calls() {
    static interned_calls all;
    return all;
}
interned_texts& all_texts() {
    static interned_texts all;
    return all;
}

uint64_t mix(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
    return hash ^ hash >> 29;
}

uint32_t& slot_of(interned_calls& all, uint64_t hash) {
    return all.slots[hash & (all.slots.size() - 1)];
}

// What collides takes the next free slot.
void grow(interned_calls& all) {
    all.slots.assign(all.slots.size() * 2, 0);
    for (uint32_t number = 1; number <= all.calls.size(); ++number) {
        const std::vector<uint64_t>& calls = all.calls[number - 1];
        uint64_t hash = calls.size();
        for (const uint64_t call : calls) {
            hash = mix(hash, call);
        }
        while (slot_of(all, hash) != 0) {
            ++hash;
        }
        slot_of(all, hash) = number;
    }
}

// Without making a list of what is known already.
bool is_here(const std::vector<uint64_t>& calls, const context& c, uint32_t depth, uint64_t pc) {
    if (calls.size() != (depth > 1 ? depth : 1U) || calls[0] != pc) {
        return false;
    }
    for (uint32_t i = 1; i < depth; ++i) {
        if (calls[i] != c.frames[depth - i].call_pc) {
            return false;
        }
    }
    return true;
}

}  // namespace

uint32_t calls_here(const context& c, uint64_t pc) {
    const uint32_t depth = depth_of(c);
    uint64_t hash = mix(depth > 1 ? depth : 1U, pc);
    for (uint32_t i = depth; i-- > 1;) {
        hash = mix(hash, c.frames[i].call_pc);
    }
    interned_calls& all = all_calls();
    uint32_t* slot = &slot_of(all, hash);
    for (; *slot != 0; slot = &slot_of(all, ++hash)) {
        if (is_here(all.calls[*slot - 1], c, depth, pc)) {
            return *slot - 1;
        }
    }
    std::vector<uint64_t> calls = {pc};
    for (uint32_t i = depth; i-- > 1;) {
        calls.push_back(c.frames[i].call_pc);
    }
    all.calls.push_back(std::move(calls));
    *slot = static_cast<uint32_t>(all.calls.size());
    if (all.calls.size() * 2 > all.slots.size()) {
        grow(all);
    }
    return static_cast<uint32_t>(all.calls.size() - 1);
}

const std::vector<uint64_t>& calls_of(uint32_t number) {
    return all_calls().calls[number];
}

uint32_t number_of_text(const char* text) {
    interned_texts& all = all_texts();
    const auto number = static_cast<uint32_t>(all.texts.size());
    const auto added = all.numbers.try_emplace(text == nullptr ? "" : text, number);
    if (added.second) {
        all.texts.push_back(added.first->first);
    }
    return added.first->second;
}

const std::string& text_of(uint32_t number) {
    return all_texts().texts[number];
}

moment now_in(const context& c, uint64_t pc) {
    return {g.choosing ? g.steps : 0, calls_here(c, pc), c.id};
}

uint64_t pc_of(const moment& m) {
    return calls_of(m.calls)[0];
}

std::string name_with_cpu(unsigned context) {
    const sim::context& c = g.contexts[context];
    return c.cpu == alone_cpu ? name_of_context(context)
                              : fmt::format("{} on cpu{}", name_of_context(context), c.cpu);
}

finding_evidence evidence_of(const char* label, const moment& m) {
    return {label, fmt::format("{} by {}", label, name_with_cpu(m.context)), m.context, m.step,
            calls_of(m.calls)};
}

}  // namespace sim
