#include "viz/html/report.h"

#include <fmt/format.h>

#include <string_view>

#include "sim/trace/json_line.h"
#include "viz/align.h"
#include "viz/html/page.h"
#include "viz/html/run_data.h"
#include "viz/html/tables.h"

namespace viz {

namespace {

void write_alignment(const alignment& of, sim::json_line& json) {
    json.key("pairs");
    write_list(json, of.partner_of_a);
    std::vector<uint32_t> same;
    for (uint32_t step = 1; step < of.same_of_a.size(); ++step) {
        if (of.same_of_a[step]) {
            same.push_back(step);
        }
    }
    json.key("same");
    write_list(json, same);
    json.key("divergence");
    write_list(json, {of.divergence_a, of.divergence_b});
    json.key("why");
    json.text(of.why);
}

// As the text of an element: nothing in it may look like markup. '<' only stands in strings.
std::string inside_element(std::string_view json) {
    std::string out;
    out.reserve(json.size());
    for (const char c : json) {
        if (c == '<') {
            out += "\\u003c";
        } else {
            out += c;
        }
    }
    return out;
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
    }
    return out;
}

std::string name_of(const sim::trace& t) {
    return t.header.subject + (t.header.variant.empty() ? "" : ", ") + t.header.variant;
}

// The page with every @NAME@ replaced by its part.
std::string filled(const std::vector<std::pair<std::string_view, std::string>>& parts) {
    std::string out;
    std::string_view rest = page_html;
    while (true) {
        const size_t at = rest.find('@');
        if (at == std::string_view::npos) {
            return out.append(rest);
        }
        out.append(rest.substr(0, at));
        rest.remove_prefix(at);
        const std::pair<std::string_view, std::string>* found = nullptr;
        for (const auto& part : parts) {
            found = rest.starts_with(part.first) ? &part : found;
        }
        out.append(found == nullptr ? "@" : std::string_view(found->second));
        rest.remove_prefix(found == nullptr ? 1 : found->first.size());
    }
}

std::string page(const std::string& title, const std::string& data) {
    std::string script;
    for (const std::string_view part : page_scripts) {
        script.append(part);
    }
    return filled({{"@TITLE@", escaped(title)},
                   {"@STYLE@", std::string(page_style)},
                   {"@DATA@", inside_element(data)},
                   {"@SCRIPT@", script}});
}

}  // namespace

std::string report_data(const sim::trace& a, const report_options& of_a, const sim::trace* b,
                        const report_options& of_b) {
    fmt::memory_buffer buffer;
    sim::json_line json(buffer);
    json.open('{');
    json.key("heddle_report");
    json.number(1);
    json.key("runs");
    json.open('[');
    write_run(a, of_a, json);
    if (b != nullptr) {
        write_run(*b, of_b, json);
    }
    json.close(']');
    if (b != nullptr) {
        write_alignment(align(a, *b), json);
    }
    json.close('}');
    return fmt::to_string(buffer);
}

std::string html_report(const sim::trace& t, const report_options& options) {
    return page(name_of(t), report_data(t, options, nullptr, options));
}

std::string html_report(const sim::trace& a, const report_options& of_a, const sim::trace& b,
                        const report_options& of_b) {
    return page(name_of(a) + " | " + name_of(b), report_data(a, of_a, &b, of_b));
}

}  // namespace viz
