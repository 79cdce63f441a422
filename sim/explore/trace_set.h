// trace_set.h - which traces were seen: a set of hashes.
// Source:  ours. Traces are compared by 128 bits of their normal form: among ten million the odds that
//          two different ones count as one are below 10^-24.
// Shapes:  open addressing, 16 bytes a place, at most half full while it grows and 7/8 in the end.
//          Beyond traces_max nothing is kept: the set is full and says so.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sim {

struct trace_hash {
    uint64_t low = 0;
    uint64_t high = 0;
    bool operator==(const trace_hash&) const = default;
    // Order does not matter: a trace is the sum of its events.
    trace_hash& operator+=(const trace_hash& other) {
        low += other.low;
        high += other.high;
        return *this;
    }
};

class trace_set {
  public:
    static constexpr size_t places_max = size_t{1} << 23;  // 128 MiB
    static constexpr size_t traces_max = places_max / 8 * 7;

    explicit trace_set(size_t limit = traces_max) : places_(1024), limit_(limit) {}
    // True if it was not there before. A full set answers false to what it does not have.
    bool add(trace_hash h);
    void clear();
    [[nodiscard]] size_t size() const { return used_; }
    [[nodiscard]] bool full() const { return full_; }  // something was left out

  private:
    trace_hash& place_of(const trace_hash& h);
    void grow();

    std::vector<trace_hash> places_;  // zero: free
    size_t used_ = 0;
    size_t limit_;
    bool full_ = false;
};

}  // namespace sim
