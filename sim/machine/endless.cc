#include "sim/machine/endless.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/check/describe.h"
#include "sim/machine/memory.h"
#include "sim/machine/record.h"
#include "sim/machine/schedule.h"

namespace sim {

namespace {

// Longer than one turn of any loop that people would call one.
constexpr uint32_t accesses_watched = 20'000;
constexpr uint32_t instructions_watched = 20'000;
constexpr unsigned places_max = 1024;
constexpr size_t functions_said_max = 4;
constexpr greg_t trap_flag = 0x100;

struct watch {
    const context* who = nullptr;
    uint32_t stamp = 0;
    uint32_t steps = 0;
    uint64_t accesses = 0;  // left, where instructions are looked at
    uint32_t left = 0;      // accesses or instructions to be looked at
    bool stepping = false;
    uint64_t lowest = 0;
    unsigned count = 0;
    unsigned last = 0;  // a guess where the next one is
    uint64_t places[places_max];
};
watch watched;

bool still_the_same() {
    return watched.who == g.current && watched.stamp == g.stamp && watched.steps == g.steps;
}

void begin(bool stepping, uint32_t looks) {
    watched.who = g.current;
    watched.stamp = g.stamp;
    watched.steps = g.steps;
    watched.accesses = g.accesses_left;
    watched.left = looks;
    watched.stepping = stepping;
    watched.lowest = ~0ULL;
    watched.count = watched.last = 0;
}

void note(uint64_t pc) {
    watched.lowest = std::min(watched.lowest, pc);
    for (unsigned i = 0; i < watched.count; ++i) {
        const unsigned at = (watched.last + i) % watched.count;
        if (watched.places[at] == pc) {
            watched.last = at + 1;
            return;
        }
    }
    if (watched.count < places_max) {
        watched.places[watched.count++] = pc;
        watched.last = 0;
    }
}

// The lines of one function in which the loop goes round.
struct lines {
    std::string function;
    std::string file;
    uint32_t first;
    uint32_t last;
};

// By address; those of the subject's own text, unless there is none.
std::vector<lines> lines_watched(bool own_only) {
    std::vector<uint64_t> places(watched.places, watched.places + watched.count);
    std::sort(places.begin(), places.end());
    std::vector<lines> all;
    for (uint64_t pc : places) {
        const trace_frame f = frame_at(pc);
        if (f.line == 0 || (own_only && !is_own(f))) {
            continue;
        }
        const auto at = std::find_if(all.begin(), all.end(), [&](const lines& l) {
            return l.function == f.function && l.file == f.file;
        });
        if (at == all.end()) {
            all.push_back({f.function, f.file, f.line, f.line});
        } else {
            at->first = std::min(at->first, f.line);
            at->last = std::max(at->last, f.line);
        }
    }
    return all.empty() && own_only ? lines_watched(false) : all;
}

// "in first (loop.c:7 to 9) and step (loop.c:3)"
std::string where_it_goes_round() {
    const std::vector<lines> all = lines_watched(true);
    std::string text;
    for (size_t i = 0; i < all.size() && i < functions_said_max; ++i) {
        const lines& l = all[i];
        text += fmt::format("{}{} ({}:{}{})", i == 0 ? "in " : " and ", l.function, l.file, l.first,
                            l.last == l.first ? "" : fmt::format(" to {}", l.last));
    }
    if (all.size() > functions_said_max) {
        text += fmt::format(" and {} more", all.size() - functions_said_max);
    }
    return text;
}

[[noreturn]] void end(const char* without) {
    g.in_subject = false;
    finding f;
    f.kind = finding_kind::endless_loop;
    f.pc = watched.lowest;
    f.text = fmt::format("goes round {} without {}", where_it_goes_round(), without);
    watched.who = nullptr;
    report(f);
    end_execution(execution_end::fatal);
}

[[noreturn]] void end_stepped() {
    end("a memory access or an operation");
}

// The handler returns not to the loop but to its end, on the context's own stack: that of signals is too
// small for reading debug information. Below the stack pointer may be what a leaf function keeps.
void return_to_end(ucontext_t& trapped) {
    greg_t* registers = trapped.uc_mcontext.gregs;
    constexpr greg_t red_zone = 128;
    registers[REG_RSP] = ((registers[REG_RSP] - red_zone) & ~greg_t{15}) - 8;
    registers[REG_RIP] = reinterpret_cast<greg_t>(end_stepped);
    registers[REG_EFL] &= ~trap_flag;
}

}  // namespace

void endless_access(uint64_t pc) {
    if (!still_the_same() || watched.stepping) {
        begin(false, accesses_watched);
    }
    note(pc);
    if (--watched.left == 0) {
        end("an operation");
    }
    g.accesses_left = 1;
}

void endless_watch(ucontext_t& interrupted) {
    if (watched.stepping && still_the_same()) {
        return;
    }
    begin(true, instructions_watched);
    interrupted.uc_mcontext.gregs[REG_EFL] |= trap_flag;
}

bool endless_stepped(ucontext_t& trapped) {
    if (!watched.stepping) {
        return false;
    }
    if (!still_the_same() || g.accesses_left != watched.accesses) {
        watched.stepping = false;
        trapped.uc_mcontext.gregs[REG_EFL] &= ~trap_flag;
        return true;
    }
    const auto pc = static_cast<uint64_t>(trapped.uc_mcontext.gregs[REG_RIP]);
    watched.left -= watched.left != 0 ? 1 : 0;
    if (in_region(pc)) {
        note(pc + 1);  // as a return address, which points behind
        // Only the subject's own instructions may be left for good: libc may hold a lock of its own.
        if (watched.left == 0) {
            watched.stepping = false;
            return_to_end(trapped);
        }
    }
    return true;
}

}  // namespace sim
