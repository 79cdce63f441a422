#include "viz/why.h"

#include <fmt/format.h>

#include <algorithm>

#include "viz/interest.h"
#include "viz/phrase.h"

namespace viz {

namespace {

constexpr size_t frames_max = 6;
constexpr size_t preemptions_max = 3;

// Where the context that was preempted before the event stood: the stack of its last step.
const sim::trace_event* last_step_of(const sim::trace& t, uint32_t context, size_t before) {
    while (before-- > 0) {
        if (!t.events[before].remark && t.events[before].context == context) {
            return &t.events[before];
        }
    }
    return nullptr;
}

const std::string& name_of(const sim::trace& t, uint32_t context) {
    return t.header.contexts[context].name;
}

// `text` with the place and as many callers as fit.
std::string with_stack(const std::string& text, const std::vector<sim::trace_frame>& stack,
                       const plumbing_files& plumbing, size_t width) {
    if (stack.empty()) {
        return text;
    }
    const std::vector<sim::trace_frame> frames = telling_stack(stack, plumbing);
    std::string out = text + ": " + stack_line(frames, 1);
    for (size_t count = 2; count <= std::min(frames.size(), frames_max); ++count) {
        const std::string longer = text + ": " + stack_line(frames, count);
        if (text_width(longer) > width) {
            break;
        }
        out = longer;
    }
    return out;
}

// The kind and the message, without what the evidence says again below.
std::string headline(const sim::trace_finding& finding) {
    std::string message = finding.message;
    const bool repeats = !finding.evidence.empty() && !finding.evidence[0].text.empty() &&
                         message.find(finding.evidence[0].text) != std::string::npos;
    if (repeats) {
        message = message.substr(0, message.find(": "));
    }
    if (message.empty() || message.starts_with(finding.kind)) {
        return message.empty() ? finding.kind : message;
    }
    return finding.kind + ": " + message;
}

void add_preemptions(const sim::trace& t, uint32_t until, const plumbing_files& plumbing,
                     std::vector<why_line>& out) {
    const std::vector<uint32_t> left = preempted_by_event(t);
    std::vector<why_line> lines;
    for (size_t i = 0; i < t.events.size(); ++i) {
        if (left[i] == UINT32_MAX || (until != 0 && t.events[i].step > until)) {
            continue;
        }
        const sim::trace_event* stood = last_step_of(t, left[i], i);
        const std::string where =
            stood == nullptr || stood->stack.empty()
                ? ""
                : " in " + place(telling_stack(stood->stack, plumbing).front());
        lines.push_back({"preempted", fmt::format("{} after step {}{}, then {} ran",
                                                  name_of(t, left[i]), t.events[i].step - 1, where,
                                                  name_of(t, t.events[i].context))});
    }
    const size_t hidden = lines.size() - std::min(lines.size(), preemptions_max);
    if (hidden != 0) {
        out.push_back({"preempted", fmt::format("{} more before these", hidden)});
    }
    out.insert(out.end(), lines.begin() + static_cast<std::ptrdiff_t>(hidden), lines.end());
}

}  // namespace

std::vector<why_line> why(const sim::trace& t, const sim::trace_finding& finding,
                          const plumbing_files& plumbing, size_t width) {
    std::vector<why_line> out;
    out.push_back({"", headline(finding)});
    if (!finding.stack.empty()) {
        const std::string text = step_and_who(t, finding.step, finding.context);
        out.push_back({"at", with_stack(text, finding.stack, plumbing, width)});
    }
    for (const sim::trace_evidence& evidence : finding.evidence) {
        std::string text = when_and_who(t, evidence);
        const std::string more = remainder_of(t, evidence);
        text += more.empty() ? "" : " (" + more + ")";
        out.push_back({evidence.label, with_stack(text, evidence.stack, plumbing, width)});
    }
    add_preemptions(t, finding.step, plumbing, out);
    return out;
}

std::string replay_command(const sim::trace& t) {
    std::string out = "heddle replay " + t.header.subject;
    if (!t.header.variant.empty() && t.header.variant != "program") {
        out += " --variant " + t.header.variant;
    }
    return out + (t.header.token.empty() ? "" : " ") + t.header.token;
}

}  // namespace viz
