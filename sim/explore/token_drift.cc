#include "sim/explore/token_drift.h"

#include <fmt/format.h>

#include <tuple>

#include "sim/explore/replay.h"
#include "sim/explore/token.h"

namespace sim {

namespace {

std::string choice_text(const deviation& d) {
    return fmt::format("{}:{}:{}", d.context, d.function, d.occurrence);
}

// Follows what is settled, then the default rule, and keeps where the context of a choice comes to.
class scout final : public strategy {
  public:
    scout(const std::vector<deviation>& settled, const deviation& wanted)
        : inner_(settled), wanted_(wanted) {}
    bool begin() override {
        positions_.clear();
        return inner_.begin();
    }
    uint8_t choose(const choice_view& view) override {
        host_scope host;
        const bool before = inner_.not_followed() != 0;
        const uint8_t next = inner_.choose(view);
        const deviation here = positions_.arrived(view.current, false);
        if (!before && !wanted_.data) {
            const unsigned other = context_called(wanted_.next);
            keep(here, other < contexts_max && (view.enabled >> other & 1) != 0);
        }
        return next;
    }
    uint32_t pick(const choice_view& view, uint32_t n) override {
        host_scope host;
        const bool before = inner_.not_followed() != 0;
        const uint32_t taken = inner_.pick(view, n);
        const deviation here = positions_.arrived(view.current, true);
        if (!before && wanted_.data) {
            keep(here, wanted_.alternative < n);
        }
        return taken;
    }
    [[nodiscard]] bool wants_forced() const override { return true; }
    [[nodiscard]] bool found() const { return !best_.context.empty(); }
    [[nodiscard]] const deviation& best() const { return best_; }
    [[nodiscard]] uint32_t tier() const { return std::get<0>(rank_); }

  private:
    using rank = std::tuple<uint32_t, uint32_t>;

    // 0: the very operation; 1: one like it on the object; 2: one of its kind; 3: of its function;
    // 4: the operation in another function; 5: nothing of it.
    [[nodiscard]] uint32_t tier_of(const deviation& here) const {
        const bool known = wanted_.nth != 0;
        const bool kind = known && here.kind == wanted_.kind;
        const bool object = kind && here.object == wanted_.object;
        if (here.function != wanted_.function) {
            return object && wanted_.object != 0 ? 4 : 5;
        }
        if (!known) {
            return here.occurrence == wanted_.occurrence ? 0 : 3;
        }
        return object ? (here.nth == wanted_.nth ? 0 : 1) : kind ? 2 : 3;
    }
    void keep(const deviation& here, bool possible) {
        if (!possible || here.context != wanted_.context) {
            return;
        }
        const uint32_t far = here.occurrence < wanted_.occurrence
                                 ? wanted_.occurrence - here.occurrence
                                 : here.occurrence - wanted_.occurrence;
        const rank r{tier_of(here), far};
        if (std::get<0>(r) < 5 && (!found() || r < rank_)) {
            rank_ = r;
            best_ = here;
        }
    }

    token_strategy inner_;
    const deviation& wanted_;
    positions positions_;
    deviation best_;
    rank rank_{5, 0};
};

std::string drift_text(size_t number, const deviation& wanted, const scout& s) {
    const deviation& met = s.best();
    const char* const why[] = {"now at", "another such operation on the object is",
                               "another operation of its kind is", "another operation there is",
                               "the operation in another function is"};
    return fmt::format("choice {}, {}: {}{} {}", number, choice_text(wanted),
                       s.tier() == 0 ? "" : "not met; ", why[s.tier()], choice_text(met));
}

}  // namespace

resolved_token resolve_token(const std::vector<deviation>& wanted,
                             const std::function<void(strategy&)>& run) {
    resolved_token r;
    token_strategy as_it_is(wanted);
    as_it_is.begin();
    run(as_it_is);
    if (as_it_is.not_followed() == 0) {
        r.deviations = wanted;
        return r;
    }
    for (size_t i = 0; i < wanted.size(); ++i) {
        scout s(r.deviations, wanted[i]);
        s.begin();
        run(s);
        if (!s.found()) {
            r.lost.push_back(
                fmt::format("choice {}, {}: {} does nothing in {} any more where {} "
                            "could be chosen; left out",
                            i + 1, choice_text(wanted[i]), wanted[i].context, wanted[i].function,
                            wanted[i].data ? "that alternative" : wanted[i].next));
            r.drift.push_back(r.lost.back());
            continue;
        }
        deviation met = s.best();
        met.next = wanted[i].next;
        met.alternative = wanted[i].alternative;
        if (s.tier() != 0 || met.occurrence != wanted[i].occurrence) {
            r.drift.push_back(drift_text(i + 1, wanted[i], s));
        }
        r.deviations.push_back(met);
    }
    return r;
}

}  // namespace sim
