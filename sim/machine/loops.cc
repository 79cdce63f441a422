#include "sim/machine/loops.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "sim/check/describe.h"
#include "sim/machine/names.h"
#include "sim/machine/record.h"
#include "sim/machine/visible.h"
#include "sim/program/symbols.h"

namespace sim {

namespace {

constexpr size_t places_said_max = 8;

// Whether a function is of the subject's own text, by its first line: what is inlined into it is its own.
bool in_own_text(uint64_t pc) {
    const function_symbol* f = g.subject->function_at_or_null(pc - 1);
    if (f == nullptr) {
        return false;
    }
    static std::map<uint64_t, bool> asked;
    const auto [at, fresh] = asked.emplace(f->begin, false);
    if (fresh) {
        at->second = is_own(g.subject->locate(f->begin));
    }
    return at->second;
}

// After how many steps the end is like itself, twice at least; 0: it is not.
size_t period_of(const std::vector<sight>& all) {
    for (size_t period = 1; period * 2 <= all.size(); ++period) {
        size_t i = all.size() - period;
        while (i-- != 0 && all[i].like(all[i + period])) {
        }
        if (i == ~size_t{0}) {
            return period;
        }
    }
    return 0;
}

std::vector<sight> watched;

}  // namespace

bool end_watched = false;

uint64_t site_of(const context& c) {
    return site_of(c, c.op.pc);
}

uint64_t site_of(const context& c, uint64_t pc) {
    if (pc == 0 || g.subject == nullptr) {
        return 0;
    }
    if (in_own_text(pc)) {
        return pc;
    }
    for (uint32_t i = depth_of(c); i-- > 0;) {
        if (in_own_text(c.frames[i].call_pc)) {
            return c.frames[i].call_pc;
        }
    }
    return pc;
}

namespace {

trace_frame frame_of_site(uint64_t site) {
    trace_frame f = frame_at(site);
    const function_symbol* whole = g.subject->function_at_or_null(site - 1);
    if (!is_own(f) && whole != nullptr) {
        f = g.subject->locate(whole->begin);
    }
    return f;
}

}  // namespace

std::vector<std::string> describe_sites(const std::vector<uint64_t>& sites) {
    std::map<std::pair<std::string, std::string>, std::set<uint32_t>>
        lines;  // by file and function
    for (uint64_t site : sites) {
        const trace_frame f = frame_of_site(site);
        lines[{f.file, f.function}].insert(f.line);
    }
    std::vector<std::string> list;
    for (const auto& [where, seen] : lines) {
        const uint32_t first = *seen.begin();
        const uint32_t last = *seen.rbegin();
        list.push_back(fmt::format("{} ({}:{}{})", where.second, where.first, first,
                                   last == first ? "" : fmt::format(" to {}", last)));
    }
    return list;
}

std::string place_of_site(uint64_t site) {
    if (site == 0) {
        return "";
    }
    const trace_frame f = frame_of_site(site);
    return f.line != 0 ? fmt::format("{} ({}:{})", f.function, f.file, f.line) : f.function;
}

sight sight_of(const context& c) {
    return {site_of(c), c.op.object, c.id, c.op.kind};
}

std::vector<repeated_sight> what_repeats(const std::vector<sight>& end) {
    const size_t period = period_of(end);
    std::vector<repeated_sight> all;
    for (size_t i = period != 0 ? end.size() - period : 0; i < end.size(); ++i) {
        const auto at = std::find_if(all.begin(), all.end(),
                                     [&](const repeated_sight& r) { return r.at.like(end[i]); });
        if (at == all.end()) {
            all.push_back({end[i], 1});
        } else {
            ++at->times;
            at->one_object &= at->at.object == end[i].object;
        }
    }
    if (period == 0) {
        std::erase_if(all, [](const repeated_sight& r) { return r.times == 1; });
    }
    return all;
}

std::string text_of(const std::vector<repeated_sight>& repeated) {
    std::map<uint8_t, std::string> of;
    size_t said = 0;
    for (const repeated_sight& r : repeated) {
        if (++said > places_said_max) {
            continue;
        }
        std::string& text = of[r.at.context];
        text += text.empty() ? fmt::format("{} on cpu{} repeats ", name_of_context(r.at.context),
                                           g.contexts[r.at.context].cpu)
                             : ", ";
        text += name_of(r.at.kind);
        const std::string object = r.one_object ? describe_address(r.at.object) : "";
        const std::string where = place_of_site(r.at.site);
        text += object.empty() ? "" : " " + object;
        text += where.empty() ? "" : " in " + where;
    }
    std::string text;
    for (const auto& [context, one] : of) {
        text += (text.empty() ? "" : "; ") + one;
    }
    return said > places_said_max ? fmt::format("{}; {} more places", text, said - places_said_max)
                                  : text;
}

uint32_t end_watch_begins(uint32_t steps_max) {
    return steps_max - std::min(end_watched_max, steps_max / 2);
}

void end_watch(bool on) {
    end_watched = on;
    if (on) {
        watched.clear();
    }
}

void end_watch_step(const context& c) {
    host_scope host;
    watched.push_back(sight_of(c));
}

void end_watch_learn() {
    for (const repeated_sight& r : what_repeats(watched)) {
        // What others do lets an await go on: who comes there has waited already.
        if (r.at.site != 0 && in_region(r.at.site) && r.at.kind != op_kind::await) {
            visible_found_loop(r.at.site);
        }
    }
    watched.clear();
}

}  // namespace sim
