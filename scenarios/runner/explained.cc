#include "scenarios/runner/explained.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "scenarios/runner/finding_text.h"
#include "scenarios/runner/shortest.h"
#include "sim/explore/explain.h"
#include "sim/machine/cpus.h"
#include "sim/machine/names.h"
#include "sim/machine/record.h"
#include "sim/memory/model.h"

namespace scenario {

namespace {

using json = nlohmann::ordered_json;

constexpr double steps_a_second = 2'000'000;
constexpr double shrinking_share = 0.3;
constexpr double missing_share = 0.2;  // of what may be about memory orders
constexpr double share_beside_missing = 0.01;

void take(const sim::explanation& e, explained_report& r) {
    r.turning_step = e.turning.step;
    r.turning_decided = e.turning.decided;
    r.continuations = e.turning.continuations;
    for (const sim::explained_order& o : e.orders) {
        r.orders.push_back(
            {o.first_step, o.second_step, o.order.second_context, "", "", "", o.release});
    }
    r.always = e.always;
    r.sufficient = e.sufficient;
    r.necessary = e.necessary;
    r.all_interleavings = e.all_interleavings;
    r.complete_to = e.complete_to;
    r.executions = e.executions;
    r.passes = e.passes;
    r.cut_short = e.cut_short;
}

// While the execution is in memory.
void describe_pending(explained_report& r) {
    for (step_order& o : r.orders) {
        const sim::context& c = sim::g.contexts[o.second_context];
        if (o.second_step != 0 || sim::is_stuck(c)) {
            continue;
        }
        o.second_kind = sim::name_of(c.op.kind);
        o.second_object = sim::describe_address(c.op.object);
        for (const sim::trace_frame& f : sim::call_stack(c, c.op.pc)) {
            if (f.file.rfind("/usr/", 0) != 0 && f.file.rfind("heddle/", 0) != 0) {
                o.second_place = fmt::format("{}:{}, in {}", f.file, f.line, f.function);
                break;
            }
        }
    }
}

// Under sequential consistency orders are those of the race checker alone.
bool may_lack_orders(sim::finding_kind kind) {
    return sim::chosen_memory == sim::memory_model::c11 ||
           sim::chosen_memory == sim::memory_model::tso ||
           (sim::chosen_memory == sim::memory_model::sc && kind == sim::finding_kind::data_race);
}

bool explain_here(const token_source& source, double budget_seconds, explained_report& r,
                  std::string& error) {
    const double steps = budget_seconds * steps_a_second;
    shortest_case shortest(source, budget_seconds);
    if (!shortest.find(static_cast<uint64_t>(steps * shrinking_share), r, error)) {
        return false;
    }
    if (r.fails) {
        const sim::shrink_result& s = shortest.found();
        double share = 1 - shrinking_share;
        if (may_lack_orders(s.what.kind)) {
            const auto spent = static_cast<uint64_t>(steps * missing_share);
            r.missing =
                sim::find_missing_orders(shortest.machine(), s.choices, shortest.limits(spent));
            share -= missing_share;
            // Which steps come first says little then, and executions by a memory model are slow to watch.
            const bool known = r.missing.what == sim::missing_orders::answer::found;
            share = known ? share_beside_missing : share;
        }
        const auto left = static_cast<uint64_t>(steps * share);
        take(sim::explain(shortest.machine(), s.choices, shortest.limits(left)), r);
        r.trace = shortest.describe(r);
        describe_pending(r);
        r.about = place_in(r.trace, s.what);
        HEDDLE_ASSERT(r.about < r.trace.findings.size());
    }
    r.seconds = shortest.seconds();
    return true;
}

json to_object(const sim::order_place& p) {
    return {{"function", p.function},
            {"file", p.file},
            {"line", p.line},
            {"column", p.column},
            {"what", sim::name_of(p.what)},
            {"order", sim::name_of_order(p.order)}};
}

uint8_t order_named(const json& name) {
    uint8_t order = 0;
    HEDDLE_ASSERT(sim::parse_order(name.get<std::string>(), order));
    return order;
}

void take(const json& from, sim::order_place& p) {
    p.function = from.at("function");
    p.file = from.at("file");
    p.line = from.at("line");
    p.column = from.at("column");
    HEDDLE_ASSERT(sim::parse_ordered(from.at("what").get<std::string>(), p.what));
    p.order = order_named(from.at("order"));
}

constexpr std::array<const char*, 4> answers = {"unasked", "found", "none", "unknown"};

json to_object(const sim::missing_orders& m) {
    json ways = json::array();
    for (const std::vector<sim::stronger_place>& way : m.ways) {
        json one = json::array();
        for (const sim::stronger_place& p : way) {
            json place = to_object(p.at);
            place["steps"] = p.steps;
            if (p.fence_before) {
                place["fence_behind"] = to_object(p.behind);
                place["fence_behind"]["steps"] = p.steps_behind;
            } else {
                place["needs"] = sim::name_of_order(p.order);
            }
            one.push_back(place);
        }
        ways.push_back(one);
    }
    return {{"answer", answers.at(static_cast<size_t>(m.what))},
            {"ways", ways},
            {"executions", m.executions},
            {"cut_short", m.cut_short}};
}

void take(const json& from, sim::missing_orders& m) {
    const auto at = std::find(answers.begin(), answers.end(), from.at("answer").get<std::string>());
    m.what = static_cast<sim::missing_orders::answer>(at - answers.begin());
    m.executions = from.at("executions");
    m.cut_short = from.at("cut_short");
    for (const json& one : from.at("ways")) {
        std::vector<sim::stronger_place> way;
        for (const json& place : one) {
            sim::stronger_place p;
            take(place, p.at);
            p.steps = place.at("steps").get<std::vector<uint32_t>>();
            p.fence_before = place.contains("fence_behind");
            if (p.fence_before) {
                take(place.at("fence_behind"), p.behind);
                p.steps_behind = place.at("fence_behind").at("steps").get<std::vector<uint32_t>>();
            } else {
                p.order = order_named(place.at("needs"));
            }
            way.push_back(std::move(p));
        }
        m.ways.push_back(std::move(way));
    }
}

json to_object(const explained_report& r) {
    json orders = json::array();
    for (const step_order& o : r.orders) {
        orders.push_back({{"first_step", o.first_step},
                          {"second_step", o.second_step},
                          {"second_context", o.second_context},
                          {"second_kind", o.second_kind},
                          {"second_object", o.second_object},
                          {"second_place", o.second_place},
                          {"release", o.release}});
    }
    json all = to_object(static_cast<const token_report&>(r));
    all.update({{"preemptions", r.finding.preemptions},
                {"steps", r.finding.steps},
                {"turning_step", r.turning_step},
                {"turning_decided", r.turning_decided},
                {"continuations", r.continuations},
                {"missing_orders", r.missing.what == sim::missing_orders::answer::unasked
                                       ? json(nullptr)
                                       : to_object(r.missing)},
                {"orders", orders},
                {"always", r.always},
                {"sufficient", r.sufficient},
                {"necessary", r.necessary},
                {"all_interleavings", r.all_interleavings},
                {"complete_to", r.complete_to},
                {"executions", r.executions},
                {"passes", r.passes},
                {"cut_short", r.cut_short}});
    return all;
}

[[nodiscard]] bool parse(const std::string& text, explained_report& r, std::string& error) {
    try {
        const json j = json::parse(text);
        take(j, r);
        r.finding.preemptions = j.at("preemptions");
        r.finding.steps = j.at("steps");
        r.turning_step = j.at("turning_step");
        r.turning_decided = j.at("turning_decided");
        r.continuations = j.at("continuations");
        if (!j.at("missing_orders").is_null()) {
            take(j.at("missing_orders"), r.missing);
        }
        for (const json& o : j.at("orders")) {
            r.orders.push_back({o.at("first_step"), o.at("second_step"), o.at("second_context"),
                                o.at("second_kind"), o.at("second_object"), o.at("second_place"),
                                o.at("release")});
        }
        r.always = j.at("always");
        r.sufficient = j.at("sufficient");
        r.necessary = j.at("necessary");
        r.all_interleavings = j.at("all_interleavings");
        r.complete_to = j.at("complete_to");
        r.executions = j.at("executions");
        r.passes = j.at("passes");
        r.cut_short = j.at("cut_short");
        r.seconds = j.at("seconds");
        r.about = j.at("about");
    } catch (const json::exception& e) {
        error = std::string("a result that cannot be read: ") + e.what();
        return false;
    }
    return true;
}

// The trace, a line each, and the report behind it.
void send(const line_sender& parent, const explained_report& made) {
    std::ostringstream out;
    write_trace(made.trace, out);
    std::istringstream lines(out.str());
    for (std::string line; made.fails && std::getline(lines, line);) {
        parent.send("trace " + line);
    }
    json line = to_object(made);
    line["seconds"] = made.seconds;
    line["about"] = made.about;
    parent.send("report " + print(line));
}

}  // namespace

bool explain_token(const token_source& source, double budget_seconds, explained_report& r,
                   std::string& error) {
    std::string text;
    const bool reported = made_by_child(
        "explained",
        [&](const line_sender& parent, std::string& wrong) {
            explained_report made;
            if (!explain_here(source, budget_seconds, made, wrong)) {
                return false;
            }
            send(parent, made);
            return true;
        },
        [&](const std::string& word, const std::string& rest, std::string& wrong) {
            if (word == "trace") {
                text += rest + "\n";
            }
            return word == "report" && parse(rest, r, wrong);
        },
        error);
    std::istringstream in(text);
    return reported && (!r.fails || read_trace(in, r.trace, error));
}

std::string to_json(const token_source& source, const explained_report& r,
                    const std::string& sentence) {
    json all = {{"sentence", sentence}};
    all.update(to_object(r));
    return result_lines("explain", source, r.seconds, all);
}

}  // namespace scenario
