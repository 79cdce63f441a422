#include "sim/machine/spin.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "sim/dependence.h"
#include "sim/machine/memory.h"
#include "sim/machine/names.h"
#include "sim/machine/schedule.h"
#include "sim/memory/words.h"

// Jumped to from a hook that has restored everything: registers and stack are those of its caller.
// Six pushes make the block that spin_arrived reads; one more word aligns the stack.
asm(R"(
    .text
    .globl heddle_spin_entry
    .hidden heddle_spin_entry
    .type heddle_spin_entry, @function
heddle_spin_entry:
    .cfi_startproc
    endbr64
    pushq %r15
    .cfi_adjust_cfa_offset 8
    pushq %r14
    .cfi_adjust_cfa_offset 8
    pushq %r13
    .cfi_adjust_cfa_offset 8
    pushq %r12
    .cfi_adjust_cfa_offset 8
    pushq %rbp
    .cfi_adjust_cfa_offset 8
    pushq %rbx
    .cfi_adjust_cfa_offset 8
    movq %r9, %rax
    movq %rsp, %r9
    subq $8, %rsp
    .cfi_adjust_cfa_offset 8
    call *%rax
    addq $56, %rsp
    .cfi_adjust_cfa_offset -56
    ret
    .cfi_endproc
    .size heddle_spin_entry, .-heddle_spin_entry
)");

namespace sim {

bool spin_looks = true;

namespace {

// One arrival that is kept.
struct arrival {
    uint64_t key = 0;
    uint64_t arguments[2] = {};
    int error_number = 0;
    size_t reads = 0;  // there were when it came
    std::vector<uint64_t> state;
};

struct word_read {
    uint64_t address;
    uint32_t size;
    uint64_t value;
};

// Stacks that spin are rarely deeper: what is deeper may be taken for a change.
constexpr size_t blank_size = 4096;

// No object of synchronisation is larger.
constexpr uint64_t object_size_max = 64;

// Between two writes of a context.
struct stretch {
    std::vector<arrival> arrivals;
    std::vector<word_read> reads;
    bool touched = false;  // while it waits: something was written, whatever it holds now
};

struct saved_stretches {
    std::vector<stretch> of;  // by context; empty: nothing is kept by anybody
    bool kept;
};

stretch stretches[contexts_max];
std::vector<uint64_t> known_sites;  // sorted
std::vector<saved_stretches> saved;
uint64_t known_hash = 0;

void keep(bool on) {
    g.spin_kept = on;
    g.write_epoch = on ? ~0U : g.undo_epoch;
}

bool is_known(uint64_t site) {
    return g.spin_sites == spin_every_site ||
           std::binary_search(known_sites.begin(), known_sites.end(), site);
}

// Whether the same read was there already; if not, it is now. A list that has become full is begun anew, so
// that what comes before a loop does not hide it.
bool came_round(context& c, const spin_key& key) {
    const uint64_t* end = c.read_keys + c.reads;
    if (std::find(static_cast<const uint64_t*>(c.read_keys), end, key.read) != end) {
        return true;
    }
    if (c.reads == spin_reads_max) {
        c.reads = 0;
        c.seen = 0;
    }
    c.seen |= 1ULL << (key.read >> 58);
    c.read_keys[c.reads++] = key.read;
    return false;
}

bool overlap(const word_read& w, uint64_t address, uint64_t size) {
    return w.address < address + size && address < w.address + w.size;
}

uint64_t value_at(const word_read& w) {
    uint64_t value = 0;
    std::memcpy(&value, reinterpret_cast<const void*>(w.address), w.size);
    return value;
}

// What the context has read is another now, or was written by a plain access.
bool has_changed(const stretch& s) {
    return s.touched || std::any_of(s.reads.begin(), s.reads.end(),
                                    [](const word_read& w) { return value_at(w) != w.value; });
}

// It has seen a write for which its await does not hold.
bool awaits_by_graph(const context& c) {
    return awaits_look_once() && c.op.kind == op_kind::await;
}

// The iteration that is over is in the past: what is read from now on is the next one.
void begin_iteration(stretch& s) {
    s.touched = false;
    s.reads.clear();
    s.arrivals.front().reads = 0;
}

// The context has come back to an arrival: that one is left, and what was read since.
void close_iteration(stretch& s, arrival& a) {
    s.reads.erase(s.reads.begin(), s.reads.begin() + static_cast<std::ptrdiff_t>(a.reads));
    if (&a != &s.arrivals.front()) {
        std::swap(a, s.arrivals.front());
    }
    s.arrivals.resize(1);
}

}  // namespace

void spin_forget(context& c) {
    stretch& s = stretches[c.id];
    if (s.arrivals.empty()) {
        return;
    }
    host_scope host;
    s.arrivals.clear();
    s.reads.clear();
    for (const stretch& other : stretches) {
        if (!other.arrivals.empty()) {
            return;
        }
    }
    keep(false);
}

bool spin_arrived(context& c, const uint64_t* registers, uint64_t argument1, uint64_t argument2) {
    if (c.section_depth != 0 || !spin_looks) {
        return true;
    }
    host_scope host;
    const spin_key key = spin_key_of(c.op.object, c.op.pc);
    const bool again = came_round(c, key);
    if (!is_known(key.site)) {
        if (again && g.choosing) {
            known_sites.insert(std::lower_bound(known_sites.begin(), known_sites.end(), key.site),
                               key.site);
            known_hash |= 1ULL << (key.site >> 58);
            end_execution(execution_end::again);
        }
        return true;
    }
    stretch& s = stretches[c.id];
    const auto size =
        static_cast<size_t>(reinterpret_cast<const uint64_t*>(c.stack_high) - registers);
    const uint64_t arguments[2] = {argument1, argument2};
    const int error_number = *host_state.error_number;
    auto at = std::find_if(s.arrivals.begin(), s.arrivals.end(),
                           [&](const arrival& a) { return a.key == key.read; });
    if (at == s.arrivals.end()) {
        at = s.arrivals.insert(at, arrival{});
        keep(true);
    } else if (again && at->state.size() == size && at->error_number == error_number &&
               std::memcmp(at->arguments, arguments, sizeof arguments) == 0 &&
               std::memcmp(at->state.data(), registers, size * 8) == 0) {
        close_iteration(s, *at);
        if ((g.choosing && g.spin_for_good) || !has_changed(s)) {
            c.spinning = true;
            ++g.awaiting;
            return false;
        }
        begin_iteration(s);
        return true;
    }
    at->key = key.read;
    std::copy(std::begin(arguments), std::end(arguments), at->arguments);
    at->error_number = error_number;
    at->reads = s.reads.size();
    at->state.assign(registers, registers + size);
    return true;
}

void spin_goes_on(context& c) {
    c.spinning = false;
    --g.awaiting;
    begin_iteration(stretches[c.id]);
}

void spin_has_read(context& c, uint64_t address, uint32_t size, uint64_t value) {
    stretch& s = stretches[c.id];
    if (!s.arrivals.empty()) {
        host_scope host;
        s.reads.push_back({address, size, value});
    }
}

void spin_line_written(uint64_t address) {
    if (g.current == nullptr) {
        return;
    }
    context& c = *g.current;
    if (!in_stack_area(address) || stack_slot_of(address) != c.id) {
        spin_wrote(c);
    }
}

uint64_t spin_could_go_on() {
    uint64_t could = 0;
    for (uint64_t rest = g.live & ~g.enabled; rest != 0; rest &= rest - 1) {
        const context& c = g.contexts[__builtin_ctzll(rest)];
        could |= c.spinning && has_changed(stretches[c.id]) ? c.bit : 0;
        // And there is a later one.
        could |= awaits_by_graph(c) && graph.has_seen_a_stale_write(c.id) ? c.bit : 0;
    }
    return could;
}

bool spin_looks_only(const context& c) {
    return awaits_by_graph(c) && (g.enabled & c.bit) == 0;
}

void spin_look_again() {
    for (uint64_t rest = g.live & ~g.enabled; rest != 0; rest &= rest - 1) {
        const context& c = g.contexts[__builtin_ctzll(rest)];
        g.enabled |= c.spinning || awaits_by_graph(c) ? c.bit : 0;
    }
}

void spin_wake() {
    if (!g.spin_for_good || !g.choosing) {
        g.enabled |= spin_could_go_on();
    }
}

void spin_touched(uint64_t address, uint64_t size) {
    for (uint64_t rest = g.live; rest != 0; rest &= rest - 1) {
        const context& c = g.contexts[__builtin_ctzll(rest)];
        for (const word_read& w : stretches[c.id].reads) {
            stretches[c.id].touched |= c.spinning && overlap(w, address, size);
        }
    }
    spin_wake();
}

bool spin_awaits(const context& c, const operation& op) {
    if (!c.spinning || use_of(op) != operation_use::write) {
        return false;
    }
    const uint64_t size = op.size != 0 ? op.size : object_size_max;
    const std::vector<word_read>& reads = stretches[c.id].reads;
    return std::any_of(reads.begin(), reads.end(), [&](const word_read& w) {
        return overlap(w, op.object, size) ||
               (op.object2 != 0 && overlap(w, op.object2, object_size_max));
    });
}

std::string spin_objects(const context& c) {
    std::vector<std::string> names;
    for (const word_read& w : stretches[c.id].reads) {
        std::string name = describe_address(w.address);
        if (std::find(names.begin(), names.end(), name) == names.end()) {
            names.push_back(std::move(name));
        }
    }
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? "" : " or ") + name;
    }
    return text;
}

void spin_blank_stack(const context& c) {
    if (g.spin_sites != 0) {
        std::memset(reinterpret_cast<void*>(c.stack_high - blank_size), 0, blank_size);
    }
}

__attribute__((noinline)) void spin_blank_below() {
    uint8_t below[blank_size];
    std::memset(below, 0, sizeof below);
    asm volatile("" : : "r"(static_cast<uint8_t*>(below)) : "memory");
}

void spin_begin(bool keep_all) {
    g.spin_sites = keep_all ? spin_every_site : known_hash;
}

void spin_save(unsigned level) {
    saved.resize(level);
    saved_stretches now;
    now.kept = g.spin_kept;
    if (g.spin_kept) {
        now.of.assign(std::begin(stretches), std::end(stretches));
    }
    saved.push_back(std::move(now));
    keep(g.spin_kept);
}

void spin_restore(unsigned level) {
    saved.resize(level + 1);
    const saved_stretches& then = saved[level];
    if (then.kept || g.spin_kept) {
        for (size_t i = 0; i < contexts_max; ++i) {
            stretches[i] = then.kept ? then.of[i] : stretch{};
        }
    }
    keep(then.kept);
}

}  // namespace sim
