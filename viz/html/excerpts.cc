#include "viz/html/excerpts.h"

#include <algorithm>
#include <map>
#include <set>

namespace viz {

namespace {

constexpr uint32_t lines_before = 6;
constexpr uint32_t lines_after = 4;

using places = std::map<std::string, std::set<uint32_t>>;

void note(const std::vector<sim::trace_frame>& stack, places& to) {
    for (const sim::trace_frame& frame : stack) {
        // What a library has in its headers explains nothing about the subject.
        if (frame.line != 0 && !frame.file.empty() && !frame.file.starts_with("/usr/")) {
            to[frame.file].insert(frame.line);
        }
    }
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (size_t at = 0; at < text.size();) {
        const size_t end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

}  // namespace

std::vector<excerpt> excerpts_of(const sim::trace& t, const source_reader& source) {
    std::vector<excerpt> out;
    if (!source) {
        return out;
    }
    places named;
    for (const sim::trace_event& event : t.events) {
        note(event.stack, named);
    }
    for (const sim::trace_finding& finding : t.findings) {
        note(finding.stack, named);
        for (const sim::trace_evidence& evidence : finding.evidence) {
            note(evidence.stack, named);
        }
    }
    for (const auto& [file, wanted] : named) {
        const std::vector<std::string> lines = lines_of(source(file));
        excerpt one{file, {}};
        uint32_t next = 1;  // the first line that is not there yet
        for (const uint32_t line : wanted) {
            const uint32_t first = std::max(line > lines_before ? line - lines_before : 1, next);
            const auto last =
                std::min<uint32_t>(line + lines_after, static_cast<uint32_t>(lines.size()));
            if (line > lines.size() || first > last) {
                continue;
            }
            if (one.parts.empty() || first != next) {
                one.parts.push_back({first, {}});
            }
            std::vector<std::string>& to = one.parts.back().lines;
            to.insert(to.end(), lines.begin() + (first - 1), lines.begin() + last);
            next = last + 1;
        }
        if (!one.parts.empty()) {
            out.push_back(std::move(one));
        }
    }
    return out;
}

}  // namespace viz
