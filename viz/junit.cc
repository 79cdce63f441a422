#include "viz/junit.h"

#include <fmt/format.h>

#include <algorithm>

#include "viz/phrase.h"

namespace viz {

namespace {

// XML has no way to write most control characters.
std::string escaped(const std::string& text, bool attribute) {
    std::string out;
    std::string line;
    const auto flush = [&] {
        for (const char c : printable(line, true)) {
            switch (c) {
                case '&':
                    out += "&amp;";
                    break;
                case '<':
                    out += "&lt;";
                    break;
                case '>':
                    out += "&gt;";
                    break;
                case '"':
                    out += attribute ? "&quot;" : "\"";
                    break;
                default:
                    out += c;
            }
        }
        line.clear();
    };
    for (const char c : text) {
        if (c == '\n') {
            flush();
            out += attribute ? " " : "\n";
        } else {
            line += c;
        }
    }
    flush();
    return out;
}

std::string case_text(const junit_case& c) {
    std::string out = fmt::format("    <testcase classname=\"{}\" name=\"{}\"",
                                  escaped(c.suite, true), escaped(c.name, true));
    if (c.failure.empty() && c.output.empty()) {
        return out + "/>\n";
    }
    out += ">\n";
    if (!c.failure.empty()) {
        const char* what = c.error ? "error" : "failure";
        out +=
            fmt::format("      <{0} type=\"{1}\" message=\"{2}\">{3}</{0}>\n", what,
                        escaped(c.failure, true), escaped(c.message, true), escaped(c.text, false));
    }
    if (!c.output.empty()) {
        out += fmt::format("      <system-out>{}</system-out>\n", escaped(c.output, false));
    }
    return out + "    </testcase>\n";
}

// tests, failures, errors.
std::string counts(const std::vector<junit_case>& cases, const std::string* suite) {
    size_t all = 0;
    size_t failures = 0;
    size_t errors = 0;
    for (const junit_case& c : cases) {
        if (suite == nullptr || c.suite == *suite) {
            ++all;
            failures += !c.failure.empty() && !c.error ? 1 : 0;
            errors += !c.failure.empty() && c.error ? 1 : 0;
        }
    }
    return fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\"", all, failures, errors);
}

}  // namespace

std::string junit(const std::vector<junit_case>& cases) {
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    out += fmt::format("<testsuites name=\"heddle\" {}>\n", counts(cases, nullptr));
    std::vector<std::string> suites;
    for (const junit_case& c : cases) {
        if (std::find(suites.begin(), suites.end(), c.suite) == suites.end()) {
            suites.push_back(c.suite);
        }
    }
    for (const std::string& suite : suites) {
        out += fmt::format("  <testsuite name=\"{}\" {}>\n", escaped(suite, true),
                           counts(cases, &suite));
        for (const junit_case& c : cases) {
            out += c.suite == suite ? case_text(c) : "";
        }
        out += "  </testsuite>\n";
    }
    return out + "</testsuites>\n";
}

}  // namespace viz
