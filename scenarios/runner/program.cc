#include "scenarios/runner/program.h"

#include <sstream>

#include "scenarios/runner/child.h"
#include "scenarios/runner/program_run.h"
#include "scenarios/runner/progress_line.h"

namespace scenario {

namespace {

const std::string report_word = "report ";
const std::string trace_word = "trace ";
const std::string drift_word = "drift ";
const std::string error_word = "error ";

// Does the line begin with the word? What follows it goes to `rest`.
bool begins(const std::string& line, const std::string& word, std::string& rest) {
    if (line.rfind(word, 0) != 0) {
        return false;
    }
    rest = line.substr(word.size());
    return true;
}

// What is left to say of a child that ended without a report.
variant_report lost_child(const child_end& end) {
    variant_report v;
    v.name = "program";
    v.verdict = "inconclusive";
    v.internal_error = end.status == 4;
    v.notes.push_back("the process that explored " + describe(end));
    return v;
}

}  // namespace

report explore_program(const std::string& path, const std::vector<std::string>& arguments,
                       const explore_request& request, const progress_observer& observer) {
    const program_call call{path, arguments};
    variant_report v;
    bool reported = false;
    std::string unreadable;
    const auto body = [&](const line_sender& parent) {
        variant_report found = explore_program_here(call, request, [&](const progress& p) {
            parent.send(progress_line(p));
            return true;
        });
        parent.send(report_word + serialize(found));
        return 0;
    };
    const auto on_line = [&](const std::string& line) {
        std::string rest;
        if (begins(line, report_word, rest)) {
            reported = deserialize(rest, v, unreadable);
            return true;
        }
        progress p;
        return !observer || !parse_progress_line(line, p) || observer(p);
    };
    const child_end end = run_in_child(body, on_line);
    if (!reported) {
        v = lost_child(end);
        if (!unreadable.empty()) {
            v.notes.push_back(unreadable);
        }
    }
    return {call.name(), {v}};
}

bool replay_program(const std::string& path, const std::vector<std::string>& arguments,
                    const explore_request& request, const std::string& token, sim::trace& t,
                    std::string& drift, std::string& error) {
    const program_call call{path, arguments};
    std::string text;
    bool complete = false;
    const auto body = [&](const line_sender& parent) {
        sim::trace made;
        std::string drifted;
        std::string wrong;
        if (!replay_program_here(call, request, token, made, drifted, wrong)) {
            parent.send(error_word + wrong);
            return 0;
        }
        std::ostringstream out;
        sim::write_trace(made, out);
        std::istringstream lines(out.str());
        for (std::string line; std::getline(lines, line);) {
            parent.send(trace_word + line);
        }
        parent.send(drift_word + drifted);
        return 0;
    };
    const auto on_line = [&](const std::string& line) {
        std::string rest;
        if (begins(line, trace_word, rest)) {
            text += rest + "\n";
        } else if (begins(line, drift_word, rest)) {
            drift = rest;
            complete = true;
        } else if (begins(line, error_word, rest)) {
            error = rest;
        }
        return true;
    };
    const child_end end = run_in_child(body, on_line, child_output::shown);
    if (!error.empty()) {
        return false;
    }
    if (!complete) {
        error = "the process that replayed " + describe(end);
        return false;
    }
    std::istringstream in(text);
    return sim::read_trace(in, t, error);
}

}  // namespace scenario
