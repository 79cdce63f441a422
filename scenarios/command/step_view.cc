#include "scenarios/command/step_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "viz/phrase.h"

namespace scenario {

namespace {

using json = nlohmann::ordered_json;

constexpr size_t steps_shown_max = 40;
const viz::plumbing_files plumbing = {"kern/", "heddle/"};

const char* name_of(step_standing s) {
    switch (s) {
        case step_standing::can_go_on:
            return "can go on";
        case step_standing::waits_for_cpu:
            return "waits for its CPU";
        case step_standing::blocked:
            return "blocked";
        case step_standing::ended:
            return "ended";
    }
    return "";
}

const char* name_of(step_question q) {
    switch (q) {
        case step_question::context:
            return "context";
        case step_question::data:
            return "data";
        case step_question::nothing:
            return "nothing";
    }
    return "";
}

const char* name_of(sim::execution_end end) {
    switch (end) {
        case sim::execution_end::done:
            return "done";
        case sim::execution_end::deadlock:
            return "deadlock";
        case sim::execution_end::fatal:
            return "finding";
        case sim::execution_end::step_bound:
            return "step limit";
        default:
            return "open";
    }
}

const step_context* context_or_null(const step_state& s, uint32_t id) {
    const auto found = std::find_if(s.contexts.begin(), s.contexts.end(),
                                    [id](const step_context& c) { return c.id == id; });
    return found != s.contexts.end() ? &*found : nullptr;
}

std::string name_in(const step_state& s, uint32_t id) {
    const step_context* c = context_or_null(s, id);
    return c != nullptr ? c->name : "";
}

size_t longest_name(const step_state& s) {
    size_t longest = 0;
    for (const step_context& c : s.contexts) {
        longest = std::max(longest, viz::text_width(c.name));
    }
    return longest;
}

std::string place_of(const std::vector<sim::trace_frame>& stack) {
    const std::vector<sim::trace_frame> telling = viz::telling_stack(stack, plumbing);
    return telling.empty() ? "" : "  " + viz::place(telling.front());
}

// Entries and exits are a matter of `where`.
bool is_told(const sim::trace_event& e) {
    return e.kind != "enter" && e.kind != "leave";
}

std::string event_text(const step_state& s, const sim::trace_event& e, size_t width,
                       const look& how) {
    const std::string change = viz::change_of(e);
    std::string line;
    if (e.remark) {
        const std::string said = change.empty() ? viz::action_of(e) : change;
        line = fmt::format("{:>6}  {:<{}}    {}", "", "", width, said);
    } else {
        line = fmt::format("{:>6}  {:<{}}  {}{}{}", e.step, name_in(s, e.context), width,
                           viz::action_of(e), change.empty() ? "" : ": " + e.detail,
                           place_of(e.stack));
    }
    return paint(how, e.preemption ? ink::strong : ink::plain, viz::printable(line, how.utf8)) +
           "\n";
}

std::string events_text(const step_state& s, uint32_t since, const look& how) {
    const uint32_t hidden = s.step > since + steps_shown_max ? s.step - since - steps_shown_max : 0;
    std::string out =
        hidden != 0 ? fmt::format("{:>6}  {} before\n", "...", plural(hidden, "step")) : "";
    for (const sim::trace_event& e : s.trace.events) {
        if (is_told(e) && e.step > since + hidden) {
            out += event_text(s, e, longest_name(s), how);
        }
    }
    return out;
}

// A finding of step 0 was made at the end.
bool is_since(const sim::trace_finding& f, const step_state& s, uint32_t since) {
    return f.step > since || (f.step == 0 && s.asks == step_question::nothing);
}

std::string findings_text(const step_state& s, uint32_t since, const look& how) {
    std::string out;
    for (const sim::trace_finding& f : s.trace.findings) {
        if (is_since(f, s, since)) {
            out += "  " + paint(how, ink::bad, viz::finding_title(f, plumbing)) + "\n";
            // Who waits for what in a deadlock stands below.
            out += s.end == sim::execution_end::deadlock
                       ? ""
                       : "    " + viz::printable(f.message, how.utf8) + "\n";
        }
    }
    return out;
}

std::string context_text(const step_state& s, const step_context& c) {
    std::string doing = name_of(c.standing);
    if (c.standing == step_standing::blocked) {
        doing = "blocked: waits for " + c.waits_for;
    } else if (c.standing != step_standing::ended) {
        sim::trace_event e;
        e.kind = c.kind;
        e.object = c.object;
        doing = viz::action_of(e) +
                (c.standing == step_standing::waits_for_cpu ? ", but waits for its CPU" : "");
    }
    const bool usual = s.asks == step_question::context && s.usual == c.id;
    return fmt::format("  {} {:>3}  {:<{}}  {}{}", usual ? '>' : ' ', c.id, c.name, longest_name(s),
                       doing, place_of(c.stack));
}

std::string question_text(const step_state& s) {
    if (s.asks == step_question::nothing) {
        return fmt::format("over: {}\n", name_of(s.end));
    }
    if (s.asks == step_question::data) {
        return fmt::format("{} chooses one of {}: 0 to {} (usual: {})\n", name_in(s, s.chooser),
                           s.alternatives, s.alternatives - 1, s.usual);
    }
    return "";
}

json to_json(const std::vector<sim::trace_frame>& stack) {
    json all = json::array();
    for (const sim::trace_frame& f : stack) {
        all.push_back({{"function", f.function}, {"file", f.file}, {"line", f.line}});
    }
    return all;
}

json to_json(const step_context& c) {
    const std::vector<sim::trace_frame> telling = viz::telling_stack(c.stack, plumbing);
    const sim::trace_frame at = telling.empty() ? sim::trace_frame{} : telling.front();
    return {{"number", c.id},
            {"name", c.name},
            {"cpu", c.cpu},
            {"is", name_of(c.standing)},
            {"kind", c.kind},
            {"object", c.object},
            {"waits_for", c.waits_for},
            {"function", at.function},
            {"file", at.file},
            {"line", at.line}};
}

json findings_json(const step_state& s, uint32_t since) {
    json all = json::array();
    for (const sim::trace_finding& f : s.trace.findings) {
        if (is_since(f, s, since)) {
            all.push_back({{"kind", f.kind}, {"message", f.message}});
        }
    }
    return all;
}

std::string line_of(const json& j) {
    return j.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

// The last change of each object, in order of the objects' names.
std::map<std::string, const sim::trace_event*> last_changes(const step_state& s) {
    std::map<std::string, const sim::trace_event*> last;
    for (const sim::trace_event& e : s.trace.events) {
        if (!viz::change_of(e).empty()) {
            last[e.object] = &e;
        }
    }
    return last;
}

}  // namespace

std::string point_text(const step_state& s, uint32_t since, const look& how) {
    std::string out = events_text(s, since, how) + findings_text(s, since, how);
    out += fmt::format("after {}:\n", plural(s.step, "step"));
    for (const step_context& c : s.contexts) {
        out += viz::printable(context_text(s, c), how.utf8) + "\n";
    }
    return out + question_text(s);
}

std::string point_json(const step_state& s, uint32_t since) {
    json events = json::array();
    for (const sim::trace_event& e : s.trace.events) {
        if (is_told(e) && e.step > since) {
            events.push_back({{"step", e.step},
                              {"context", name_in(s, e.context)},
                              {"kind", e.kind},
                              {"object", e.object},
                              {"detail", e.detail},
                              {"change", viz::change_of(e)}});
        }
    }
    json contexts = json::array();
    for (const step_context& c : s.contexts) {
        contexts.push_back(to_json(c));
    }
    json j = {{"type", "step"}, {"step", s.step}, {"asks", name_of(s.asks)}};
    if (s.asks == step_question::nothing) {
        j["end"] = name_of(s.end);
    } else if (s.asks == step_question::data) {
        j["chooser"] = name_in(s, s.chooser);
        j["alternatives"] = s.alternatives;
        j["usual"] = s.usual;
    } else {
        j["usual"] = name_in(s, s.usual);
    }
    j["contexts"] = contexts;
    j["events"] = events;
    j["findings"] = findings_json(s, since);
    return line_of(j);
}

std::string where_text(const step_state& s, const step_context* only) {
    std::string out;
    for (const step_context& c : s.contexts) {
        if (only != nullptr && only != &c) {
            continue;
        }
        out += fmt::format("{} on cpu{}: {}\n", c.name, c.cpu, name_of(c.standing));
        for (const sim::trace_frame& f : viz::telling_stack(c.stack, plumbing)) {
            out += "    " + viz::place(f) + "\n";
        }
    }
    return out;
}

std::string where_json(const step_state& s, const step_context* only) {
    json contexts = json::array();
    for (const step_context& c : s.contexts) {
        if (only == nullptr || only == &c) {
            contexts.push_back({{"name", c.name}, {"stack", to_json(c.stack)}});
        }
    }
    return line_of({{"type", "where"}, {"step", s.step}, {"contexts", contexts}});
}

std::string changes_text(const step_state& s) {
    std::string out;
    for (const auto& [object, e] : last_changes(s)) {
        out += fmt::format("  {}, at step {} by {}\n", viz::change_of(*e), e->step,
                           name_in(s, e->context));
    }
    return out.empty() ? "  nothing has changed yet\n" : out;
}

std::string changes_json(const step_state& s) {
    json all = json::array();
    for (const auto& [object, e] : last_changes(s)) {
        all.push_back({{"object", object},
                       {"change", viz::change_of(*e)},
                       {"step", e->step},
                       {"context", name_in(s, e->context)}});
    }
    return line_of({{"type", "state"}, {"step", s.step}, {"changes", all}});
}

std::string result_json(const step_state& s, const std::string& scenario,
                        const std::string& variant, const std::string& token) {
    return line_of({{"type", "result"},
                    {"verb", "step"},
                    {"scenario", scenario},
                    {"variant", variant},
                    {"steps", s.step},
                    {"end", name_of(s.end)},
                    {"token", token},
                    {"findings", findings_json(s, 0)}});
}

}  // namespace scenario
