#include "scenarios/runner/fences.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "scenarios/runner/child.h"
#include "scenarios/runner/progress_line.h"
#include "scenarios/runner/token_source.h"
#include "scenarios/runner/variant_run.h"
#include "sim/program/symbols.h"

namespace scenario {

namespace {

using json = nlohmann::ordered_json;
using level = std::vector<uint8_t>;  // orders of which none is stronger than another

constexpr uint8_t relaxed = 0;
constexpr uint8_t acquire = 2;
constexpr uint8_t release = 3;
constexpr uint8_t acq_rel = 4;
constexpr uint8_t seq_cst = 5;

// Weaker orders, the weakest first.
std::vector<level> weaker_levels(sim::ordered what, uint8_t order) {
    std::vector<level> all = {{relaxed}};
    if (what == sim::ordered::store) {
        if (order == seq_cst) {
            all.push_back({release});
        }
        return all;
    }
    if (what == sim::ordered::load || what == sim::ordered::failed_cas) {
        if (order == seq_cst) {
            all.push_back({acquire});
        }
        return all;
    }
    if (order >= acq_rel) {
        all.push_back({acquire, release});
    }
    if (order == seq_cst) {
        all.push_back({acq_rel});
    }
    return all;
}

// What is explored, by a process of its own.
struct order_subject {
    std::string name;
    std::string path;  // of its module
    std::function<variant_report(const explore_request&, const progress_observer&)> explore;
};

// What one child explores and says.
struct attempt {
    std::vector<sim::site_order> weaker;
    bool notes = false;               // the orders that there are
    std::string called = "as it is";  // by who looks at the progress
    bool reported = false;
    variant_report report;
    std::vector<sim::site_order> noted;
};

child_job job_of(const order_subject& of, const explore_request& request, attempt& a,
                 const progress_observer& observer) {
    child_job job;
    job.body = [&of, &request, &a](const line_sender& parent) {
        sim::weaken(a.weaker);
        if (a.notes) {
            sim::note_orders();
        }
        // What is noted of orders is noted by the process that explores.
        explore_request alone = request;
        alone.jobs = 1;
        const variant_report found = of.explore(alone, [&](const progress& p) {
            parent.send(progress_line(p));
            return !stop_requested();
        });
        for (const sim::site_order& s : sim::noted_orders()) {
            parent.send(fmt::format("order {} {} {}", s.site, static_cast<unsigned>(s.what),
                                    static_cast<unsigned>(s.order)));
        }
        parent.send("report " + serialize(found));
        return 0;
    };
    job.on_line = [&a, &observer](const std::string& line) {
        std::istringstream words(line);
        std::string word;
        words >> word;
        if (word == "order") {
            unsigned what = 0;
            unsigned order = 0;
            sim::site_order s;
            words >> s.site >> what >> order;
            s.what = static_cast<sim::ordered>(what);
            s.order = static_cast<uint8_t>(order);
            a.noted.push_back(s);
        } else if (word == "report") {
            std::string unreadable;
            a.reported = deserialize(line.substr(word.size() + 1), a.report, unreadable);
        }
        progress p;
        if (!observer || !parse_progress_line(line, p)) {
            return true;
        }
        p.variant = a.called;
        return observer(p);
    };
    return job;
}

// Explores all of them, so many at once.
void run(const order_subject& of, const explore_request& request,
         std::vector<std::unique_ptr<attempt>>& all, const progress_observer& observer) {
    std::vector<child_job> jobs;
    for (const std::unique_ptr<attempt>& a : all) {
        jobs.push_back(job_of(of, request, *a, observer));
    }
    run_in_children(jobs, std::max(1U, request.jobs), child_output::silenced);
    for (size_t i = 0; i < all.size(); ++i) {
        variant_report& v = all[i]->report;
        if (!all[i]->reported) {
            v.verdict = "inconclusive";
            v.internal_error = jobs[i].started && jobs[i].end.status == 4;
            v.notes = {jobs[i].started ? "the process that explored " + describe(jobs[i].end)
                                       : "it was not begun"};
        }
    }
}

bool is_in(const fence_place& p, const std::string& function) {
    return function.empty() || p.function == function || p.function.ends_with("::" + function);
}

// The places, with nothing tried yet.
std::vector<fence_place> untried(const std::vector<sim::site_order>& noted,
                                 const sim::symbols& text) {
    std::vector<fence_place> all;
    for (sim::order_place& p : sim::places_of(noted, text)) {
        all.push_back({std::move(p), {}});
    }
    return all;
}

bool any_holds(const fence_place& p) {
    return std::any_of(p.tried.begin(), p.tried.end(),
                       [](const weakening& w) { return w.outcome == weakening_outcome::holds; });
}

weakening outcome_of(uint8_t order, const variant_report& v) {
    weakening w{order, weakening_outcome::unknown, v.executions};
    if (const std::optional<finding_report> wrong = wrong_or_none(v)) {
        w.outcome = weakening_outcome::fails;
        w.finding = *wrong;
    } else if (v.verdict == "proved" || v.verdict.rfind("complete to ", 0) == 0) {
        w.outcome = weakening_outcome::holds;
    } else {
        w.note = !v.error.empty() ? v.error : v.notes.empty() ? v.verdict : v.notes.front();
    }
    return w;
}

// The next weaker orders of each place that has none yet that holds. False: nothing is left to do.
bool try_next(const order_subject& subject, const explore_request& request, size_t round,
              const progress_observer& observer, std::vector<fence_place>& places) {
    std::vector<std::unique_ptr<attempt>> attempts;
    std::vector<std::pair<fence_place*, uint8_t>> of;
    for (fence_place& p : places) {
        const std::vector<level> levels = weaker_levels(p.what, p.order);
        if (any_holds(p) || round >= levels.size()) {
            continue;
        }
        for (uint8_t order : levels[round]) {
            attempts.push_back(std::make_unique<attempt>());
            attempts.back()->called = fmt::format("{} {} {}", p.function, sim::name_of(p.what),
                                                  sim::name_of_order(order));
            for (uint64_t site : p.sites) {
                attempts.back()->weaker.push_back({site, p.what, order});
            }
            of.emplace_back(&p, order);
        }
    }
    run(subject, request, attempts, observer);
    for (size_t i = 0; i < of.size(); ++i) {
        of[i].first->tried.push_back(outcome_of(of[i].second, attempts[i]->report));
    }
    return !of.empty();
}

// What holds alone may fail together.
void try_together(const order_subject& of, const explore_request& request,
                  const progress_observer& observer, fences_report& r) {
    std::vector<std::unique_ptr<attempt>> all;
    all.push_back(std::make_unique<attempt>());
    all[0]->called = "all together";
    size_t weaker = 0;
    for (const fence_place& p : r.places) {
        const uint8_t order = p.weakest().front();
        weaker += order != p.order ? 1 : 0;
        for (uint64_t site : p.sites) {
            if (order != p.order) {
                all[0]->weaker.push_back({site, p.what, order});
            }
        }
    }
    if (weaker >= 2) {
        run(of, request, all, observer);
        r.together = outcome_of(relaxed, all[0]->report);
    }
}

}  // namespace

std::vector<uint8_t> fence_place::weakest() const {
    std::vector<uint8_t> all;
    for (const weakening& w : tried) {
        if (w.outcome == weakening_outcome::holds) {
            all.push_back(w.order);
        }
    }
    return all.empty() ? level{order} : all;
}

std::string fence_place::verdict() const {
    if (tried.empty() || tried.front().outcome == weakening_outcome::unknown) {
        return "unknown";
    }
    return tried.front().outcome == weakening_outcome::fails ? "needed"
                                                             : "not needed by this scenario";
}

const weakening* fence_place::failing_or_null() const {
    const auto at = std::find_if(tried.rbegin(), tried.rend(), [](const weakening& w) {
        return w.outcome == weakening_outcome::fails;
    });
    return at == tried.rend() ? nullptr : &*at;
}

uint64_t fence_place::executions() const {
    uint64_t n = 0;
    for (const weakening& w : tried) {
        n += w.executions;
    }
    return n;
}

std::optional<finding_report> wrong_or_none(const variant_report& v) {
    const finding_report* told = nullptr;
    for (const finding_report& f : v.findings) {
        if (!f.expected && (told == nullptr || tells_more(f, *told))) {
            told = &f;
        }
    }
    if (v.as_expected) {
        return std::nullopt;
    }
    if (told != nullptr) {
        return *told;
    }
    for (const expectation_report& e : v.expectations) {
        // What a search up to a bound has not seen may be beyond it.
        const bool asks_for_one = e.text.rfind("exists", 0) == 0;
        if (!e.holds && (v.complete || !asks_for_one)) {
            finding_report f;
            f.kind = "expectation fails";
            f.message = e.text + (e.detail.empty() ? "" : ": " + e.detail);
            f.where = fmt::format("{}:{}", e.file, e.line);
            return f;
        }
    }
    return std::nullopt;
}

namespace {

fences_report explore_orders(const order_subject& subject, const explore_request& request,
                             const std::string& in, const progress_observer& observer) {
    fences_report r;
    r.scenario = subject.name;
    r.memory = request.memory;
    const std::unique_ptr<sim::symbols> text = sim::symbols::open_or_null(subject.path, r.error);
    if (text == nullptr) {
        return r;
    }
    std::vector<std::unique_ptr<attempt>> first;
    first.push_back(std::make_unique<attempt>());
    first[0]->notes = true;
    run(subject, request, first, observer);
    r.unweakened = std::move(first[0]->report);
    r.error = r.unweakened.error;
    if (!r.error.empty() || wrong_or_none(r.unweakened) || r.unweakened.internal_error) {
        return r;
    }
    r.places = untried(first[0]->noted, *text);
    const bool some = !r.places.empty();
    std::erase_if(r.places, [&](const fence_place& p) { return !is_in(p, in); });
    if (r.places.empty() && !in.empty()) {
        r.error = fmt::format("{}: no atomic access or fence stronger than relaxed was {} {}",
                              subject.path, some ? "performed in" : "performed, nor in", in);
        return r;
    }
    explore_request one = request;
    one.stop_at_first = true;
    for (size_t round = 0; !stop_requested(); ++round) {
        if (!try_next(subject, one, round, observer, r.places)) {
            break;
        }
    }
    if (!stop_requested()) {
        try_together(subject, one, observer, r);
    }
    r.stopped = stop_requested();
    return r;
}

}  // namespace

fences_report explore_fences(const program_call& call, const explore_request& request,
                             const std::string& in, const progress_observer& observer) {
    const order_subject subject = {
        call.name(), call.path,
        [&call](const explore_request& asked, const progress_observer& told) {
            return explore_program_here(call, asked, told);
        }};
    return explore_orders(subject, request, in, observer);
}

fences_report explore_fences(const script& s, const std::string& variant,
                             const explore_request& request, const std::string& in,
                             const progress_observer& observer) {
    sim::token named;
    named.variant = variant;
    variant_choice v;
    fences_report r;
    if (!variant_of_token(s, request, named, v, r.error)) {
        r.scenario = s.name.text;
        return r;
    }
    const order_subject subject = {
        fmt::format("{}, {}", s.name.text, v.name()), v.module,
        [&](const explore_request& asked, const progress_observer& told) {
            return explore_here(s, v, asked, told);
        }};
    return explore_orders(subject, request, in, observer);
}

namespace {

const char* name_of(weakening_outcome o) {
    switch (o) {
        case weakening_outcome::fails:
            return "fails";
        case weakening_outcome::holds:
            return "holds";
        default:
            return "unknown";
    }
}

json object_of(const weakening& w) {
    json one = {{"outcome", name_of(w.outcome)}, {"executions", w.executions}};
    if (w.outcome == weakening_outcome::fails) {
        one.update({{"kind", w.finding.kind},
                    {"where", w.finding.where},
                    {"message", w.finding.message},
                    {"token", w.finding.token}});
    } else if (!w.note.empty()) {
        one["note"] = w.note;
    }
    return one;
}

json object_of(const fence_place& p) {
    json tried = json::array();
    for (const weakening& w : p.tried) {
        json one = {{"order", sim::name_of_order(w.order)}};
        one.update(object_of(w));
        tried.push_back(one);
    }
    json weakest = json::array();
    for (uint8_t order : p.weakest()) {
        weakest.push_back(sim::name_of_order(order));
    }
    return {{"type", "place"},
            {"function", p.function},
            {"file", p.file},
            {"line", p.line},
            {"column", p.column},
            {"what", sim::name_of(p.what)},
            {"order", sim::name_of_order(p.order)},
            {"weakest", weakest},
            {"verdict", p.verdict()},
            {"executions", p.executions()},
            {"tried", tried}};
}

bool all_explored(const fences_report& r) {
    const bool all_at_once = !r.together || r.together->outcome != weakening_outcome::unknown;
    const bool explored =
        r.unweakened.complete || r.unweakened.verdict.rfind("complete to ", 0) == 0;
    return explored && !r.stopped && all_at_once &&
           std::all_of(r.places.begin(), r.places.end(), [](const fence_place& p) {
               return std::none_of(p.tried.begin(), p.tried.end(), [](const weakening& w) {
                   return w.outcome == weakening_outcome::unknown;
               });
           });
}

}  // namespace

std::string to_json(const fences_report& r) {
    std::string out;
    const auto add = [&out](const json& line) {
        out += line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
    };
    if (!r.error.empty()) {
        add({{"type", "error"}, {"scenario", r.scenario}, {"text", r.error}});
    }
    json findings = json::array();
    for (const finding_report& f : r.unweakened.findings) {
        findings.push_back(
            {{"kind", f.kind}, {"where", f.where}, {"message", f.message}, {"token", f.token}});
    }
    size_t needed = 0;
    for (const fence_place& p : r.places) {
        add(object_of(p));
        needed += p.verdict() == "needed" ? 1 : 0;
    }
    add({{"type", "result"},
         {"verb", "fences"},
         {"scenario", r.scenario},
         {"memory", r.memory},
         {"verdict", r.unweakened.verdict},
         {"executions", r.unweakened.executions},
         {"complete", all_explored(r)},
         {"places", r.places.size()},
         {"needed", needed},
         {"together", r.together ? object_of(*r.together) : json(nullptr)},
         {"findings", findings}});
    return out;
}

int exit_status(const fences_report& r) {
    if (!r.error.empty()) {
        return 2;
    }
    if (r.unweakened.internal_error) {
        return 4;
    }
    if (wrong_or_none(r.unweakened)) {
        return 1;
    }
    return all_explored(r) ? 0 : 3;
}

}  // namespace scenario
