#include "sim/check/context_rules.h"

#include <fmt/format.h>

#include "sim/check/call_sites.h"
#include "sim/check/grace_periods.h"
#include "sim/check/journal.h"
#include "sim/machine/names.h"

namespace sim {

namespace {

// Values of annotate.h; a read section is one more.
enum region_kind : uint32_t {
    region_mutex,
    region_interrupt,
    region_callback,
    region_read_section,
};

struct region {
    uint64_t object;
    uint64_t reader;
    uint32_t kind;
    uint32_t name;
    moment entered;
    bool reported;  // one sleep of it was
};

struct slot_limit {
    uint64_t slots;
    uint32_t count;
    uint32_t name;
};

struct slot_in_use {
    uint64_t slots;
    uint64_t object;
    moment since;
};

journalled_list<region> regions;
journalled_list<slot_limit> slot_limits;
journalled_list<slot_in_use> slots_in_use;

// "mutex em1 tx queue", "read section smr", "an interrupt"
std::string words_of(const region& r) {
    const char* const kinds[] = {"mutex", "interrupt", "callback of", "read section"};
    const std::string& name = text_of(r.name);
    return fmt::format("{} {}", kinds[r.kind], name.empty() ? describe_address(r.object) : name);
}

finding finding_of(finding_kind kind, uint64_t pc, uint64_t other_pc) {
    finding f;
    f.kind = kind;
    f.pc = pc;
    f.other_pc = other_pc;
    return f;
}

void add_region(finding& f, const region& r, std::string text) {
    if (evidence_wanted()) {
        f.text = std::move(text);
        f.evidence.push_back(evidence_of("entered", r.entered));
    }
}

// The innermost region that forbids sleeping, and has not reported it yet.
size_t forbidding_region(const context& c) {
    for (size_t i = regions.size(); i-- > 0;) {
        const region& r = regions[i];
        if (r.entered.context == c.id && r.kind != region_callback) {
            return r.reported ? regions.size() : i;
        }
    }
    return regions.size();
}

void set_reported(size_t i) {
    region r = regions[i];
    r.reported = true;
    regions.set(i, r);
}

void check_sleep(const context& c, const char* how, uint64_t object, uint64_t pc) {
    const size_t i = forbidding_region(c);
    if (i == regions.size()) {
        return;
    }
    set_reported(i);
    const region& r = regions[i];
    finding f = finding_of(finding_kind::forbidden_sleep, pc, r.entered.pc);
    if (evidence_wanted()) {
        const std::string what = describe_address(object);
        add_region(f, r,
                   fmt::format("{} may sleep ({}{}{}) in {}, where nobody may", name_with_cpu(c.id),
                               how, what.empty() ? "" : " ", what, words_of(r)));
    }
    report(f);
}

size_t region_of(const context& c, uint32_t kind, uint64_t object, uint64_t reader) {
    for (size_t i = regions.size(); i-- > 0;) {
        const region& r = regions[i];
        if (r.entered.context == c.id && r.kind == kind && r.object == object &&
            r.reader == reader) {
            return i;
        }
    }
    return regions.size();
}

void enter(const context& c, uint32_t kind, const rule_event& e) {
    regions.push_back({e.object, e.other, kind, number_of_text(e.text), now_in(c, e.pc), false});
}

void leave(const context& c, uint32_t kind, const rule_event& e) {
    const size_t i = region_of(c, kind, e.object, e.other);
    if (i != regions.size()) {
        regions.erase(i);
        return;
    }
    finding f = finding_of(finding_kind::unbalanced_region, e.pc, 0);
    if (evidence_wanted()) {
        f.text =
            fmt::format("{} leaves {}, in which it is not", name_with_cpu(c.id),
                        words_of({e.object, e.other, kind, number_of_text(nullptr), {}, false}));
    }
    report(f);
}

void check_grace_wait(const context& c, const rule_event& e) {
    for (size_t i = regions.size(); i-- > 0;) {
        const region& r = regions[i];
        if (r.entered.context != c.id || r.kind != region_read_section || r.object != e.object) {
            continue;
        }
        finding f = finding_of(finding_kind::grace_wait_inside, e.pc, r.entered.pc);
        if (evidence_wanted()) {
            add_region(f, r,
                       fmt::format("{} waits until every {} is over, and is in one itself",
                                   name_with_cpu(c.id), words_of(r)));
        }
        set_reported(i);  // what it sleeps in now is part of this
        report(f);
        return;
    }
    check_sleep(c, "grace period of", e.object, e.pc);
}

void check_barrier(const context& c, const rule_event& e) {
    const size_t i = region_of(c, region_callback, e.object, 0);
    if (i == regions.size()) {
        check_sleep(c, "barrier of", e.object, e.pc);
        return;
    }
    const region& r = regions[i];
    finding f = finding_of(finding_kind::barrier_inside, e.pc, r.entered.pc);
    if (evidence_wanted()) {
        const std::string& name = text_of(r.name);
        add_region(
            f, r,
            fmt::format("{} waits until {} has called everything in it, and is called by it",
                        name_with_cpu(c.id), name.empty() ? describe_address(r.object) : name));
    }
    report(f);
}

void slot_use(const context& c, const rule_event& e) {
    const slot_limit* limit = nullptr;
    for (const slot_limit& l : slot_limits) {
        if (l.slots == e.object) {
            limit = &l;
        }
    }
    uint32_t used = 0;
    for (const slot_in_use& s : slots_in_use) {
        used += s.slots == e.object ? 1 : 0;
    }
    if (limit != nullptr && used >= limit->count) {
        finding f = finding_of(finding_kind::slots_exhausted, e.pc, 0);
        if (evidence_wanted()) {
            const std::string& name = text_of(limit->name);
            f.text =
                fmt::format("{} wants one more of {}, and all {} are in use", name_with_cpu(c.id),
                            name.empty() ? describe_address(e.object) : name, limit->count);
            for (const slot_in_use& s : slots_in_use) {
                if (s.slots == e.object) {
                    f.evidence.push_back(evidence_of("in use", s.since));
                }
            }
        }
        report(f);
    }
    slots_in_use.push_back({e.object, e.other, now_in(c, e.pc)});
}

void slot_release(const context& c, const rule_event& e) {
    for (size_t i = slots_in_use.size(); i-- > 0;) {
        if (slots_in_use[i].slots == e.object && slots_in_use[i].object == e.other) {
            slots_in_use.erase(i);
            return;
        }
    }
    finding f = finding_of(finding_kind::unbalanced_region, e.pc, 0);
    if (evidence_wanted()) {
        f.text = fmt::format("{} releases a slot of {} that is not in use", name_with_cpu(c.id),
                             describe_address(e.object));
    }
    report(f);
}

class context_rules_checker : public checker {
  public:
    void may_sleep(const context& c, const operation& op) override {
        if (!regions.empty()) {
            check_sleep(c, name_of(op.kind), op.object, op.pc);
        }
    }
    void wants(const context& c, const lock_event& e) override {
        if (e.sleeps && !regions.empty()) {
            check_sleep(c, e.mode == lock_mode::shared ? "rdlock" : "wrlock", e.lock, e.pc);
        }
    }
    void freed(const context& c, uint64_t begin, uint64_t size, uint64_t pc) override {
        grace_freed(c, begin, size, pc);
    }
    void finished(const context& c) override {
        for (const region& r : regions) {
            if (r.entered.context == c.id) {
                finding f = finding_of(finding_kind::unbalanced_region, 0, r.entered.pc);
                add_region(f, r, fmt::format("{} ends in {}", name_with_cpu(c.id), words_of(r)));
                report(f);
            }
        }
    }
    void said(const context& c, const rule_event& e) override {
        switch (e.word) {
            case rule_word::enter:
                return enter(c, e.number, e);
            case rule_word::leave:
                return leave(c, e.number, e);
            case rule_word::read_enter:
                enter(c, region_read_section, e);
                return grace_read_enter(c, e.object, e.other, regions.back().entered);
            case rule_word::read_leave:
                grace_read_leave(c, e.object, e.other);
                return leave(c, region_read_section, e);
            case rule_word::may_sleep:
                return check_sleep(c, e.text == nullptr ? "it says so" : e.text, 0, e.pc);
            case rule_word::grace_wait:
                check_grace_wait(c, e);
                return grace_wait_begins(c, e.object, now_in(c, e.pc));
            case rule_word::quiescent:
                return grace_quiescent(c, e.object, e.other);
            case rule_word::unlinked:
                return grace_unlinked(c, e.object, e.other, now_in(c, e.pc));
            case rule_word::barrier:
                return check_barrier(c, e);
            case rule_word::slots:
                return slot_limits.push_back({e.object, e.number, number_of_text(e.text)});
            case rule_word::slot_use:
                return slot_use(c, e);
            case rule_word::slot_release:
                return slot_release(c, e);
            case rule_word::lock_class:
                return;
        }
    }
};

}  // namespace

checker& context_rules() {
    static context_rules_checker all;
    return all;
}

}  // namespace sim
