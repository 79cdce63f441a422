#include "sim/memory/order_places.h"

#include <algorithm>
#include <tuple>

#include "sim/check/describe.h"

namespace sim {

namespace {

auto text_order(const order_place& p) {
    return std::tie(p.file, p.line, p.column, p.function, p.what, p.order);
}

}  // namespace

bool same_text(const order_place& a, const order_place& b) {
    return text_order(a) == text_order(b);
}

std::vector<order_place> places_of(const std::vector<site_order>& noted, const symbols& text) {
    std::vector<order_place> all;
    for (const site_order& s : noted) {
        trace_frame f = text.locate(s.site - 1);
        const function_symbol* whole = text.function_at_or_null(s.site - 1);
        if (!is_own(f) && whole != nullptr) {
            f = text.locate(whole->begin);
        }
        order_place p{f.function, f.file,  f.line,  text.column_of(s.site - 1),
                      s.what,     s.order, {s.site}};
        const auto same = std::find_if(all.begin(), all.end(),
                                       [&](const order_place& q) { return same_text(p, q); });
        if (same == all.end()) {
            all.push_back(std::move(p));
        } else {
            same->sites.push_back(s.site);
        }
    }
    std::sort(all.begin(), all.end(), [](const order_place& a, const order_place& b) {
        return text_order(a) < text_order(b);
    });
    return all;
}

}  // namespace sim
