#include "scenarios/runner/finding_text.h"

#include <fmt/format.h>

#include "sim/check/describe.h"
#include "sim/check/liveness.h"
#include "sim/machine/machine.h"

namespace scenario {

namespace {

// The innermost frame of the subject's own text.
std::string place_of(const std::vector<sim::trace_frame>& stack) {
    for (const sim::trace_frame& f : stack) {
        if (sim::is_own(f)) {
            return f.file.empty() ? f.function
                                  : fmt::format("{}:{} {}", f.file, f.line, f.function);
        }
    }
    return "";
}

// A deadlock or a leak happens nowhere: then it is where its first evidence is.
std::string place_of(const sim::trace_finding& f) {
    std::string where = place_of(f.stack);
    for (size_t i = 0; where.empty() && i < f.evidence.size(); ++i) {
        where = place_of(f.evidence[i].stack);
    }
    return where;
}

bool is_of_liveness(const std::string& kind) {
    using kinds = sim::finding_kind;
    return kind == sim::name_of(kinds::deadlock) || kind == sim::name_of(kinds::livelock) ||
           kind == sim::name_of(kinds::lost_wakeup);
}

// "main on cpu0 waits for first, held by t1 in main (deadlock.cc:16)": the place is the subject's own,
// not the library's function that waits.
std::string message_of(const sim::trace_finding& f) {
    if (!is_of_liveness(f.kind)) {
        return f.message;
    }
    std::string out = f.stack.empty() ? "" : f.message;  // of an interrupt: it says so itself
    for (const sim::trace_evidence& e : f.evidence) {
        std::string text = e.text;
        const std::string where = place_of(e.stack);
        const size_t blank = where.find(' ');
        const bool repeats = e.label == sim::evidence_repeats;
        const bool waits = e.label == "waits for" || e.label == "spins on";
        const size_t at = e.stack.empty() || !waits ? std::string::npos
                                                    : text.rfind(" in " + e.stack[0].function);
        if (at != std::string::npos && blank != std::string::npos) {
            text = fmt::format("{} in {} ({})", text.substr(0, at), where.substr(blank + 1),
                               where.substr(0, blank));
        }
        const bool tells_when = e.label == sim::evidence_early || e.label == sim::evidence_held;
        text += tells_when ? fmt::format(" (step {})", e.step) : "";
        const char* first = repeats ? "nobody gets on: " : "nobody can go on: ";
        out += (out.empty() ? first : "; ") + text;
    }
    return out;
}

// "freed by t1 on cpu1 in drop (list.c:16), called in purge (list.c:20)": with who called that.
std::string evidence_text(const sim::trace_evidence& e) {
    std::string text = e.text;
    const std::string place = sim::in_place(e.stack);
    const size_t at = place.empty() ? std::string::npos : text.find(place);
    if (at != std::string::npos) {
        text.replace(at, place.size(), sim::place_with_caller(e.stack));
    }
    return text;
}

}  // namespace

size_t place_in(const sim::trace& t, const sim::finding& what) {
    // The trace has the findings in the order in which they were reported.
    for (size_t i = 0; i < t.findings.size() && i < sim::g.findings.size(); ++i) {
        if (sim::g.findings[i].same_as(what)) {
            return i;
        }
    }
    return t.findings.size();
}

void describe_finding(const sim::trace& t, const sim::finding& what, finding_report& r) {
    const size_t at = place_in(t, what);
    if (at < t.findings.size()) {
        r.where = place_of(t.findings[at]);
        r.message = message_of(t.findings[at]);
        // What the checker has noted comes first, then what is known of the memory.
        const bool told = what.kind == sim::finding_kind::deadlock ||
                          what.kind == sim::finding_kind::livelock ||
                          what.kind == sim::finding_kind::lost_wakeup;
        const std::vector<sim::trace_evidence>& evidence = t.findings[at].evidence;
        const size_t noted = told ? evidence.size() : sim::g.findings[at].evidence.size();
        for (size_t i = 0; !told && i < evidence.size(); ++i) {
            r.message += "; " + (i < noted ? evidence[i].text : evidence_text(evidence[i]));
        }
    }
}

std::string effect_of(sim::simulation& machine, const sim::found_case& f,
                      const std::function<void()>& before_execution) {
    return f.what.kind == sim::finding_kind::data_race
               ? sim::label_race(machine, f, before_execution).text
               : "";
}

}  // namespace scenario
