#include "sim/check/last_pointer.h"

#include <fmt/format.h>

#include <map>

#include "sim/check/describe.h"
#include "sim/machine/names.h"
#include "sim/machine/record.h"

namespace sim {

namespace {

enum class loss : uint8_t { overwritten, freed, returned };

struct lost_pointer {
    loss how;
    uint8_t context;
    uint32_t step;
    uint64_t when;
    uint64_t address;  // where it was
    uint64_t pc;
    std::vector<trace_frame> stack;
};

std::map<const block*, lost_pointer> lost;
uint64_t now = 0;

const block* pointed_to_or_null(uint64_t word) {
    const block* b = in_heap_area(word) ? find_block_or_null(word) : nullptr;
    return b != nullptr && !b->freed && word <= b->address + b->size ? b : nullptr;
}

void lose(uint64_t word, loss how, uint64_t address, uint64_t pc) {
    const block* b = pointed_to_or_null(word);
    if (b == nullptr || g.current == nullptr) {
        return;
    }
    host_scope host;
    std::vector<trace_frame> stack =
        how == loss::returned ? std::vector<trace_frame>{frame_at(pc)} : call_stack(*g.current, pc);
    lost[b] = {how, g.current->id, g.steps, ++now, address, pc, std::move(stack)};
}

void lose_words(uint64_t begin, uint64_t end, loss how, uint64_t pc) {
    for (uint64_t at = begin & ~7ULL; at < end; at += 8) {
        lose(*reinterpret_cast<const uint64_t*>(at), how, at, pc);
    }
}

}  // namespace

void last_pointer_begin() {
    lost.clear();
    now = 0;
}

void last_pointer_written(uint64_t address, uint64_t size, uint64_t pc) {
    lose_words(address, address + size, loss::overwritten, pc);
}

void last_pointer_replaced(uint64_t word, uint64_t address, uint64_t pc) {
    lose(word, loss::overwritten, address, pc);
}

void last_pointer_freed(const block& b, uint64_t pc) {
    lose_words(b.address, b.address + (b.size & ~7ULL), loss::freed, pc);
}

uint64_t last_pointer_now() {
    return now;
}

// A frame holds copies of what it has overwritten elsewhere: that says more.
void last_pointer_frame_ends(uint64_t low, uint64_t high, uint64_t function_pc, uint64_t entered) {
    for (uint64_t at = low; at + 8 <= high; at += 8) {
        const uint64_t word = *reinterpret_cast<const uint64_t*>(at);
        const block* b = pointed_to_or_null(word);
        const auto known = b != nullptr ? lost.find(b) : lost.end();
        if (known == lost.end() || known->second.how == loss::returned ||
            known->second.when <= entered) {
            lose(word, loss::returned, at, function_pc);
        }
    }
}

bool last_pointer_to(const block& b, trace_evidence& e) {
    const auto found = lost.find(&b);
    if (found == lost.end()) {
        return false;
    }
    const lost_pointer& l = found->second;
    e.label = "lost";
    e.step = l.step;
    e.context = l.context;
    e.stack = l.stack;
    const std::string where = describe_address(l.address);
    switch (l.how) {
        case loss::overwritten:
            e.text = fmt::format("the last pointer to it, in {}, was overwritten by {}{}", where,
                                 who_of(l.context), in_place(l.stack));
            break;
        case loss::freed:
            e.text = fmt::format("the last pointer to it, in {}, was freed with it by {}{}", where,
                                 who_of(l.context), in_place(l.stack));
            break;
        case loss::returned:
            e.text = fmt::format("the last pointer to it was a variable of {}, and that call ended",
                                 l.stack[0].function);
            break;
    }
    return true;
}

}  // namespace sim
