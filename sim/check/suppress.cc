#include "sim/check/suppress.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "sim/check/describe.h"
#include "sim/check/journal.h"
#include "sim/check/liveness.h"
#include "sim/machine/machine.h"
#include "sim/machine/module.h"
#include "sim/machine/record.h"
#include "sim/program/symbols.h"

namespace sim {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view word = "heddle: allow ";

journalled_list<allowed_finding> allowed;
std::vector<std::string> folders;

std::string_view trimmed(std::string_view text) {
    const size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

bool is_kind(std::string_view kind) {
    for (unsigned i = 0; i < static_cast<unsigned>(finding_kind::count_); ++i) {
        if (kind == name_of(static_cast<finding_kind>(i))) {
            return true;
        }
    }
    return false;
}

// Where the comment begins that the annotation stands in; none: it is no annotation.
std::optional<size_t> comment_of(std::string_view line, size_t at) {
    const size_t slashes = line.rfind("//", at);
    const size_t star = line.rfind("/*", at);
    const size_t begin = slashes == std::string_view::npos ? star
                         : star == std::string_view::npos  ? slashes
                                                           : std::max(slashes, star);
    if (begin == std::string_view::npos ||
        !trimmed(line.substr(begin + 2, at - begin - 2)).empty()) {
        return std::nullopt;
    }
    return begin;
}

suppression parse_one(std::string_view rest) {
    suppression s;
    if (const size_t end = rest.find("*/"); end != std::string_view::npos) {
        rest = rest.substr(0, end);
    }
    const size_t colon = rest.find(':');
    s.kind = trimmed(rest.substr(0, colon));
    s.reason = colon == std::string_view::npos ? "" : trimmed(rest.substr(colon + 1));
    if (!is_kind(s.kind)) {
        s.problem = fmt::format("there is no finding '{}'", s.kind);
    } else if (s.reason.empty()) {
        s.problem = "it gives no reason";
    }
    return s;
}

bool only_comment(std::string_view line) {
    line = trimmed(line);
    return line.empty() || line.substr(0, 2) == "//" ||
           (line.substr(0, 2) == "/*" && line.find("*/") + 2 >= line.size());
}

std::optional<std::string> text_of(const std::string& file) {
    std::vector<fs::path> places = {file};
    if (!fs::path(file).is_absolute()) {
        for (const std::string& folder : folders) {
            places.push_back(fs::path(folder) / file);
        }
        fs::path above = fs::absolute(module_path()).parent_path();
        for (; above.has_relative_path(); above = above.parent_path()) {
            places.push_back(above / file);
        }
    }
    for (const fs::path& place : places) {
        std::ifstream in(place, std::ios::binary);
        if (in) {
            std::ostringstream text;
            text << in.rdbuf();
            return text.str();
        }
    }
    return std::nullopt;
}

std::vector<suppression> read_all() {
    std::vector<suppression> all;
    for (const std::string& file : g.subject->source_files()) {
        trace_frame frame;
        frame.function = "?";
        frame.file = file;
        const std::optional<std::string> text = is_own(frame) ? text_of(file) : std::nullopt;
        if (text && text->find(word) != std::string::npos) {
            const std::vector<suppression> more = parse_suppressions(file, *text);
            all.insert(all.end(), more.begin(), more.end());
        }
    }
    return all;
}

void add_own(std::vector<trace_frame>& sites, const std::vector<trace_frame>& stack) {
    const auto own = std::find_if(stack.begin(), stack.end(), is_own);
    if (own != stack.end()) {
        sites.push_back(*own);
    }
}

// The places that a person would name.
std::vector<trace_frame> sites_of(const finding& f) {
    std::vector<trace_frame> sites;
    if (is_of_liveness(f.kind)) {
        for (const trace_evidence& e : describe_blocked()) {
            add_own(sites, e.stack);
        }
        return sites;
    }
    if (f.kind == finding_kind::leak) {
        sites.push_back(frame_at(f.pc));
    } else if (f.pc != 0) {
        add_own(sites, call_stack(g.contexts[f.context], f.pc));
    }
    if (f.other_pc != 0) {
        sites.push_back(frame_at(f.other_pc));
    }
    return sites;
}

}  // namespace

std::vector<suppression> parse_suppressions(const std::string& file, const std::string& text) {
    std::vector<suppression> all;
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        lines.push_back(line);
    }
    for (size_t i = 0; i < lines.size(); ++i) {
        const std::string_view line = lines[i];
        const size_t at = line.find(word);
        const std::optional<size_t> begin =
            at == std::string_view::npos ? std::nullopt : comment_of(line, at);
        if (!begin) {
            continue;
        }
        suppression s = parse_one(line.substr(at + word.size()));
        s.file = file;
        s.line = static_cast<uint32_t>(i + 1);
        size_t of = i;
        if (trimmed(line.substr(0, *begin)).empty()) {
            do {
                ++of;
            } while (of < lines.size() && only_comment(lines[of]));
        }
        s.of_line = static_cast<uint32_t>(of + 1);
        all.push_back(std::move(s));
    }
    return all;
}

const std::vector<suppression>& suppressions() {
    static const std::vector<suppression> all = read_all();
    return all;
}

void suppressions_beneath(const std::string& folder) {
    folders.push_back(folder);
}

bool is_allowed(const finding& f) {
    if (g.subject == nullptr || suppressions().empty()) {
        return false;
    }
    const std::vector<trace_frame> sites = sites_of(f);
    bool any = false;
    for (uint32_t n = 0; n < suppressions().size(); ++n) {
        const suppression& s = suppressions()[n];
        const bool here = s.problem.empty() && s.kind == name_of(f.kind) &&
                          std::any_of(sites.begin(), sites.end(), [&](const trace_frame& site) {
                              return site.line == s.of_line && site.file == s.file;
                          });
        any |= here;
        if (here && std::none_of(allowed.begin(), allowed.end(),
                                 [&](const allowed_finding& a) { return a.number == n; })) {
            allowed.push_back({n, f.kind});
        }
    }
    return any;
}

std::vector<allowed_finding> allowed_now() {
    return {allowed.begin(), allowed.end()};
}

}  // namespace sim
