#include "sim/check/ledger.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/check/call_sites.h"
#include "sim/check/journal.h"
#include "sim/machine/cpus.h"
#include "sim/machine/memory.h"
#include "sim/machine/names.h"

namespace sim {

namespace {

// References that nobody was seen to take: those that the object was made with.
struct counter {
    uint64_t word;
    uint64_t object;
    uint64_t made_with;
};

struct reference {
    uint64_t word;
    uint64_t object;
    moment taken;
};

struct past_put {
    uint64_t word;
    moment when;
    bool own;             // gave back what its context had taken
    uint64_t other_word;  // else: something else of which that context had a reference, 0: nothing
    moment other_taken;
    bool of_known;  // of two takes it may have been, this was chosen
    moment given;
};

journalled_list<counter> counters;
journalled_list<reference> references;
journalled_list<past_put> puts;

constexpr size_t none = ~size_t{0};
constexpr size_t puts_shown_max = 3;  // before one too many

size_t counter_of(uint64_t word) {
    for (size_t i = 0; i < counters.size(); ++i) {
        if (counters[i].word == word) {
            return i;
        }
    }
    return none;
}

uint64_t taken_of(uint64_t word) {
    return static_cast<uint64_t>(std::count_if(references.begin(), references.end(),
                                               [&](const reference& r) { return r.word == word; }));
}

void set_made_with(size_t i, uint64_t count) {
    counter c = counters[i];
    c.made_with = count;
    counters.set(i, c);
}

// What the word held says whether all takes and puts were told.
size_t known_counter(const reference_event& e) {
    const size_t i = counter_of(e.word);
    if (i == none) {
        counters.push_back({e.word, e.object, e.before});
        return counters.size() - 1;
    }
    if (counters[i].made_with + taken_of(e.word) != e.before) {
        for (size_t k = references.size(); k-- > 0;) {
            if (references[k].word == e.word) {
                references.erase(k);
            }
        }
        set_made_with(i, e.before);
    }
    return i;
}

// The newest of the context's own; else the oldest, which nobody was seen to take if the object was made with one.
size_t given_back(const context& c, uint64_t word, bool made_with_one) {
    size_t oldest = none;
    for (size_t i = references.size(); i-- > 0;) {
        if (references[i].word != word) {
            continue;
        }
        if (references[i].taken.context == c.id) {
            return i;
        }
        oldest = i;
    }
    return made_with_one ? none : oldest;
}

// The newest reference to something else that the context took and has not put.
size_t other_of(const context& c, uint64_t word) {
    for (size_t i = references.size(); i-- > 0;) {
        if (references[i].word != word && references[i].taken.context == c.id) {
            return i;
        }
    }
    return none;
}

const past_put* last_put_or_null(uint64_t word) {
    const past_put* last = nullptr;
    for (const past_put& p : puts) {
        last = p.word == word ? &p : last;
    }
    return last;
}

// Of functions that all takes or puts go through, the caller tells more.
uint64_t caller_of(const moment& m) {
    const std::vector<uint64_t>& calls = calls_of(m.calls);
    return calls.size() > 1 ? calls[1] : 0;
}

finding finding_at(finding_kind kind, const moment& m, uint64_t object) {
    finding f;
    f.kind = kind;
    f.pc = m.pc;
    f.other_pc = caller_of(m);
    f.address = object;
    return f;
}

void report_take_at_zero(const context& c, const reference_event& e) {
    finding f = finding_at(finding_kind::take_at_zero, now_with_calls(c, e.pc), e.object);
    if (evidence_wanted()) {
        f.text = fmt::format("{} takes a reference to {}, of which nobody had one left",
                             name_with_cpu(c.id), describe_address(e.object));
        if (const past_put* last = last_put_or_null(e.word); last != nullptr) {
            f.evidence.push_back(evidence_of("last one put", last->when));
        }
    }
    report(f);
}

bool was_put_by_taker(const past_put& wrong) {
    return std::any_of(puts.begin(), puts.end(), [&](const past_put& p) {
        return p.own && p.word == wrong.other_word && p.when.context == wrong.when.context &&
               p.when.step >= wrong.when.step;
    });
}

// A put earlier, by who had taken something else and never put that, took it away from who comes now.
const past_put* wrong_put_or_null(uint64_t word) {
    for (const past_put& p : puts) {
        if (p.word == word && p.other_word != 0 && !was_put_by_taker(p)) {
            return &p;
        }
    }
    return nullptr;
}

void report_put_at_zero(const context& c, const reference_event& e) {
    const past_put* wrong = wrong_put_or_null(e.word);
    const moment now = now_with_calls(c, e.pc);
    finding f = finding_at(
        wrong != nullptr ? finding_kind::put_of_wrong_object : finding_kind::put_without_reference,
        wrong != nullptr ? wrong->when : now, e.object);
    if (evidence_wanted() && wrong != nullptr) {
        f.text = fmt::format(
            "{} put a reference to {} that it had not taken, and never the one to {} that it had: "
            "now "
            "{} puts its own, and there is none",
            name_with_cpu(wrong->when.context), describe_address(e.object),
            describe_address(wrong->other_word), name_with_cpu(c.id));
        f.evidence = {evidence_of("put", wrong->when),
                      evidence_of("other taken", wrong->other_taken), evidence_of("missed", now)};
    } else if (evidence_wanted()) {
        f.text = fmt::format("{} puts a reference to {}, of which nobody has one",
                             name_with_cpu(c.id), describe_address(e.object));
        f.evidence = {evidence_of("put", now)};
        for (size_t i = puts.size(); i-- > 0 && f.evidence.size() < 1 + puts_shown_max;) {
            if (puts[i].word == e.word) {
                f.evidence.push_back(evidence_of("put before", puts[i].when));
            }
        }
    }
    report(f);
}

class ledger_checker : public checker {
  public:
    void took(const context& c, const reference_event& e) override {
        known_counter(e);
        if (e.before == 0) {
            report_take_at_zero(c, e);
        }
        references.push_back({e.word, e.object, now_with_calls(c, e.pc)});
    }

    void put(const context& c, const reference_event& e) override {
        const size_t i = known_counter(e);
        if (e.before == 0) {
            report_put_at_zero(c, e);
            return;
        }
        const moment now = now_with_calls(c, e.pc);
        const size_t given = given_back(c, e.word, counters[i].made_with != 0);
        const bool own = given != none && references[given].taken.context == c.id;
        const size_t other = own ? none : other_of(c, e.word);
        puts.push_back({e.word, now, own, other != none ? references[other].word : 0,
                        other != none ? references[other].taken : moment{}, given != none,
                        given != none ? references[given].taken : moment{}});
        if (given == none) {
            set_made_with(i, counters[i].made_with - 1);
            return;
        }
        learn_put(references[given].taken.calls, now.calls);
        references.erase(given);
    }

    void explain(finding& f) override {
        if (f.kind == finding_kind::deadlock) {
            for (unsigned i = 0; i < g.context_count; ++i) {
                const context& c = g.contexts[i];
                if (c.state == context_state::live && !c.service) {
                    add_outstanding(f, awaited_counter(c));
                }
            }
        } else if (f.kind == finding_kind::leak) {
            const block* b = find_block_or_null(f.address);
            for (size_t i = 0; b != nullptr && i < counters.size(); ++i) {
                if (counters[i].word >= b->address && counters[i].word < b->address + b->size) {
                    add_outstanding(f, i);
                }
            }
        }
    }

    void teach(lessons& all) const override { merge_lessons(all, learned_); }
    void recall(const lessons& all) override { known_ = all; }
    void forget() override {
        learned_.clear();
        known_.clear();
        seen_ = seen_hashes();
    }

  private:
    void learn_put(uint32_t taken, uint32_t put) {
        if (seen_.add(mixed(taken, put))) {
            add_lesson(
                learned_,
                joined({"put", calls_as_text(calls_of(taken)), calls_as_text(calls_of(put))}, '\t'),
                "");
        }
    }

    // A finalizer has put its own reference last and waits for the others, or it waits for the word itself.
    static size_t awaited_counter(const context& c) {
        const operation& op = awaited_by(c);
        if (op.kind != op_kind::await && op.kind != op_kind::cond_resume &&
            op.kind != op_kind::futex_resume && op.kind != op_kind::sem_wait) {
            return none;
        }
        if (const size_t i = counter_of(op.object); i != none) {
            return i;
        }
        for (size_t i = puts.size(); i-- > 0;) {
            if (puts[i].when.context == c.id) {
                return counter_of(puts[i].word);
            }
        }
        return none;
    }

    void add_outstanding(finding& f, size_t i) const {
        if (i == none) {
            return;
        }
        const counter& counted = counters[i];
        const bool certain = std::none_of(puts.begin(), puts.end(), [&](const past_put& p) {
            return p.word == counted.word && !p.own && p.of_known;
        });
        for (const reference& r : references) {
            if (r.word == counted.word) {
                add_taken(f, r.taken, r.object, certain);
            }
        }
        for (const past_put& p : puts) {
            if (p.word == counted.word && !p.own) {
                add_handed_over(f, p, counted.object);
            }
        }
    }

    void add_taken(finding& f, const moment& taken, uint64_t object, bool certain) const {
        finding_evidence e = evidence_of("taken", taken);
        e.label = certain ? "not put" : "perhaps not put";
        e.text = fmt::format("a reference to {} {} put: {}", describe_address(object),
                             certain ? "is not" : "may not be", e.text);
        f.evidence.push_back(e);
        add_other_puts(f, taken);
    }

    // Who puts what it has not taken does not say which that was: what it is not thought to be may be it as well.
    static void add_handed_over(finding& f, const past_put& p, uint64_t object) {
        finding_evidence e = evidence_of("put", p.when);
        e.label = "put by another";
        e.text = fmt::format("{}, which has taken none, puts one (counted as the one that {})",
                             name_with_cpu(p.when.context),
                             p.of_known ? name_with_cpu(p.given.context) + " took"
                                        : describe_address(object) + " was made with");
        f.evidence.push_back(e);
        if (p.of_known) {
            finding_evidence taken = evidence_of("taken", p.given);
            taken.label = "perhaps not put";
            taken.text = fmt::format("a reference to {} may not be put: {}",
                                     describe_address(object), taken.text);
            f.evidence.push_back(taken);
        }
    }

    // Where other executions put what was taken there.
    void add_other_puts(finding& f, const moment& taken) const {
        const std::string key = joined({"put", calls_as_text(calls_of(taken.calls)), ""}, '\t');
        for (auto known = known_.lower_bound(key);
             known != known_.end() && known->first.starts_with(key); ++known) {
            finding_evidence e;
            e.label = "put elsewhere";
            e.text = "other executions put it";
            e.context = taken.context;
            e.calls = calls_from_text(known->first.substr(key.size()));
            f.evidence.push_back(e);
        }
    }

    lessons learned_;
    lessons known_;
    seen_hashes seen_;
};

}  // namespace

checker& ledger() {
    static ledger_checker all;
    return all;
}

}  // namespace sim
