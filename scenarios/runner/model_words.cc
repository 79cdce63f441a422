#include "scenarios/runner/model_words.h"

#include <algorithm>
#include <set>

#include "scenarios/lang/walk.h"
#include "scenarios/runner/conditions.h"
#include "sim/machine/names.h"

namespace scenario {

namespace {

class word_checker {
  public:
    word_checker(const script& s, stage& on) : script_(s), model_(on.model()) {}

    // Runs as the context that is alone.
    void run() {
        for (unsigned n = 0;; ++n) {
            const char* name =
                sim::call_subject<const char*>(reinterpret_cast<uint64_t>(model_.names), 0, n);
            if (name == nullptr) {
                break;
            }
            counters_.emplace_back(name);
        }
        check_timers();
        for_each_condition(script_, [this](const condition& c) {
            for_each_atom(c, [this](const atom& a) { check(a); });
        });
        for (const expect_block& block : script_.expects) {
            for (const expect_clause& clause : block.clauses) {
                for (const word& kind : clause.leaks) {
                    check_kind(kind, true);
                }
            }
        }
    }

    const std::vector<diagnostic>& errors() const { return errors_; }

  private:
    void check(const atom& a) {
        if (a.kind == atom_kind::stat) {
            check_counter(a.subject);
        } else if (a.kind == atom_kind::observable) {
            check_query(a.words);
            if (is_query(a)) {
                check_query(a.right);
            }
        } else if (a.kind == atom_kind::live) {
            check_kind(a.subject, false);
        }
    }

    void check_timers() {
        std::vector<std::string> known;
        for (unsigned n = 0;; ++n) {
            const char* name =
                sim::call_subject<const char*>(reinterpret_cast<uint64_t>(model_.timers), n);
            if (name == nullptr) {
                break;
            }
            known.emplace_back(name);
        }
        for (const freedom& f : script_.freedoms) {
            if (f.kind != freedom_kind::timer_may_fire) {
                continue;
            }
            word name = f.subject;
            name.text = timer_of(f.subject).name;
            if (std::find(known.begin(), known.end(), name.text) == known.end()) {
                add(name, "the model has no timer '" + name.text + "'", known);
            }
        }
    }

    void check_counter(const word& name) {
        if (sim::call_subject<long>(reinterpret_cast<uint64_t>(model_.counter), 0,
                                    name.text.c_str()) < 0) {
            add(name, "the model has no counter '" + name.text + "'", counters_);
        }
    }

    void check_query(const std::vector<word>& words) {
        if (words[0].is("sysctl") && words.size() == 2) {
            check_counter(words[1]);  // knows near matches
            return;
        }
        char text[8];
        if (sim::call_subject<int>(reinterpret_cast<uint64_t>(model_.observe), 0,
                                   query_of(words).c_str(), &text[0], sizeof text) < 0) {
            add(words[0], "the model cannot tell '" + query_of(words) + "'", {});
        }
    }

    // What leaks has a name that begins with its kind; what is counted is in a pool.
    void check_kind(const word& kind, bool by_name) {
        std::set<std::string> known = {"ifnet", "rtentry", "ifaddr", "llinfo_arp", "mbuf"};
        for (const sim::given_name& n : sim::subject_names.names) {
            if (by_name) {
                known.insert(n.text.substr(0, n.text.find(' ')));
            }
        }
        if (known.count(kind.text) == 0 &&
            sim::call_subject<long>(reinterpret_cast<uint64_t>(model_.live), 0, kind.text.c_str()) <
                0) {
            add(kind, "the model has no kind of object '" + kind.text + "'",
                {known.begin(), known.end()});
        }
    }

    void add(const word& at, const std::string& message, const std::vector<std::string>& known) {
        errors_.push_back(script_.texts.at(at.at, message, did_you_mean(at.text, known)));
    }

    const script& script_;
    const model_interface& model_;
    std::vector<std::string> counters_;
    std::vector<diagnostic> errors_;
};

}  // namespace

bool check_model_words(const script& s, stage& on, sim::simulation& machine, std::string& error) {
    word_checker checker(s, on);
    machine.run_alone([&] { checker.run(); });
    error = render(checker.errors());
    return checker.errors().empty();
}

}  // namespace scenario
