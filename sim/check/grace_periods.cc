#include "sim/check/grace_periods.h"

#include <fmt/format.h>

#include "sim/check/call_sites.h"
#include "sim/check/journal.h"
#include "sim/machine/names.h"

namespace sim {

namespace {

struct section {
    uint64_t domain;
    uint64_t reader;
    uint32_t nth;  // of this reader, from 1
    moment entered;
    uint32_t left_at;    // own clock when it was left, 0: it is not
    vector_clock clock;  // when it was entered
};

struct unlinked_object {
    uint64_t object;
    uint64_t domain;
    moment when;
    uint32_t at;        // own clock
    uint32_t sections;  // entered until then
    uint32_t looks;     // until it was freed
    bool freed;
    moment free;
    vector_clock clock;  // when it was freed
};

struct wait {
    uint64_t domain;
    moment begun;
    vector_clock clock;  // when it began
    uint32_t sections;   // entered until then, of all readers
    uint32_t unlinked;   // objects until then
};

// A reader was seen outside.
struct look {
    uint64_t reader;
    uint32_t gone;  // its sections up to here are over
    uint32_t seen;  // those behind this one have come since
    uint8_t context;
    uint32_t at;        // own clock
    uint32_t unlinked;  // objects until the wait began
    vector_clock begun;
};

journalled_list<section> sections;
journalled_list<unlinked_object> unlinked;
journalled_list<wait> waits;
journalled_list<look> looks;

bool clocks_are_kept() {
    return (g.checks & check_race) != 0;
}

uint32_t own_clock(const context& c) {
    return c.clock.at[c.id];
}

const section* last_of_or_null(uint64_t domain, uint64_t reader, size_t* at) {
    for (size_t i = sections.size(); i-- > 0;) {
        if (sections[i].domain == domain && sections[i].reader == reader) {
            *at = i;
            return &sections[i];
        }
    }
    return nullptr;
}

// Clocks of a context advance when it releases; within one context the order of the code decides.
bool begins_after(const look& l, const unlinked_object& u, size_t nth) {
    return l.context == u.when.context ? nth < l.unlinked : l.begun.at[u.when.context] >= u.at;
}

bool grace_period_between(const section& s, const unlinked_object& u, size_t nth) {
    for (size_t i = 0; i < u.looks; ++i) {
        const look& l = looks[i];
        if (l.reader == s.reader && (s.nth <= l.gone || s.nth > l.seen) &&
            begins_after(l, u, nth) && u.clock.at[l.context] >= l.at) {
            return true;
        }
    }
    return false;
}

// What runs before the race and behind it, when nobody else does: no clock of the race tells of it, and none is needed. The
// order in which it came is that of every execution.
bool runs_alone(const moment& m) {
    return g.contexts[m.context].cpu == alone_cpu;
}

// The nth object is freed, and its clock is that of the free.
bool may_use(size_t at, size_t nth) {
    const section& s = sections[at];
    const unlinked_object& u = unlinked[nth];
    const bool alone = runs_alone(s.entered) || runs_alone(u.when);
    const bool cannot_find_it = alone || s.entered.context == u.when.context
                                    ? at >= u.sections
                                    : s.clock.at[u.when.context] >= u.at;
    const bool is_over = s.left_at != 0 && (alone || u.clock.at[s.entered.context] >= s.left_at);
    return s.domain == u.domain && !cannot_find_it && !is_over && !grace_period_between(s, u, nth);
}

// The last wait for the domain that whoever frees the object knows of; null: none.
const wait* last_wait_or_null(const unlinked_object& u) {
    const wait* last = nullptr;
    for (const wait& w : waits) {
        const bool before_free = w.begun.context == u.free.context ||
                                 u.clock.at[w.begun.context] >= w.clock.at[w.begun.context];
        last = w.domain == u.domain && before_free ? &w : last;
    }
    return last;
}

// Which wait there should have been.
const char* what_is_missing(const wait* last, const unlinked_object& u, size_t nth) {
    if (last == nullptr) {
        return "nobody has waited for a grace period since it was unlinked";
    }
    const bool after = last->begun.context == u.when.context
                           ? nth < last->unlinked
                           : last->clock.at[u.when.context] >= u.at;
    return after ? "the wait for a grace period did not see this section end"
                 : "the wait for a grace period began before it was unlinked";
}

// `comes_later`: in this execution the section is entered when the object is free.
void report_early(const section& s, size_t nth, bool comes_later) {
    const unlinked_object& u = unlinked[nth];
    finding f;
    f.kind = finding_kind::early_free;
    f.pc = u.free.pc;
    f.other_pc = s.entered.pc;
    f.address = u.object;
    if (evidence_wanted()) {
        const wait* last = last_wait_or_null(u);
        f.text = fmt::format(
            "{} frees {}, which {} may still use in {}, and {}", name_with_cpu(u.free.context),
            describe_address(u.object), name_with_cpu(s.entered.context),
            comes_later
                ? "a read section that comes later here: nothing keeps it from coming before"
                : "its read section: nothing orders the end of that before the free",
            what_is_missing(last, u, nth));
        f.evidence = {evidence_of("read section entered", s.entered),
                      evidence_of("unlinked", u.when), evidence_of("freed", u.free)};
        if (last != nullptr) {
            f.evidence.push_back(evidence_of("wait begun", last->begun));
        }
    }
    report(f);
}

}  // namespace

void grace_read_enter(const context& c, uint64_t domain, uint64_t reader, const moment& entered) {
    size_t at = 0;
    const section* last = last_of_or_null(domain, reader, &at);
    const section s{domain, reader, last == nullptr ? 1 : last->nth + 1, entered, 0, c.clock};
    sections.push_back(s);
    for (size_t i = 0; i < unlinked.size() && clocks_are_kept(); ++i) {
        if (unlinked[i].freed && may_use(sections.size() - 1, i)) {
            report_early(s, i, true);
        }
    }
}

void grace_read_leave(const context& c, uint64_t domain, uint64_t reader) {
    size_t at = 0;
    const section* last = last_of_or_null(domain, reader, &at);
    if (last != nullptr && last->left_at == 0) {
        section s = *last;
        s.left_at = own_clock(c);
        sections.set(at, s);
    }
}

void grace_wait_begins(const context& c, uint64_t domain, const moment& begun) {
    waits.push_back({domain, begun, c.clock, static_cast<uint32_t>(sections.size()),
                     static_cast<uint32_t>(unlinked.size())});
}

void grace_quiescent(const context& c, uint64_t domain, uint64_t reader) {
    const wait* begun = nullptr;
    for (const wait& w : waits) {
        if (w.domain == domain && w.begun.context == c.id) {
            begun = &w;
        }
    }
    if (begun == nullptr) {
        return;
    }
    size_t at = 0;
    const section* last = last_of_or_null(domain, reader, &at);
    const uint32_t seen = last == nullptr ? 0 : last->nth;
    // A section that is open and was so when the wait began is not over, whatever the subject says.
    const bool open = last != nullptr && last->left_at == 0;
    const bool was_open = open && at < begun->sections;
    looks.push_back({reader, was_open ? seen - 1 : seen, seen, c.id, own_clock(c), begun->unlinked,
                     begun->clock});
}

void grace_unlinked(const context& c, uint64_t object, uint64_t domain, const moment& when) {
    for (const unlinked_object& u : unlinked) {
        if (u.object == object && u.domain == domain && !u.freed) {
            return;
        }
    }
    unlinked.push_back({object,
                        domain,
                        when,
                        own_clock(c),
                        static_cast<uint32_t>(sections.size()),
                        0,
                        false,
                        {},
                        {}});
}

void grace_freed(const context& c, uint64_t begin, uint64_t size, uint64_t pc) {
    for (size_t i = 0; i < unlinked.size(); ++i) {
        if (unlinked[i].freed || unlinked[i].object < begin || unlinked[i].object >= begin + size) {
            continue;
        }
        unlinked_object u = unlinked[i];
        u.freed = true;
        u.free = now_in(c, pc);
        u.looks = static_cast<uint32_t>(looks.size());
        u.clock = c.clock;
        unlinked.set(i, u);
        for (size_t at = 0; at < sections.size() && clocks_are_kept(); ++at) {
            if (may_use(at, i)) {
                report_early(sections[at], i, false);
            }
        }
    }
}

}  // namespace sim
