#include "scenarios/command/report_cells.h"

#include <fmt/format.h>

#include <algorithm>

#include "viz/phrase.h"

namespace scenario {

std::string table(const look& how, const std::vector<row>& rows, const std::string& before) {
    std::vector<size_t> widths;
    for (const row& r : rows) {
        widths.resize(std::max(widths.size(), r.size()), 0);
        for (size_t i = 0; i < r.size(); ++i) {
            widths[i] = std::max(widths[i], viz::text_width(r[i].text));
        }
    }
    std::string out;
    for (const row& r : rows) {
        std::string line = before;
        for (size_t i = 0; i < r.size(); ++i) {
            const std::string blanks(widths[i] - viz::text_width(r[i].text), ' ');
            const std::string text = paint(how, r[i].colour, r[i].text);
            const bool last = i + 1 == r.size();
            line += r[i].right ? blanks + text : text + (last ? "" : blanks);
            line += last ? "" : "  ";
        }
        while (!line.empty() && line.back() == ' ') {
            line.pop_back();
        }
        out += line + "\n";
    }
    return out;
}

ink ink_of(const variant_report& v) {
    if (!v.as_expected || !v.error.empty() || v.internal_error) {
        return ink::bad;
    }
    return v.verdict == "inconclusive" ? ink::strong : ink::good;
}

std::string mark_of(const variant_report& v) {
    if (!v.error.empty() || v.internal_error) {
        return "ERROR";
    }
    if (!v.as_expected) {
        return "FAILED";
    }
    return v.verdict == "inconclusive" ? "?" : "ok";
}

const finding_report* shortest_or_null(const variant_report& v) {
    const auto at = std::min_element(v.findings.begin(), v.findings.end(), tells_more);
    return at == v.findings.end() ? nullptr : &*at;
}

bool only_breaks(const variant_report& v) {
    return v.findings.empty() && !v.broken.empty();
}

std::string verdict_text(const variant_report& v) {
    return only_breaks(v) ? "fails" : v.verdict;
}

std::string fewest_preemptions(const variant_report& v) {
    if (only_breaks(v) && v.broken[0].preemptions >= 0) {
        return std::to_string(v.broken[0].preemptions);
    }
    if (v.findings.empty()) {
        return "-";
    }
    uint32_t least = v.findings[0].preemptions;
    for (const finding_report& f : v.findings) {
        least = std::min(least, f.preemptions);
    }
    return std::to_string(least);
}

std::pair<std::string, std::string> split_name(const std::string& name) {
    const size_t at = name.find(" under ");
    return at == std::string::npos
               ? std::pair<std::string, std::string>{name, ""}
               : std::pair<std::string, std::string>{name.substr(0, at), name.substr(at + 7)};
}

cell ladder_cell(const variant_report& v) {
    const finding_report* f = shortest_or_null(v);
    if (!v.error.empty() || v.internal_error) {
        return {"could not run", ink::bad};
    }
    if (f != nullptr) {
        return {f->kind, v.as_expected ? ink::strong : ink::bad};
    }
    if (only_breaks(v)) {
        const int least = v.broken[0].preemptions;
        return {least < 0 ? "fails" : fmt::format("fails at {}", least),
                v.as_expected ? ink::strong : ink::bad};
    }
    const std::string prefix = "complete to ";
    if (v.verdict.rfind(prefix, 0) == 0) {
        return {fmt::format("safe to {}", v.bound), v.as_expected ? ink::good : ink::bad};
    }
    return {v.verdict, v.as_expected ? ink::good : ink::bad};
}

}  // namespace scenario
