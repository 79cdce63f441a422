#include "viz/sarif.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "sim/trace/finding_kinds.h"
#include "sim/trace/json_line.h"
#include "viz/lock_graph.h"
#include "viz/phrase.h"
#include "viz/story.h"
#include "viz/why.h"

namespace viz {

namespace {

constexpr uint32_t rows_default = 80;

// A path as a URI; one that is not absolute stays relative, to the root of the sources.
std::string uri_of(const std::string& file) {
    std::string out = file.starts_with('/') ? "file://" : "";
    for (const char c : file) {
        const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                           std::string_view("-._~/+").find(c) != std::string_view::npos;
        out += plain ? std::string(1, c)
                     : fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
    return out;
}

// "use after free" -> "use-after-free", as a .race file has it.
std::string rule_of(const std::string& kind) {
    for (const sim::finding_row& row : sim::finding_rows) {
        if (kind == row.name) {
            return row.word;
        }
    }
    std::string word = kind;
    std::replace(word.begin(), word.end(), ' ', '-');
    return word;
}

class writer {
  public:
    writer(const std::vector<sim::trace>& executions, const format_options& options)
        : executions_(executions), o_(options), j_(out_) {}

    std::string text() {
        j_.open('{');
        j_.field("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        j_.field("version", "2.1.0");
        j_.key("runs");
        j_.open('[');
        j_.open('{');
        tool();
        j_.field("columnKind", "utf16CodeUnits");
        j_.key("results");
        j_.open('[');
        for (const sim::trace& t : executions_) {
            for (const sim::trace_finding& f : t.findings) {
                const sim::trace_frame at = place_of(f);
                if (seen_.insert({f.kind, at.file, at.line, f.message}).second) {
                    result(t, f);
                }
            }
        }
        j_.close(']');
        j_.close('}');
        j_.close(']');
        j_.close('}');
        out_.push_back('\n');
        return fmt::to_string(out_);
    }

  private:
    sim::trace_frame place_of(const sim::trace_finding& f) const {
        const std::vector<sim::trace_frame> stack = telling_stack(f.stack, o_.plumbing);
        if (!stack.empty()) {
            return stack.front();
        }
        for (const sim::trace_evidence& e : f.evidence) {
            if (!e.stack.empty()) {
                return telling_stack(e.stack, o_.plumbing).front();
            }
        }
        return {};
    }

    void message(const char* name, const std::string& text) {
        j_.key(name);
        j_.open('{');
        j_.key("text");
        j_.text(printable(text, true));
        j_.close('}');
    }

    void tool() {
        j_.key("tool");
        j_.open('{');
        j_.key("driver");
        j_.open('{');
        j_.field("name", "heddle");
        j_.key("rules");
        j_.open('[');
        for (const sim::trace& t : executions_) {
            for (const sim::trace_finding& f : t.findings) {
                const std::string id = rule_of(f.kind);
                if (std::find(rules_.begin(), rules_.end(), id) == rules_.end()) {
                    rules_.push_back(id);
                    j_.open('{');
                    j_.field("id", id);
                    message("shortDescription", f.kind);
                    j_.close('}');
                }
            }
        }
        j_.close(']');
        j_.close('}');
        j_.close('}');
    }

    void location(const sim::trace_frame& at, const std::string& text) {
        j_.open('{');
        if (!at.file.empty()) {
            j_.key("physicalLocation");
            j_.open('{');
            j_.key("artifactLocation");
            j_.open('{');
            j_.field("uri", uri_of(at.file));
            j_.field("uriBaseId", at.file.starts_with('/') ? "" : "%SRCROOT%");
            j_.close('}');
            if (at.line != 0) {
                j_.key("region");
                j_.open('{');
                j_.field("startLine", at.line);
                j_.close('}');
            }
            j_.close('}');
        }
        if (!at.function.empty()) {
            j_.key("logicalLocations");
            j_.open('[');
            j_.open('{');
            j_.field("name", printable(short_function(at.function), true));
            j_.field("fullyQualifiedName", printable(at.function, true));
            j_.field("kind", "function");
            j_.close('}');
            j_.close(']');
        }
        if (!text.empty()) {
            message("message", text);
        }
        j_.close('}');
    }

    void result(const sim::trace& t, const sim::trace_finding& f) {
        const std::string rule = rule_of(f.kind);
        j_.open('{');
        j_.field("ruleId", rule);
        j_.key("ruleIndex");
        j_.number(
            static_cast<uint64_t>(std::find(rules_.begin(), rules_.end(), rule) - rules_.begin()));
        j_.field("level", "error");
        message("message", why(t, f, o_.plumbing, 0).front().text);
        const sim::trace_frame at = place_of(f);
        if (!at.file.empty()) {
            j_.key("locations");
            j_.open('[');
            location(at, "");
            j_.close(']');
        }
        related(t, f);
        if (!t.events.empty()) {
            flows(t);
        }
        j_.key("properties");
        j_.open('{');
        j_.field("subject", t.header.subject);
        j_.field("variant", t.header.variant);
        j_.field("token", t.header.token);
        j_.field("replay", t.header.token.empty() ? "" : replay_command(t));
        j_.close('}');
        j_.close('}');
    }

    void related(const sim::trace& t, const sim::trace_finding& f) {
        const auto has_place = [](const sim::trace_evidence& e) { return !e.stack.empty(); };
        if (std::none_of(f.evidence.begin(), f.evidence.end(), has_place)) {
            return;
        }
        j_.key("relatedLocations");
        j_.open('[');
        for (const sim::trace_evidence& e : f.evidence) {
            if (has_place(e)) {
                location(telling_stack(e.stack, o_.plumbing).front(),
                         e.label + ": " + when_and_who(t, e));
            }
        }
        j_.close(']');
    }

    void flows(const sim::trace& t) {
        story_options wanted;
        wanted.rows_max = o_.rows_max.value_or(rows_default);
        wanted.calls = false;
        wanted.plumbing = o_.plumbing;
        const story s = tell(t, wanted);
        j_.key("codeFlows");
        j_.open('[');
        j_.open('{');
        j_.key("threadFlows");
        j_.open('[');
        for (const uint32_t c : s.contexts) {
            thread(t, s, c);
        }
        j_.close(']');
        j_.close('}');
        j_.close(']');
    }

    static bool is_shown(const story_row& row, uint32_t context) {
        return row.context == context && row.kind != row_kind::fold &&
               row.kind != row_kind::finding;
    }

    // A thread flow must have a location: of a context that only has folds, its first step.
    void thread(const sim::trace& t, const story& s, uint32_t context) {
        j_.open('{');
        j_.field("id", printable(who(t, context), true));
        j_.key("locations");
        j_.open('[');
        bool any = false;
        for (size_t i = 0; i < s.rows.size(); ++i) {
            if (is_shown(s.rows[i], context)) {
                step(t, s.rows[i], i + 1);
                any = true;
            }
        }
        for (size_t i = 0; i < t.events.size() && !any; ++i) {
            if (!t.events[i].remark && t.events[i].context == context) {
                story_row row;
                row.text = action_of(t.events[i]);
                row.event = static_cast<uint32_t>(i);
                step(t, row, s.row_of_step[t.events[i].step] + 1);
                any = true;
            }
        }
        j_.close(']');
        j_.close('}');
    }

    void step(const sim::trace& t, const story_row& row, size_t order) {
        const sim::trace_event& e = t.events[row.event];
        const std::vector<sim::trace_frame> stack = telling_stack(e.stack, o_.plumbing);
        std::string text = e.remark ? row.text : fmt::format("step {}: {}", e.step, row.text);
        for (const std::string& change : row.changes) {
            text += " [" + change + "]";
        }
        j_.open('{');
        j_.key("executionOrder");
        j_.number(order);
        j_.field("importance", row.at_finding || !row.evidence.empty() ? "essential" : "important");
        kinds(e);
        j_.key("location");
        location(stack.empty() ? sim::trace_frame{} : stack.front(), text);
        j_.close('}');
    }

    void kinds(const sim::trace_event& e) {
        if (takes_lock(e) || gives_lock_back(e)) {
            j_.key("kinds");
            j_.open('[');
            j_.text(takes_lock(e) ? "acquire" : "release");
            j_.text("lock");
            j_.close(']');
        }
    }

    const std::vector<sim::trace>& executions_;
    const format_options& o_;
    fmt::memory_buffer out_;
    sim::json_line j_;
    std::vector<std::string> rules_;
    std::set<std::tuple<std::string, std::string, uint32_t, std::string>> seen_;
};

}  // namespace

std::string sarif(const std::vector<sim::trace>& executions, const format_options& options) {
    return writer(executions, options).text();
}

}  // namespace viz
