// Where findings go.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "sim/check/checker.h"
#include "sim/check/suppress.h"
#include "sim/machine/names.h"
#include "sim/machine/record.h"
#include "sim/machine/schedule.h"
#include "sim/machine/snapshot.h"

namespace sim {

void report(finding f) {
    host_scope host;
    f.step = g.steps;
    f.context = g.current != nullptr && g.current != &g.host ? g.current->id : 0;
    if (is_allowed(f)) {
        if (ends_execution(f.kind) && g.current != nullptr) {
            end_execution(execution_end::fatal);
        }
        return;
    }
    bool known = false;
    for (const finding& old : g.findings) {
        known |= old.same_as(f);
    }
    if (!known) {
        if (g.record != nullptr) {
            for (checker* c : listeners) {
                c->explain(f);
            }
        }
        g.findings.push_back(f);
        if (g.record != nullptr) {
            g.record->found(f);
        }
    }
    if (ends_execution(f.kind) && g.current != nullptr) {
        end_execution(execution_end::fatal);
    }
}

void internal_error(const char* what, const char* file, int line) {
    g.in_subject = false;
    std::fprintf(stderr, "heddle: internal error at %s:%d: %s\n", file, line, what);
    std::fprintf(stderr, "heddle: choices so far (%zu):", g.choices.size());
    for (uint8_t choice : g.choices) {
        std::fprintf(stderr, " %u", choice);
    }
    std::fprintf(stderr, "\n");
    std::fflush(nullptr);
    _Exit(4);
}

void restore_mismatch(uint64_t address) {
    g.in_subject = false;
    std::fprintf(stderr,
                 "heddle: internal error: memory at %#llx (%s) differs from the snapshot after a "
                 "restore; something wrote it without a hook\n",
                 static_cast<unsigned long long>(address), describe_address(address).c_str());
    std::fflush(nullptr);
    _Exit(4);
}

}  // namespace sim
