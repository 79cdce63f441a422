// order_places.h - memory orders as the text has them: what stands there once is one place, however often it was compiled.
// Source:  ours; sim/memory/weakened.h has the sites.
// Shapes:  sorted by file, line, column.
// Locks:   none; functions of their arguments.
// Errors:  none; a place without a line is one by its function.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/memory/weakened.h"
#include "sim/program/symbols.h"

namespace sim {

struct order_place {
    std::string function;
    std::string file;
    uint32_t line = 0;
    uint32_t column = 0;
    ordered what = ordered::load;
    uint8_t order = 0;
    std::vector<uint64_t> sites;  // the compiler may have made several of it
};

// Whether both are the same access of the text, with the same order.
[[nodiscard]] bool same_text(const order_place& a, const order_place& b);

std::vector<order_place> places_of(const std::vector<site_order>& noted, const symbols& text);

}  // namespace sim
