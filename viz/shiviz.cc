#include "viz/shiviz.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/trace/json_line.h"
#include "viz/phrase.h"

namespace viz {

namespace {

using clock = std::vector<uint32_t>;  // per context, how many of its events are known

std::string host_of(const sim::trace_context& c) {
    std::string name = c.name;
    std::replace(name.begin(), name.end(), ' ', '_');
    return name;
}

std::string clock_text(const sim::trace& t, const clock& now) {
    fmt::memory_buffer out;
    sim::json_line j(out);
    j.open('{');
    for (size_t c = 0; c < now.size(); ++c) {
        if (now[c] != 0) {
            j.field(host_of(t.header.contexts[c]), now[c]);
        }
    }
    j.close('}');
    return fmt::to_string(out);
}

std::string event_text(const sim::trace& t, size_t i) {
    const sim::trace_event& e = t.events[i];
    std::string text = e.remark ? action_of(e) : fmt::format("{} {}", e.step, action_of(e));
    const std::string change = change_of(e);
    text += change.empty() ? "" : " [" + change + "]";
    if (!e.stack.empty()) {
        text += " in " + place(telling_stack(e.stack, {"kern/"}).front());
    }
    for (const sim::trace_finding& f : t.findings) {
        text += !e.remark && f.step == e.step ? " !! " + f.kind : "";
    }
    return printable(text, true);
}

}  // namespace

std::string shiviz(const sim::trace& t, const format_options&) {
    std::string out = "(?<host>\\S+) (?<clock>{.*})\\n(?<event>.*)\n\n";
    std::vector<clock> now(t.header.contexts.size(), clock(t.header.contexts.size(), 0));
    std::map<uint32_t, clock> of_step;
    for (size_t i = 0; i < t.events.size(); ++i) {
        const sim::trace_event& e = t.events[i];
        if (e.kind == "enter" || e.kind == "leave") {
            continue;
        }
        clock& mine = now[e.context];
        for (const uint32_t before : e.after) {
            const clock& known = of_step[before];
            for (size_t c = 0; c < known.size(); ++c) {
                mine[c] = std::max(mine[c], known[c]);
            }
        }
        ++mine[e.context];
        if (!e.remark) {
            of_step[e.step] = mine;
        }
        out += fmt::format("{} {}\n{}\n", host_of(t.header.contexts[e.context]),
                           clock_text(t, mine), event_text(t, i));
    }
    for (const sim::trace_finding& f : t.findings) {
        if (f.step == 0 && f.context < now.size()) {
            ++now[f.context][f.context];
            out += fmt::format("{} {}\n!! {}\n", host_of(t.header.contexts[f.context]),
                               clock_text(t, now[f.context]), printable(f.message, true));
        }
    }
    return out;
}

}  // namespace viz
