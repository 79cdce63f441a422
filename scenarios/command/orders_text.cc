#include "scenarios/command/orders_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "scenarios/command/report_cells.h"
#include "viz/phrase.h"

namespace scenario {

namespace {

using sim::stronger_place;
using sim::trace_event;

const trace_event* event_or_null(const sim::trace& t, uint32_t step) {
    const auto at = std::find_if(t.events.begin(), t.events.end(),
                                 [&](const trace_event& e) { return !e.remark && e.step == step; });
    return at == t.events.end() ? nullptr : &*at;
}

const char* noun_of(sim::ordered what) {
    switch (what) {
        case sim::ordered::load:
            return "load";
        case sim::ordered::store:
            return "store";
        case sim::ordered::update:
            return "update";
        case sim::ordered::cas:
            return "compare-and-swap";
        case sim::ordered::failed_cas:
            return "failing compare-and-swap";
        default:
            return "fence";
    }
}

// "flag[0], flag[1]": what a place is about in this execution.
std::string objects_text(const sim::trace& t, const std::vector<uint32_t>& steps) {
    std::vector<std::string> names;
    for (const uint32_t step : steps) {
        const trace_event* e = event_or_null(t, step);
        if (e != nullptr && !e->object.empty() &&
            std::find(names.begin(), names.end(), e->object) == names.end()) {
            names.push_back(e->object);
        }
    }
    return fmt::format(
        "{}{}",
        fmt::join(names.begin(), names.begin() + std::min<ptrdiff_t>(2, std::ssize(names)), ", "),
        names.size() > 2 ? ", ..." : "");
}

std::string steps_text(const std::vector<uint32_t>& steps) {
    const std::set<uint32_t> sorted(steps.begin(), steps.end());
    return fmt::format("step{} {}", sorted.size() == 1 ? "" : "s", fmt::join(sorted, ", "));
}

// "the store of flag (step 2, message.c:25, in body)".
std::string place_text(const sim::trace& t, const sim::order_place& p,
                       const std::vector<uint32_t>& steps) {
    const std::string objects = p.what == sim::ordered::fence ? "" : objects_text(t, steps);
    const std::string at = p.what == sim::ordered::fence ? "" : steps_text(steps) + ", ";
    return fmt::format("the {}{} ({}{}:{}, in {})", noun_of(p.what),
                       objects.empty() ? "" : " of " + objects, at, p.file, p.line,
                       viz::short_function(p.function));
}

std::string order_text(const sim::order_place& p) {
    return sim::name_of_order(p.order);
}

bool performs(const stronger_place& p, uint32_t step) {
    return !p.fence_before && std::find(p.steps.begin(), p.steps.end(), step) != p.steps.end();
}

// A read that takes the value of another context's write, one of them by this place; null: none does.
const trace_event* reading_or_null(const sim::trace& t, const stronger_place& by) {
    for (const trace_event& e : t.events) {
        const trace_event* from = e.from == 0 ? nullptr : event_or_null(t, e.from);
        if (!e.remark && from != nullptr && from->context != e.context &&
            (performs(by, e.step) || performs(by, e.from))) {
            return &e;
        }
    }
    return nullptr;
}

bool handed_over(const stronger_place& p) {
    return !p.fence_before && p.order != 5 && p.at.what != sim::ordered::fence;
}

// "the load of flag ... takes the value of the store ... without its happening before".
std::string reading_text(const sim::trace& t, const trace_event& read) {
    const trace_event* from = event_or_null(t, read.from);
    const auto end = [&](const trace_event& e) {
        const std::vector<sim::trace_frame> stack = viz::telling_stack(e.stack, {"kern/"});
        const std::string place = stack.empty()
                                      ? ""
                                      : fmt::format(", {}:{}, in {}", stack[0].file, stack[0].line,
                                                    viz::short_function(stack[0].function));
        return fmt::format("(step {}{}), {},", e.step, place, e.order);
    };
    const auto noun = [](const trace_event& e) {
        return e.kind == "rmw" ? "update" : e.kind == "cas" ? "compare-and-swap" : e.kind;
    };
    return fmt::format("the {} of {} {} takes the value of the {} {} without its happening before",
                       noun(read), read.object, end(read), noun(*from), end(*from));
}

// Release and acquire of one reading.
std::string hand_over_text(const sim::trace& t, const std::vector<stronger_place>& way) {
    const trace_event* read = reading_or_null(t, way[0]);
    if (read == nullptr || !std::all_of(way.begin(), way.end(), handed_over)) {
        return "";
    }
    std::string needs;
    for (const stronger_place& p : way) {
        const bool reads = performs(p, read->step);
        if (!reads && !performs(p, read->from)) {
            return "";
        }
        needs += fmt::format("{}{}", needs.empty() ? "" : " and ", sim::name_of_order(p.order));
        needs += reads ? " where it reads" : " where it is written";
    }
    return fmt::format("{}: {} would order them", reading_text(t, *read), needs);
}

std::string need_text(const sim::trace& t, const stronger_place& p) {
    if (p.fence_before) {
        return fmt::format("a seq_cst fence between {} and {}",
                           place_text(t, p.behind, p.steps_behind), place_text(t, p.at, p.steps));
    }
    return fmt::format("{} being {} instead of {}", place_text(t, p.at, p.steps),
                       sim::name_of_order(p.order), order_text(p.at));
}

std::string way_text(const sim::trace& t, const std::vector<stronger_place>& way) {
    const std::string handed = hand_over_text(t, way);
    if (!handed.empty()) {
        return handed;
    }
    std::string needs;
    for (size_t i = 0; i < way.size(); ++i) {
        needs += (i == 0 ? "" : i + 1 == way.size() ? ", and " : ", ") + need_text(t, way[i]);
    }
    return needs + (way.size() == 1 ? " would avert it" : " would together avert it");
}

}  // namespace

std::vector<std::string> missing_orders_text(const explained_report& r) {
    using answer = sim::missing_orders::answer;
    const std::string seen = plural(r.missing.executions, "execution") + " were run";
    switch (r.missing.what) {
        case answer::none:
            return {"no memory order is missing: it is possible with every access seq_cst, too"};
        case answer::unknown:
            return {"which memory order is missing is not known: too much to explore (" + seen +
                    "); --budget-time S allows more"};
        case answer::found:
            break;
        default:
            return {};
    }
    std::vector<std::string> all;
    for (const auto& way : r.missing.ways) {
        all.push_back((all.empty() ? "a memory order is missing: " : "or: ") +
                      way_text(r.trace, way));
    }
    std::string ground = r.missing.ways[0].size() == 1 ? "" : "no order or fence alone is enough; ";
    ground += fmt::format("decided: with {}, all executions are without it ({})",
                          all.size() == 1 ? "this" : "any one of these", seen);
    all.push_back(ground +
                  (r.missing.cut_short ? "; some explorations were cut: there may be others" : ""));
    return all;
}

}  // namespace scenario
