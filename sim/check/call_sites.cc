#include "sim/check/call_sites.h"

#include <fmt/format.h>

#include <deque>

#include "sim/machine/machine.h"
#include "sim/machine/names.h"

namespace sim {

namespace {

struct number_slot {
    uint64_t hash;
    uint32_t number;  // + 1; 0: free
};
using number_slots = std::vector<number_slot>;

struct interned_calls {
    number_slots slots = number_slots(1024, number_slot{0, 0});
    std::deque<std::vector<uint64_t>> calls;
};
struct interned_texts {
    number_slots slots = number_slots(256, number_slot{0, 0});
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

// Where it is, or where it belongs. There are too few for two of them to have the same 64 bits.
number_slot& slot_of(number_slots& slots, uint64_t hash) {
    size_t at = hash & (slots.size() - 1);
    while (slots[at].number != 0 && slots[at].hash != hash) {
        at = (at + 1) & (slots.size() - 1);
    }
    return slots[at];
}

// Keeps half of the slots free.
void grow(number_slots& slots, size_t used) {
    if (used * 2 <= slots.size()) {
        return;
    }
    number_slots old(slots.size() * 2, number_slot{0, 0});
    old.swap(slots);
    for (const number_slot& s : old) {
        if (s.number != 0) {
            slot_of(slots, s.hash) = s;
        }
    }
}

// No multiplication waits for another.
uint64_t hash_here(const context& c, uint32_t depth, uint64_t pc) {
    uint64_t hash = pc;
    for (uint32_t i = 1; i < depth; ++i) {
        hash += (c.frames[i].call_pc ^ i * 0xd6e8feb86659fd93ULL) * 0x9e3779b97f4a7c15ULL;
    }
    return mixed(depth, hash);
}

}  // namespace

uint64_t mixed(uint64_t hash, uint64_t word) {
    hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
    return hash ^ hash >> 29;
}

bool seen_hashes::add(uint64_t hash) {
    hash += hash == 0 ? 1 : 0;  // 0 is a free slot
    size_t at = hash & (slots_.size() - 1);
    while (slots_[at] != 0 && slots_[at] != hash) {
        at = (at + 1) & (slots_.size() - 1);
    }
    if (slots_[at] == hash) {
        return false;
    }
    slots_[at] = hash;
    if (++used_ * 2 > slots_.size()) {
        std::vector<uint64_t> old(slots_.size() * 2, 0);
        old.swap(slots_);
        used_ = 0;
        for (const uint64_t h : old) {
            if (h != 0) {
                add(h);
            }
        }
    }
    return true;
}

uint32_t calls_here(const context& c, uint64_t pc) {
    const uint32_t depth = depth_of(c);
    const uint64_t hash = hash_here(c, depth, pc);
    interned_calls& all = all_calls();
    number_slot& slot = slot_of(all.slots, hash);
    if (slot.number != 0) {
        return slot.number - 1;
    }
    std::vector<uint64_t> calls = {pc};
    for (uint32_t i = depth; i-- > 1;) {
        calls.push_back(c.frames[i].call_pc);
    }
    all.calls.push_back(std::move(calls));
    const auto number = static_cast<uint32_t>(all.calls.size());
    slot = {hash, number};
    grow(all.slots, all.calls.size());
    return number - 1;
}

const std::vector<uint64_t>& calls_of(uint32_t number) {
    return all_calls().calls[number];
}

uint32_t number_of_text(const char* text) {
    interned_texts& all = all_texts();
    uint64_t hash = 0;
    for (const char* at = text; at != nullptr && *at != 0; ++at) {
        hash = (hash + static_cast<unsigned char>(*at)) * 0x9e3779b97f4a7c15ULL;
    }
    hash = mixed(1, hash);
    number_slot& slot = slot_of(all.slots, hash);
    if (slot.number != 0) {
        return slot.number - 1;
    }
    all.texts.emplace_back(text == nullptr ? "" : text);
    const auto number = static_cast<uint32_t>(all.texts.size());
    slot = {hash, number};
    grow(all.slots, all.texts.size());
    return number - 1;
}

const std::string& text_of(uint32_t number) {
    return all_texts().texts[number];
}

moment now_with_calls(const context& c, uint64_t pc) {
    return {pc, g.choosing ? g.steps : 0, calls_here(c, pc), c.id};
}

moment now_in(const context& c, uint64_t pc) {
    return evidence_wanted() ? now_with_calls(c, pc)
                             : moment{pc, g.choosing ? g.steps : 0, 0, c.id};
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
