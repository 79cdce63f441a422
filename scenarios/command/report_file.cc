#include "scenarios/command/report_file.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>

#include "scenarios/command/execution.h"
#include "viz/graphviz.h"
#include "viz/junit.h"
#include "viz/sarif.h"

namespace scenario {

namespace {

std::string ending_of(const std::string& path) {
    return std::filesystem::path(path).extension().string();
}

std::string findings_text(const variant_report& v) {
    std::string out;
    for (const finding_report& f : v.findings) {
        out += fmt::format("{}: {}\n  {}\n  {}\n", f.kind, f.where, f.message,
                           f.token.empty() ? "of no single execution" : f.token);
    }
    return out;
}

// A case for each expectation; of a variant of which nothing is expected, one for the variant, which
// fails by its findings.
void add_cases(const report& r, const variant_report& v, std::vector<viz::junit_case>& cases) {
    if (!v.error.empty()) {
        cases.push_back({r.scenario, v.name, "error", "could not be explored", v.error, true, ""});
        return;
    }
    for (const expectation_report& e : v.expectations) {
        viz::junit_case c{r.scenario, v.name + ": " + e.text, "", "", "", false, ""};
        if (!e.holds) {
            c.failure = "expectation";
            c.message = e.detail;
            c.text = fmt::format("{}:{}\n{}", e.file, e.line, findings_text(v));
        }
        cases.push_back(c);
    }
    if (v.expectations.empty()) {
        viz::junit_case c{r.scenario, v.name, "", "", "", false, ""};
        c.output = fmt::format("{}, {} executions\n", v.verdict, v.executions);
        if (!v.findings.empty() && !v.as_expected) {
            c.failure = v.findings.front().kind;
            c.message = v.findings.front().message;
            c.text = findings_text(v);
        } else {
            c.output += findings_text(v);
        }
        cases.push_back(c);
    }
}

// "model/netinet/ip_output.cc:120 ip_output" -> a frame.
sim::trace_frame frame_of(const std::string& where) {
    sim::trace_frame f;
    const size_t blank = where.find(' ');
    f.file = where.substr(0, blank);
    f.function = blank == std::string::npos ? "" : where.substr(blank + 1);
    const size_t colon = f.file.rfind(':');
    if (colon != std::string::npos) {
        std::from_chars(f.file.data() + colon + 1, f.file.data() + f.file.size(), f.line);
        f.file.resize(colon);
    }
    return f;
}

sim::trace without_steps(const report& r, const variant_report& v, const finding_report& f) {
    sim::trace t;
    t.header.subject = r.scenario;
    t.header.variant = v.name;
    t.header.token = f.token;
    t.header.contexts.push_back({"any", 0, false});
    sim::trace_finding finding;
    finding.kind = f.kind;
    finding.message = f.message;
    if (!f.where.empty()) {
        finding.stack.push_back(frame_of(f.where));
    }
    t.findings.push_back(finding);
    return t;
}

// The steps of an execution that cannot be run again are missing, its finding is not.
sim::trace trace_of(const explored& one, const variant_report& v, const finding_report& f,
                    const explore_request& request,
                    const std::vector<std::string>& subject_arguments) {
    execution e;
    std::string error;
    if (!f.token.empty() &&
        replay_token(one.of->path, f.token, request, subject_arguments, e, error) &&
        e.drift.empty()) {
        std::erase_if(e.trace.findings,
                      [&](const sim::trace_finding& other) { return other.kind != f.kind; });
        if (!e.trace.findings.empty()) {
            return e.trace;
        }
    }
    return without_steps(*one.what, v, f);
}

}  // namespace

std::string misfit_of_report_file(const std::string& path) {
    const std::string ending = ending_of(path);
    return path.empty() || ending == ".xml" || ending == ".sarif"
               ? ""
               : path + ": a report file ends in .xml (JUnit) or .sarif";
}

bool write_report_file(const std::string& path, const std::vector<explored>& all,
                       const explore_request& request,
                       const std::vector<std::string>& subject_arguments, std::string& error) {
    std::vector<viz::junit_case> cases;
    std::vector<sim::trace> executions;
    const bool junit = ending_of(path) == ".xml";
    for (const explored& one : all) {
        for (const variant_report& v : one.what->variants) {
            if (junit) {
                add_cases(*one.what, v, cases);
                continue;
            }
            for (const finding_report& f : v.findings) {
                executions.push_back(trace_of(one, v, f, request, subject_arguments));
            }
        }
    }
    return viz::write_text(junit ? viz::junit(cases) : viz::sarif(executions, {}), path, error);
}

}  // namespace scenario
