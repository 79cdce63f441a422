#include "sim/explore/missing_orders.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "sim/explore/graph_search.h"
#include "sim/explore/replay.h"
#include "sim/explore/signature.h"
#include "sim/machine/loops.h"
#include "sim/machine/visible.h"
#include "sim/memory/model.h"

namespace sim {

namespace {

constexpr uint8_t acquire = 2;
constexpr uint8_t release = 3;
constexpr uint8_t acq_rel = 4;
constexpr uint8_t seq_cst = 5;

constexpr size_t pairs_max = 24;  // places of which every two are tried
constexpr size_t ways_max = 6;

// Stronger than an order, the weakest first.
std::vector<uint8_t> stronger_orders(ordered what, uint8_t order) {
    std::vector<uint8_t> all;
    switch (what) {
        case ordered::load:
        case ordered::failed_cas:
            all = {acquire, seq_cst};
            break;
        case ordered::store:
            all = {release, seq_cst};
            break;
        default:
            all = {acquire, release, acq_rel, seq_cst};
    }
    std::erase_if(all, [&](uint8_t o) { return o == order || stronger_of(o, order) != o; });
    return all;
}

// A place in the execution that fails, with the order that is tried.
using tried_place = std::pair<size_t, uint8_t>;
using tried_way = std::vector<tried_place>;

class order_search {
  public:
    order_search(simulation& subject, const recorded_choices& choices, const work_limits& limits,
                 missing_orders& r)
        : subject_(subject), choices_(choices), limits_(limits), r_(r) {}

    void run() {
        if (!look_at_failure()) {
            return;
        }
        r_.what = missing_orders::answer::unknown;
        chosen_awaits = await_looks::once;
        const outcome all = with_all_seq_cst();
        if (all != outcome::averts) {
            r_.what = all == outcome::fails ? missing_orders::answer::none : r_.what;
            return;
        }
        const auto is_fence = [&](size_t i) { return places_[i].fence_before; };
        find_ways([&](size_t i) { return !is_fence(i); });
        if (std::none_of(ways_.begin(), ways_.end(), [&](const tried_way& w) {
                return std::none_of(w.begin(), w.end(),
                                    [](const tried_place& p) { return p.second == seq_cst; });
            })) {
            find_ways(is_fence);
        }
        if (ways_.empty()) {
            leave_out_of_all();
        }
        keep_ways();
    }

  private:
    enum class outcome : uint8_t { averts, fails, unknown };

    // The failure, and what the execution performs that could be stronger.
    bool look_at_failure() {
        note_accesses(access_notes::each);
        visible_use(choices_.visible);
        replay_strategy again(choices_);
        again.begin();
        before();
        const execution_end end = subject_.run(again);
        if (end == execution_end::done) {
            subject_.final_checks();
        }
        const finding* f = main_finding_or_null();
        if (f == nullptr) {
            return false;
        }
        failure_ = signature_of(*f);
        std::vector<const noted_access*> last(contexts_max, nullptr);
        for (const noted_access& a : noted_accesses()) {
            add_place(a, false, nullptr);
            const noted_access*& before = last[a.context];
            if (before != nullptr && before->at.what != ordered::fence &&
                a.at.what != ordered::fence && a.step != before->step) {
                add_place(a, true, before);
            }
            before = &a;
        }
        return true;
    }

    order_place place_of(const site_order& s) const { return places_of({s}, *g.subject)[0]; }

    void add_place(const noted_access& a, bool fence_before, const noted_access* behind) {
        stronger_place p;
        p.at = place_of(a.at);
        p.fence_before = fence_before;
        if (behind != nullptr) {
            p.behind = place_of(behind->at);
        }
        if (!fence_before && p.at.order == seq_cst) {
            return;
        }
        auto same = std::find_if(places_.begin(), places_.end(), [&](const stronger_place& q) {
            return q.fence_before == fence_before && same_text(q.at, p.at);
        });
        if (same == places_.end()) {
            places_.push_back(std::move(p));
            same = places_.end() - 1;
        }
        same->steps.push_back(a.step);
        if (behind != nullptr) {
            same->steps_behind.push_back(behind->step);
        }
    }

    void before() const {
        if (limits_.before) {
            limits_.before();
        }
    }

    [[nodiscard]] bool out_of_work() const {
        return steps_ >= limits_.steps_max || (limits_.out_of_time && limits_.out_of_time());
    }

    // ------------------------------------------------------------ one exploration

    // All graphs of the model, with what was asked for. The cause, wherever it shows, is the failure.
    outcome explore() {
        graph_search graphs;
        visible_use(choices_.visible);
        bool followed = true;
        const uint64_t begin = steps_;
        while (graphs.begin()) {
            if (out_of_work() || steps_ - begin > limits_.steps_max / 4) {
                r_.cut_short = true;
                return outcome::unknown;
            }
            before();
            execution_end end = subject_.run(graphs);
            steps_ += g.steps + 1;
            if (end == execution_end::step_bound) {
                end_watch_learn();
            }
            graphs.end(end);
            if (!graphs.in_vain() && end != execution_end::pruned) {
                ++r_.executions;
                if (end == execution_end::done) {
                    subject_.final_checks();
                }
                if (find_cause_or_null(failure_) != nullptr) {
                    return outcome::fails;
                }
                followed &= end != execution_end::step_bound;
            }
            if (visible_pending()) {
                visible_apply();
                graphs.restart();
                followed = true;
            }
        }
        return followed && !graphs.may_have_missed() ? outcome::averts : outcome::unknown;
    }

    // Every place that any execution comes to.
    outcome with_all_seq_cst() {
        note_accesses(access_notes::places);
        for (const stronger_place& p : places_) {
            known_.push_back({p.at.sites[0], p.at.what, p.at.order});
        }
        while (true) {
            strengthening all;
            for (const site_order& s : known_) {
                all.orders.push_back({s.site, s.what, seq_cst});
            }
            strengthen(std::move(all));
            const outcome o = explore();
            const size_t before = known_.size();
            for (const site_order& s : noted_access_places()) {
                if (std::find(known_.begin(), known_.end(), s) == known_.end()) {
                    known_.push_back(s);
                }
            }
            if (o != outcome::fails || known_.size() == before) {
                text_ = places_of(known_, *g.subject);
                return o;
            }
        }
    }

    outcome with(const tried_way& way) {
        strengthening s;
        for (const auto& [i, order] : way) {
            const stronger_place& p = places_[i];
            for (const order_place& q : text_) {
                if (!same_text(p.at, q)) {
                    continue;
                }
                for (const uint64_t site : q.sites) {
                    if (p.fence_before) {
                        s.fences_before.push_back(site);
                    } else {
                        s.orders.push_back({site, q.what, order});
                    }
                }
            }
        }
        strengthen(std::move(s));
        return explore();
    }

    // ------------------------------------------------------------ which are enough

    template <typename Wanted>
    void find_ways(const Wanted& wanted) {
        std::vector<size_t> of;
        for (size_t i = 0; i < places_.size(); ++i) {
            if (wanted(i)) {
                of.push_back(i);
            }
        }
        const size_t before = ways_.size();
        for (const size_t i : of) {
            try_way({{i, seq_cst}});
        }
        if (ways_.size() != before || of.size() > pairs_max) {
            return;
        }
        for (size_t i = 0; i < of.size(); ++i) {
            for (size_t j = i + 1; j < of.size(); ++j) {
                try_way({{of[i], seq_cst}, {of[j], seq_cst}});
            }
        }
    }

    void try_way(tried_way way) {
        if (!out_of_work() && with(way) == outcome::averts) {
            make_weaker(way);
            ways_.push_back(std::move(way));
        }
    }

    // Each no stronger than it must be beside the others.
    void make_weaker(tried_way& way) {
        for (tried_place& p : way) {
            const stronger_place& at = places_[p.first];
            if (at.fence_before) {
                continue;
            }
            for (const uint8_t order : stronger_orders(at.at.what, at.at.order)) {
                const uint8_t strong = std::exchange(p.second, order);
                if (order == strong || with(way) == outcome::averts) {
                    break;
                }
                p.second = strong;
            }
        }
    }

    // More than two: what can be left out of all, one after the other, is.
    void leave_out_of_all() {
        tried_way way;
        for (size_t i = 0; i < places_.size(); ++i) {
            if (!places_[i].fence_before) {
                way.emplace_back(i, seq_cst);
            }
        }
        if (with(way) != outcome::averts) {
            return;
        }
        for (size_t i = 0; i < way.size();) {
            tried_way without = way;
            without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
            if (with(without) == outcome::averts) {
                way = std::move(without);
            } else {
                ++i;
            }
        }
        make_weaker(way);
        ways_.push_back(std::move(way));
    }

    // Those that ask for the least: few places, no seq_cst where less will do.
    void keep_ways() {
        const auto cost = [](const tried_way& w) {
            size_t strong = 0;
            for (const tried_place& p : w) {
                strong += p.second == seq_cst ? 1 : 0;
            }
            return std::make_pair(w.size(), strong);
        };
        std::stable_sort(ways_.begin(), ways_.end(),
                         [&](const tried_way& a, const tried_way& b) { return cost(a) < cost(b); });
        ways_.resize(std::min(ways_.size(), ways_max));
        for (const tried_way& way : ways_) {
            std::vector<stronger_place> told;
            for (const auto& [i, order] : way) {
                told.push_back(places_[i]);
                told.back().order = order;
            }
            r_.ways.push_back(std::move(told));
        }
        r_.what = r_.ways.empty() ? r_.what : missing_orders::answer::found;
    }

    simulation& subject_;
    const recorded_choices& choices_;
    work_limits limits_;
    missing_orders& r_;
    failure_signature failure_;
    std::vector<stronger_place> places_;  // of the failing execution
    std::vector<site_order> known_;       // of all executions that were seen
    std::vector<order_place> text_;       // the same by the text
    std::vector<tried_way> ways_;
    uint64_t steps_ = 0;
};

}  // namespace

missing_orders find_missing_orders(simulation& subject, const recorded_choices& choices,
                                   const work_limits& limits) {
    missing_orders r;
    if (chosen_memory == memory_model::interleaving) {
        return r;
    }
    const await_looks looks = chosen_awaits;
    order_search search(subject, choices, limits, r);
    search.run();
    chosen_awaits = looks;
    note_accesses(access_notes::none);
    strengthen({});
    visible_use(choices.visible);
    return r;
}

}  // namespace sim
