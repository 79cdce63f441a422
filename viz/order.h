// order.h - the happens-before edges of a trace that a picture needs.
// Shapes:  edges go from an earlier to a later step of another context.
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

}  // namespace viz
