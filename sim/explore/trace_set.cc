#include "sim/explore/trace_set.h"

namespace sim {

trace_hash& trace_set::place_of(const trace_hash& h) {
    const size_t mask = places_.size() - 1;
    size_t at = h.low & mask;
    while (places_[at] != trace_hash{} && places_[at] != h) {
        at = (at + 1) & mask;
    }
    return places_[at];
}

void trace_set::grow() {
    std::vector<trace_hash> old(places_.size() * 2);
    old.swap(places_);
    for (const trace_hash& h : old) {
        if (h != trace_hash{}) {
            place_of(h) = h;
        }
    }
}

bool trace_set::add(trace_hash h) {
    h.low += h == trace_hash{} ? 1 : 0;
    trace_hash& place = place_of(h);
    if (place == h) {
        return false;
    }
    if (used_ >= limit_) {
        full_ = true;
        return false;
    }
    place = h;
    ++used_;
    if (used_ * 2 >= places_.size() && places_.size() < places_max) {
        grow();
    }
    return true;
}

void trace_set::clear() {
    places_.assign(1024, trace_hash{});
    used_ = 0;
    full_ = false;
}

}  // namespace sim
