#include "scenarios/runner/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "sim/trace/main_finding.h"

namespace scenario {

namespace {

using json = nlohmann::ordered_json;

json to_object(const finding_report& f) {
    return {{"kind", f.kind},     {"where", f.where},           {"message", f.message},
            {"effect", f.effect}, {"token", f.token},           {"preemptions", f.preemptions},
            {"steps", f.steps},   {"executions", f.executions}, {"expected", f.expected}};
}

finding_report to_finding(const json& j) {
    return {j.at("kind"),        j.at("where"), j.at("message"),    j.at("effect"),  j.at("token"),
            j.at("preemptions"), j.at("steps"), j.at("executions"), j.at("expected")};
}

json to_object(const expectation_report& e) {
    return {{"text", e.text},   {"file", e.file},     {"line", e.line},
            {"holds", e.holds}, {"proved", e.proved}, {"detail", e.detail}};
}

expectation_report to_expectation(const json& j) {
    return {j.at("text"),  j.at("file"),   j.at("line"),
            j.at("holds"), j.at("proved"), j.at("detail")};
}

json to_object(const broken_report& b) {
    return {{"text", b.text},
            {"file", b.file},
            {"line", b.line},
            {"preemptions", b.preemptions < 0 ? json(nullptr) : json(b.preemptions)},
            {"token", b.token},
            {"detail", b.detail}};
}

broken_report to_broken(const json& j) {
    const json& preemptions = j.at("preemptions");
    return {j.at("text"),  j.at("file"),
            j.at("line"),  preemptions.is_null() ? -1 : preemptions.get<int>(),
            j.at("token"), j.at("detail")};
}

json to_object(const allowed_report& a) {
    return {
        {"kind", a.kind}, {"where", a.where}, {"reason", a.reason}, {"executions", a.executions}};
}

allowed_report to_allowed(const json& j) {
    return {j.at("kind"), j.at("where"), j.at("reason"), j.at("executions")};
}

json to_object(const context_report& c) {
    return {{"name", c.name}, {"cpu", c.cpu}, {"operations", c.operations}};
}

context_report to_context(const json& j) {
    return {j.at("name"), j.at("cpu"), j.at("operations")};
}

template <typename T>
json to_list(const std::vector<T>& all) {
    json list = json::array();
    for (const T& one : all) {
        list.push_back(to_object(one));
    }
    return list;
}

template <typename T>
std::vector<T> from_list(const json& list, T (*make)(const json&)) {
    std::vector<T> all;
    for (const json& one : list) {
        all.push_back(make(one));
    }
    return all;
}

// Text of a subject may be anything; what is no UTF-8 is replaced.
std::string print(const json& j) {
    return j.dump(-1, ' ', false, json::error_handler_t::replace);
}

// The part of the schema that every consumer may rely on (design section 7).
json result_of(const variant_report& v) {
    json findings = json::array();
    for (const finding_report& f : v.findings) {
        findings.push_back({{"kind", f.kind},
                            {"where", f.where},
                            {"token", f.token},
                            {"preemptions", f.preemptions}});
    }
    return {{"name", v.name},
            {"verdict", v.verdict},
            {"executions", v.executions},
            {"blocked", v.blocked},
            {"redundant", v.redundant},
            {"complete", v.complete},
            {"bound", v.bound < 0 ? json(nullptr) : json(v.bound)},
            {"assumes", v.assumes},
            {"findings", findings}};
}

// What people ask next, a line each: sizes, expectations, findings in full, complaints.
void add_details(const variant_report& v, std::string& out) {
    const auto add = [&](const char* type, const json& more) {
        json line = {{"type", type}, {"variant", v.name}};
        line.update(more);
        out += print(line) + "\n";
    };
    add("strategy", {{"text", v.strategy},
                     {"conflicting_objects", v.conflicting_objects},
                     {"traces", v.traces}});
    for (const context_report& c : v.contexts) {
        add("context", to_object(c));
    }
    for (const expectation_report& e : v.expectations) {
        add("expectation", to_object(e));
    }
    for (const broken_report& b : v.broken) {
        add("broken", to_object(b));
    }
    for (const finding_report& f : v.findings) {
        add("finding", to_object(f));
    }
    for (const allowed_report& a : v.allowed) {
        add("allowed", to_object(a));
    }
    for (const std::string& note : v.notes) {
        add("note", {{"text", note}});
    }
    if (!v.error.empty()) {
        add("error", {{"text", v.error}});
    }
}

}  // namespace

std::string to_json(const report& r) {
    std::string out;
    json timing = json::array();
    json variants = json::array();
    for (const variant_report& v : r.variants) {
        add_details(v, out);
        timing.push_back({{"name", v.name}, {"seconds", v.seconds}});
        variants.push_back(result_of(v));
    }
    out += print({{"type", "timing"}, {"scenario", r.scenario}, {"variants", timing}}) + "\n";
    out += print({{"type", "result"}, {"scenario", r.scenario}, {"variants", variants}}) + "\n";
    return out;
}

std::string serialize(const variant_report& r) {
    return print({{"name", r.name},
                  {"verdict", r.verdict},
                  {"strategy", r.strategy},
                  {"executions", r.executions},
                  {"blocked", r.blocked},
                  {"redundant", r.redundant},
                  {"complete", r.complete},
                  {"bound", r.bound},
                  {"bound_of", r.bound_of},
                  {"traces", r.traces},
                  {"assumes", r.assumes},
                  {"findings", to_list(r.findings)},
                  {"allowed", to_list(r.allowed)},
                  {"expectations", to_list(r.expectations)},
                  {"broken", to_list(r.broken)},
                  {"contexts", to_list(r.contexts)},
                  {"conflicting_objects", r.conflicting_objects},
                  {"as_expected", r.as_expected},
                  {"notes", r.notes},
                  {"internal_error", r.internal_error},
                  {"error", r.error},
                  {"tree", r.tree},
                  {"seconds", r.seconds}});
}

bool deserialize(const std::string& text, variant_report& r, std::string& error) {
    try {
        const json j = json::parse(text);
        r = variant_report{};
        r.name = j.at("name");
        r.verdict = j.at("verdict");
        r.strategy = j.at("strategy");
        r.executions = j.at("executions");
        r.blocked = j.at("blocked");
        r.redundant = j.at("redundant");
        r.complete = j.at("complete");
        r.bound = j.at("bound");
        r.bound_of = j.at("bound_of");
        r.traces = j.at("traces").get<std::vector<uint64_t>>();
        r.assumes = j.at("assumes").get<std::vector<std::string>>();
        r.findings = from_list(j.at("findings"), to_finding);
        r.allowed = from_list(j.at("allowed"), to_allowed);
        r.expectations = from_list(j.at("expectations"), to_expectation);
        r.broken = from_list(j.at("broken"), to_broken);
        r.contexts = from_list(j.at("contexts"), to_context);
        r.conflicting_objects = j.at("conflicting_objects");
        r.as_expected = j.at("as_expected");
        r.notes = j.at("notes").get<std::vector<std::string>>();
        r.internal_error = j.at("internal_error");
        r.error = j.at("error");
        r.tree = j.at("tree");
        r.seconds = j.at("seconds");
    } catch (const json::exception& e) {
        error = std::string("a report that cannot be read: ") + e.what();
        return false;
    }
    return true;
}

int exit_status(const report& r) {
    const auto any = [&](auto&& is) {
        return std::any_of(r.variants.begin(), r.variants.end(), is);
    };
    if (any([](const variant_report& v) { return v.internal_error; })) {
        return 4;
    }
    if (any([](const variant_report& v) { return !v.error.empty(); })) {
        return 2;
    }
    if (any([](const variant_report& v) { return !v.as_expected; })) {
        return 1;
    }
    return any([](const variant_report& v) { return v.verdict == "inconclusive"; }) ? 3 : 0;
}

bool tells_more(const finding_report& a, const finding_report& b) {
    auto rank = [](const std::string& kind) {
        if (kind == "use after free" || kind == "double free") {
            return 0;
        }
        if (kind == "lock order") {
            return 3;
        }
        return sim::weight_of_finding(kind) < sim::finding_weight::rule_broken ? 2 : 1;
    };
    return std::make_tuple(rank(a.kind), a.preemptions, a.steps) <
           std::make_tuple(rank(b.kind), b.preemptions, b.steps);
}

}  // namespace scenario
