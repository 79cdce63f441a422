// What there is to say of memory: whose it is, who allocated and freed it, where the last pointer went.
#include <fmt/format.h>

#include "sim/check/describe.h"
#include "sim/check/frames.h"
#include "sim/check/last_pointer.h"
#include "sim/machine/memory.h"
#include "sim/machine/names.h"
#include "sim/machine/record.h"

namespace sim {

namespace {

trace_evidence event_of_block(const char* label, const block& b, bool freed) {
    trace_evidence e;
    e.label = label;
    e.step = freed ? b.freed_step : b.allocated_step;
    e.context = freed ? b.freed_by : b.allocated_by;
    e.stack = recorded_stack(freed ? b.freed_stack : b.allocated_stack);
    trace_frame at = frame_at(freed ? b.freed_pc : b.allocated_pc);
    // operator delete and free sit between; what matters is who called them.
    if (e.stack.empty()) {
        e.stack.push_back(at);
    }
    e.text = fmt::format("{} by {}{}", label, who_of(e.context), in_place(e.stack));
    if (e.step == 0) {
        e.text += ", before the race";
    }
    return e;
}

// The block that an access to the address is about: the one that it lies in, or the nearest.
const block* block_of_address_or_null(uint64_t address) {
    const block* behind = find_block_behind_or_null(address);
    return behind != nullptr ? behind : find_block_or_null(address);
}

// "cpu0", or "alone" before and after the race.
std::string cpu_of(unsigned context) {
    const sim::context& c = g.contexts[context];
    return c.cpu == alone_cpu ? name_of_context(context) : fmt::format("cpu{}", c.cpu);
}

// Two CPUs are what tells such a race from a mistake of one.
std::string freed_elsewhere(const finding& f) {
    const block* b = find_block_or_null(f.address);
    if (b == nullptr || !b->freed || b->freed_by == f.context || b->freed_by == 0xff) {
        return "";
    }
    return fmt::format("; it was freed on {} and is used on {}", cpu_of(b->freed_by),
                       cpu_of(f.context));
}

std::string inside_of_what(uint64_t address) {
    const block* b = find_block_or_null(address);
    if (b != nullptr && address < b->address + b->size) {
        return fmt::format(", which is not the begin of a block: it is {} bytes into one of {}",
                           address - b->address, b->size);
    }
    return in_heap_area(address) ? ", which is not the begin of a block"
                                 : ", which is not the begin of a block: it was never allocated";
}

std::string bytes_text(uint64_t n) {
    return fmt::format("{} byte{}", n, n == 1 ? "" : "s");
}

// "8 bytes before heap main#4, which has 24 bytes".
std::string beside_what(const finding& f) {
    const block* b = block_of_address_or_null(f.address);
    const bool touches = b != nullptr && f.address == b->address + b->size;
    return touches ? fmt::format("right after {}, which has {}", describe_address(b->address),
                                 bytes_text(b->size))
           : b == nullptr
               ? describe_address(f.address)
               : fmt::format("{}, which has {}", describe_address(f.address), bytes_text(b->size));
}

}  // namespace

std::string memory_message(const finding& f) {
    const char* verb = f.write ? "writes" : "reads";
    std::string object = describe_address(f.address);
    switch (f.kind) {
        case finding_kind::use_after_free:
            return fmt::format("{} {} {}, which is freed{}", who_of(f.context), verb, object,
                               freed_elsewhere(f));
        case finding_kind::double_free:
            return fmt::format("{} frees {} a second time", who_of(f.context), object);
        case finding_kind::invalid_free:
            return fmt::format("{} frees {}{}", who_of(f.context), object,
                               inside_of_what(f.address));
        case finding_kind::leak:
            return fmt::format("{} is not freed and nothing points to it", object);
        case finding_kind::wild_access:
            return fmt::format("{} {} {}, which is not the subject's memory", who_of(f.context),
                               verb, object);
        case finding_kind::stack_use_after_return:
            return fmt::format("{} {} a variable on the {}, of a call that has returned",
                               who_of(f.context), verb, object);
        case finding_kind::uninitialised_read:
            return fmt::format(
                "{} reads {} of {}, which nobody has written since it was "
                "allocated",
                who_of(f.context), bytes_text(f.size), object);
        default:
            return fmt::format("{} {} {}, {}", who_of(f.context), verb, bytes_text(f.size),
                               beside_what(f));
    }
}

void add_memory_evidence(trace_finding& t, const finding& f) {
    trace_evidence e;
    if (f.kind == finding_kind::stack_use_after_return) {
        if (frame_that_ended(f.address, e)) {
            t.evidence.push_back(e);
        }
        return;
    }
    const block* b = block_of_address_or_null(f.address);
    if (b == nullptr) {
        return;
    }
    if (b->freed && f.kind != finding_kind::early_free) {
        t.evidence.push_back(event_of_block("freed", *b, true));
    }
    t.evidence.push_back(event_of_block("allocated", *b, false));
    if (f.kind == finding_kind::leak && last_pointer_to(*b, e)) {
        t.evidence.push_back(e);
    }
}

}  // namespace sim
