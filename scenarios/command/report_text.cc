#include "scenarios/command/report_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/command/report_cells.h"
#include "viz/phrase.h"

namespace scenario {

namespace {

constexpr size_t more_findings_max = 5;

// Places of the widest line; colours take none.
size_t widest_line(const std::string& text) {
    size_t widest = 0;
    size_t width = 0;
    bool escape = false;
    for (char c : text) {
        if (c == '\n') {
            width = 0;
        } else if (c == '\033' || escape) {
            escape = c != 'm';
        } else {
            widest = std::max(widest, ++width);
        }
    }
    return widest;
}

// Wrapped text; `before` stands before the first line, blanks before the others.
std::string paragraph(const look& how, const std::string& before, const std::string& text) {
    std::string out;
    std::string lead = before;
    const size_t room = how.width > before.size() + 20 ? how.width - before.size() : 20;
    for (const std::string& piece : viz::wrapped(text, room)) {
        out += lead + piece + "\n";
        lead.assign(before.size(), ' ');
    }
    return out;
}

// What went wrong on a line of its own, and then each thing that is known of it.
std::string message_lines(const look& how, const std::string& message) {
    std::string out;
    for (size_t begin = 0; begin < message.size();) {
        const size_t end = std::min(message.find("; ", begin), message.size());
        out +=
            paragraph(how, begin == 0 ? "      " : "      - ", message.substr(begin, end - begin));
        begin = end + 2;
    }
    return out;
}

std::string variants_table(const report& r, const look& how) {
    std::vector<row> rows = {{{"", ink::plain},
                              {"variant", ink::dim},
                              {"verdict", ink::dim},
                              {"executions", ink::dim, true},
                              {"preemptions", ink::dim, true},
                              {"findings", ink::dim, true},
                              {"seconds", ink::dim, true}}};
    for (const variant_report& v : r.variants) {
        rows.push_back({{mark_of(v), ink_of(v)},
                        {v.name, ink::strong},
                        {verdict_text(v), ink_of(v)},
                        {grouped(v.executions), ink::plain, true},
                        {fewest_preemptions(v), ink::plain, true},
                        {grouped(v.findings.size()), ink::plain, true},
                        {fmt::format("{:.2f}", v.seconds), ink::plain, true}});
    }
    return table(how, rows, "  ");
}

// "use after free in ip_output at model/netinet/ip_output.cc:120".
std::string title_of(const finding_report& f) {
    const size_t blank = f.where.find(' ');
    if (f.where.empty()) {
        return f.kind;
    }
    if (blank == std::string::npos) {
        return f.kind + " in " + f.where;
    }
    return fmt::format("{} in {} at {}", f.kind, viz::short_function(f.where.substr(blank + 1)),
                       f.where.substr(0, blank));
}

// What holds of fixed and not of this variant, which has no finding.
std::string broken_text(const variant_report& v, const report_view& view) {
    if (!only_breaks(v)) {
        return "";
    }
    const broken_report& first = v.broken[0];
    std::string out =
        first.token.empty() ? "\n" : "\n  " + replay_command(view, first.token) + "\n";
    out += paragraph(view.how, "  ",
                     fmt::format("{}: {} holds of fixed, and not here", v.name, first.text));
    out += first.detail.empty() ? "" : paragraph(view.how, "      ", first.detail);
    out += first.preemptions < 0
               ? ""
               : fmt::format("      {}\n",
                             plural(static_cast<uint64_t>(first.preemptions), "preemption"));
    return out;
}

std::string findings_text(const variant_report& v, const report_view& view) {
    const finding_report* first = shortest_or_null(v);
    if (first == nullptr) {
        return broken_text(v, view);
    }
    const look& how = view.how;
    const bool has_schedule = !first->token.empty();
    std::string out = has_schedule ? "\n  " + replay_command(view, first->token) + "\n" : "\n";
    const std::string name = v.name == "program" ? "" : v.name + ": ";
    out +=
        "  " + name + paint(how, first->expected ? ink::strong : ink::bad, title_of(*first)) + "\n";
    if (!first->message.empty()) {
        out += message_lines(how, first->message);
    }
    if (!first->effect.empty()) {
        out += paragraph(how, "      ", first->effect);
    }
    out += !has_schedule
               ? ""
               : fmt::format("      {}, {}; seen in {}\n", plural(first->preemptions, "preemption"),
                             plural(first->steps, "step"), plural(first->executions, "execution"));
    size_t more = 0;
    for (const finding_report& f : v.findings) {
        if (&f != first && ++more <= more_findings_max) {
            out +=
                paragraph(how, "    also ",
                          fmt::format("{}, {}", title_of(f), plural(f.preemptions, "preemption")));
        }
    }
    if (more > more_findings_max) {
        out += fmt::format("    also {}\n", plural(more - more_findings_max, "other finding"));
    }
    return out;
}

std::string failures_text(const report& r, const look& how) {
    std::string out;
    for (const variant_report& v : r.variants) {
        for (const expectation_report& e : v.expectations) {
            if (e.holds) {
                continue;
            }
            const std::string place = e.file.empty() ? "" : fmt::format("{}:{}: ", e.file, e.line);
            out += paragraph(
                how, "  ",
                fmt::format("{}{} is expected of {} and does not hold", place, e.text, v.name));
            if (!e.detail.empty()) {
                out += paragraph(how, "      ", e.detail);
            }
        }
        for (const std::string& note : v.notes) {
            out += paragraph(how, "  ", v.name + ": " + note);
        }
        if (!v.error.empty()) {
            out += "  " + v.name + ": " + v.error + (v.error.back() == '\n' ? "" : "\n");
        }
    }
    return out.empty() ? "" : "\n" + out;
}

// The operations of each context, from the first variant that tells.
std::string sizes_text(const report& r, const look& how) {
    for (const variant_report& v : r.variants) {
        if (v.contexts.empty()) {
            continue;
        }
        std::string text;
        uint64_t sum = 0;
        for (const context_report& c : v.contexts) {
            text += fmt::format("{}{} on cpu{} {}", text.empty() ? "" : ", ", c.name, c.cpu,
                                c.operations);
            sum += c.operations;
        }
        text += v.contexts.size() > 1 ? fmt::format("; together {}", grouped(sum)) : "";
        text += v.conflicting_objects == 0
                    ? ""
                    : "; " + plural(v.conflicting_objects, "object") + " in conflict";
        return paragraph(how, "  operations: ", text);
    }
    return "";
}

// "traces within 0, 1, 2 preemptions: 2, 12, 28; 60 executions, 32 showed one again".
std::string traces_text(const report& r, const look& how) {
    std::string out;
    for (const variant_report& v : r.variants) {
        if (v.traces.empty()) {
            continue;
        }
        std::string bounds;
        std::string counts;
        for (size_t i = 0; i < v.traces.size(); ++i) {
            bounds += fmt::format("{}{}", i == 0 ? "" : ", ", i);
            counts += fmt::format("{}{}", i == 0 ? "" : "; ", grouped(v.traces[i]));
        }
        out += paragraph(
            how, r.variants.size() == 1 ? "  traces: " : fmt::format("  traces of {}: ", v.name),
            fmt::format("{} within {} {}s; {} of {} executions showed one again", counts, bounds,
                        v.bound_of, grouped(v.redundant), grouped(v.executions)));
    }
    return out;
}

std::string assumptions_text(const report& r, const look& how) {
    for (const variant_report& v : r.variants) {
        if (v.assumes.empty()) {
            continue;
        }
        std::string text;
        for (const std::string& one : v.assumes) {
            text += (text.empty() ? "" : "; ") + one;
        }
        return paragraph(how, "  assumes: ", text);
    }
    return "";
}

// "allowed: the data race at stats.c:12 in 4 executions: the counter is a statistic".
std::string allowed_text(const report& r, const look& how) {
    std::string out;
    for (const variant_report& v : r.variants) {
        for (const allowed_report& a : v.allowed) {
            out += paragraph(
                how, r.variants.size() == 1 ? "  allowed: " : fmt::format("  {} allows: ", v.name),
                fmt::format("the {} at {} in {}: {}", a.kind, a.where,
                            plural(a.executions, "execution"), a.reason));
        }
    }
    return out;
}

std::string advice_text(const report& r, const report_view& view) {
    std::vector<std::pair<std::string, std::string>> lines;
    const variant_report* shortest = shortest_failure_or_null(r);
    const auto verb = [&](const std::string& words) {
        return view.command + " " + words + view.after;
    };
    if (shortest != nullptr) {
        const finding_report& f = *shortest_or_null(*shortest);
        if (f.preemptions > 1) {
            lines.emplace_back("fewest preemptions",
                               verb("shrink " + view.subject + " " + f.token));
        }
        const std::string stem = r.scenario.substr(0, r.scenario.rfind('.'));
        for (const auto& [what, ending] :
             {std::pair("as a picture", "svg"), std::pair("step by step", "html")}) {
            lines.emplace_back(
                what, verb(fmt::format("show {}{} -o {}.{}", f.token,
                                       view.race ? "" : " --race " + view.subject, stem, ending)));
        }
    }
    if (view.race) {
        lines.emplace_back(shortest != nullptr ? "which lock hides it" : "under other locks",
                           verb("ladder " + view.subject));
    } else if (shortest == nullptr && !r.variants.empty() && !r.variants[0].complete) {
        const bool graphs = r.variants[0].strategy.rfind("graph", 0) == 0;
        lines.emplace_back(graphs ? "few reversals first" : "few preemptions first",
                           verb("explore " + view.subject + (graphs ? " --reversals 3" : " -p 3")));
        const bool drawn = r.variants[0].strategy.find("portfolio") != std::string::npos;
        lines.emplace_back(
            drawn ? "other samples" : "samplers in turns",
            verb("explore " + view.subject + " --strategy portfolio" + (drawn ? " --seed 2" : "")));
    }
    std::string out;
    for (const auto& [what, command] : lines) {
        out += fmt::format("{:<26}{}\n", "  " + what, command);
    }
    return out.empty() ? "" : "\nnext:\n" + out;
}

void add_once(std::vector<std::string>& list, const std::string& name) {
    if (std::find(list.begin(), list.end(), name) == list.end()) {
        list.push_back(name);
    }
}

// A row a variant, a column a regime; numbers beside the verdicts or on a line of their own.
std::vector<row> ladder_rows(const report& r, const std::vector<std::string>& variants,
                             const std::vector<std::string>& regimes, bool two_lines) {
    std::vector<row> all(1, row{{"", ink::plain}});
    for (const std::string& regime : regimes) {
        all[0].push_back({regime.empty() ? "as it is" : "under " + regime, ink::dim});
    }
    for (const std::string& variant : variants) {
        row verdicts = {{variant, ink::strong}};
        row numbers = {{"", ink::plain}};
        for (const std::string& regime : regimes) {
            const std::string name =
                regime.empty() ? variant : fmt::format("{} under {}", variant, regime);
            const auto at = std::find_if(r.variants.begin(), r.variants.end(),
                                         [&](const variant_report& v) { return v.name == name; });
            const bool known = at != r.variants.end();
            cell c = known ? ladder_cell(*at) : cell{"."};
            const std::string number = known ? fmt::format("({})", grouped(at->executions)) : "";
            if (known && !two_lines) {
                c.text += " " + number;
            }
            verdicts.push_back(c);
            numbers.push_back({number, ink::dim});
        }
        all.push_back(verdicts);
        if (two_lines) {
            all.push_back(numbers);
        }
    }
    return all;
}

}  // namespace

std::string replay_command(const report_view& view, const std::string& token) {
    return fmt::format("{} replay {} {}{}", view.command, view.subject, token, view.after);
}

const variant_report* shortest_failure_or_null(const report& r) {
    const variant_report* best = nullptr;
    for (const variant_report& v : r.variants) {
        const finding_report* f = shortest_or_null(v);
        if (f == nullptr || f->token.empty()) {
            continue;
        }
        const finding_report* old = best == nullptr ? nullptr : shortest_or_null(*best);
        if (old == nullptr || tells_more(*f, *old)) {
            best = &v;
        }
    }
    return best;
}

std::string report_text(const report& r, const report_view& view) {
    const look& how = view.how;
    std::string out = paint(how, ink::strong, r.scenario);
    if (!r.variants.empty() && !r.variants[0].strategy.empty()) {
        out += ": " + r.variants[0].strategy;
    }
    out += "\n\n" + variants_table(r, how) + failures_text(r, how);
    for (const variant_report& v : r.variants) {
        out += findings_text(v, view);
    }
    const std::string sizes =
        sizes_text(r, how) + traces_text(r, how) + allowed_text(r, how) + assumptions_text(r, how);
    out += sizes.empty() ? "" : "\n" + sizes;
    return out + (view.advice ? advice_text(r, view) : "");
}

std::string ladder_text(const report& r, const report_view& view) {
    std::vector<std::string> variants;
    std::vector<std::string> regimes = {""};
    std::optional<int> bound;
    std::string bound_of;
    bool breaks = false;
    for (const variant_report& v : r.variants) {
        const auto [variant, regime] = split_name(v.name);
        add_once(variants, variant);
        add_once(regimes, regime);
        breaks |= only_breaks(v);
        if (v.verdict.rfind("complete to ", 0) == 0 && v.findings.empty() && !only_breaks(v)) {
            bound = std::max(bound.value_or(0), v.bound);
            bound_of = v.bound_of;
        }
    }
    const auto rows = [&](bool two_lines) { return ladder_rows(r, variants, regimes, two_lines); };
    std::string out = table(view.how, rows(false), "  ");
    if (widest_line(out) > view.how.width) {
        out = table(view.how, rows(true), "  ");
    }
    std::string key = "(N): interleavings that were run";
    if (bound) {
        key = fmt::format("safe to {0}: nothing happens with at most {1}; ", *bound,
                          plural(static_cast<uint64_t>(*bound), bound_of)) +
              key;
    }
    if (breaks) {
        key = "fails at N: what holds of fixed does not, with N preemptions; " + key;
    }
    const bool gaps = r.variants.size() < variants.size() * regimes.size();
    key += gaps ? "; a dot: nothing is expected" : "";
    return out + paragraph(view.how, "  ", key);
}

}  // namespace scenario
