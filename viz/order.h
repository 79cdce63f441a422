// order.h - the happens-before edges of a trace that a picture needs, and whose writes its reads take.
// Shapes:  edges go from an earlier to a later step of another context. Without a memory model a trace does not say whose
//          write a read takes: it is the last one.
// Locks:   none; pure function.
// Errors:  none.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/trace/trace.h"

namespace viz {

struct order_edge {
    uint32_t from = 0;  // steps
    uint32_t to = 0;
    bool operator==(const order_edge&) const = default;
};

// The edges between contexts without those that follow from the others: their drawing would only
// hide which one it was that ordered the two sides.
std::vector<order_edge> necessary_order(const sim::trace& t);

// A read of a write of another context.
struct read_edge {
    uint32_t from = 0;
    uint32_t to = 0;
    bool stale = false;    // not the last write
    bool ordered = false;  // it happens before the read
    bool operator==(const read_edge&) const = default;
};
std::vector<read_edge> reads_from(const sim::trace& t);
// From the write that had come to be the last to a read that takes an older one.
std::vector<order_edge> not_seen(const sim::trace& t);

}  // namespace viz
