#include "sim/explore/signature.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/check/describe.h"
#include "sim/machine/access.h"
#include "sim/machine/memory.h"
#include "sim/machine/names.h"
#include "sim/machine/record.h"
#include "sim/trace/main_finding.h"

namespace sim {

namespace {

std::string role_of(uint64_t address) {
    if (address == 0 || !in_region(address)) {
        return "";
    }
    if (const block* b = in_heap_area(address) ? find_block_or_null(address) : nullptr;
        b != nullptr) {
        return fmt::format("{:x}+{}", b->allocated_pc, address - b->address);
    }
    return describe_address(address);
}

// Library headers are skipped: all atomics of a program fail in the same one.
std::string own_place(const finding& f) {
    for (const trace_frame& frame : call_stack(g.contexts[f.context], f.pc)) {
        if (is_own(frame)) {
            return fmt::format("{}:{}:{}", frame.file, frame.line, frame.function);
        }
    }
    return "";
}

}  // namespace

failure_signature signature_of(const finding& f) {
    failure_signature s;
    s.kind = f.kind;
    s.role = role_of(f.address);
    s.pc = f.pc;
    s.other_pc = f.other_pc;
    if (f.kind == finding_kind::data_race && s.pc > s.other_pc) {
        std::swap(s.pc, s.other_pc);
    }
    if (ends_execution(f.kind) && f.pc != 0) {
        s.caller = own_place(f);
    }
    if (f.kind == finding_kind::deadlock || f.kind == finding_kind::lost_wakeup) {
        s.text = f.text;
    }
    return s;
}

bool same_cause(const failure_signature& a, const failure_signature& b) {
    if (a.kind != b.kind || a.kind == finding_kind::deadlock ||
        a.kind == finding_kind::lost_wakeup) {
        return a.kind == b.kind;
    }
    return a.role.empty() ? a.pc == b.pc && a.caller == b.caller : a.role == b.role;
}

namespace {

template <typename Same>
const finding* find_if_or_null(const failure_signature& s, Same same) {
    for (const finding& f : g.findings) {
        if (f.kind == s.kind && same(signature_of(f))) {
            return &f;
        }
    }
    return nullptr;
}

}  // namespace

const finding* find_or_null(const failure_signature& s) {
    return find_if_or_null(s, [&](const failure_signature& other) { return other == s; });
}

const finding* find_cause_or_null(const failure_signature& s) {
    return find_if_or_null(s, [&](const failure_signature& other) { return same_cause(s, other); });
}

const finding* main_finding_or_null() {
    const auto main = std::max_element(
        g.findings.begin(), g.findings.end(), [](const finding& a, const finding& b) {
            return weight_of_finding(name_of(a.kind)) < weight_of_finding(name_of(b.kind));
        });
    return main == g.findings.end() ? nullptr : &*main;
}

}  // namespace sim
