#include "sim/explore/surw.h"

#include <algorithm>

namespace sim {

namespace {

constexpr uint64_t learn_first = 32;  // executions, and then every
constexpr uint64_t learn_every = 16;
constexpr size_t objects_most = 3;

}  // namespace

void surw_strategy::restart() {
    table_.clear();
    pilots_ = 0;
}

void surw_strategy::begin_sample() {
    learning_ = pilots_ < learn_first || pilots_ % learn_every == 0;
    ++pilots_;
    priorities_.clear();
    weights_.clear();
    met_ = aside_ = 0;
    objects_.clear();
    do {
        const uint64_t object = table_.draw(stream());
        if (object == 0) {
            return;
        }
        if (std::find(objects_.begin(), objects_.end(), object) == objects_.end()) {
            objects_.push_back(object);
        }
    } while (objects_.size() < objects_most && stream().below(8) == 0);
    for (unsigned context = 0; context < contexts_max; ++context) {
        uint32_t own = 0;
        for (const uint64_t object : objects_) {
            own += table_.count(object, static_cast<uint8_t>(context));
        }
        weights_.expect(static_cast<uint8_t>(context), known_parents_[context], own);
    }
    weights_.begin();
}

void surw_strategy::meet(const choice_view& view) {
    for (uint64_t rest = g.live & ~met_; rest != 0; rest &= rest - 1) {
        const auto context = static_cast<uint8_t>(__builtin_ctzll(rest));
        const auto parent = static_cast<uint8_t>(view.contexts[context].parent);
        known_parents_[context] = parent;
        weights_.created(context, parent, stream());
    }
    met_ |= g.live;
}

bool surw_strategy::interesting(const operation& op) const {
    return countable(op) &&
           std::find(objects_.begin(), objects_.end(), op.object) != objects_.end();
}

uint8_t surw_strategy::next_of(const choice_view& view, uint64_t contexts) {
    while (contexts != 0) {
        const uint8_t next = priorities_.highest(contexts, stream());
        if (!interesting(view.contexts[next].op)) {
            return next;
        }
        weights_.at_least_one(next);
        if (weights_.intended() == no_intention) {
            weights_.intend(weights_.draw(g.live, stream()));
        }
        if (weights_.intended() == next) {
            weights_.performed(next);
            weights_.intend(no_intention);
            aside_ = 0;
            return next;
        }
        aside_ |= 1ULL << next;
        contexts &= ~(1ULL << next);
    }
    return no_intention;
}

uint8_t surw_strategy::perform(const choice_view& view, uint8_t context) {
    priorities_.redraw(context);
    if (learning_) {
        table_.note(view.contexts[context].op, context);
    }
    return context;
}

uint8_t surw_strategy::choose(const choice_view& view) {
    meet(view);
    for (uint64_t rest = view.enabled; rest != 0; rest &= rest - 1) {
        const auto context = static_cast<uint8_t>(__builtin_ctzll(rest));
        if (concerns_nobody(view.contexts[context].op)) {
            return perform(view, context);
        }
    }
    const uint8_t intended = weights_.intended();
    if (intended != no_intention && (g.live >> intended & 1) == 0) {
        weights_.intend(no_intention);  // it ended without what was expected of it
        aside_ = 0;
    }
    uint8_t next = next_of(view, view.enabled & ~aside_);
    if (next == no_intention) {
        aside_ = 0;
        weights_.intend(weights_.draw(view.enabled, stream()));
        next = next_of(view, view.enabled);
        HEDDLE_ASSERT(next != no_intention);
    }
    return perform(view, next);
}

void surw_strategy::end(execution_end) {
    if (learning_) {
        table_.learn();
    }
}

}  // namespace sim
