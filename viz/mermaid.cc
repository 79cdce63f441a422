#include "viz/mermaid.h"

#include <fmt/format.h>

#include <algorithm>

#include "viz/order.h"
#include "viz/phrase.h"
#include "viz/story.h"
#include "viz/why.h"

namespace viz {

namespace {

constexpr uint32_t rows_default = 30;
constexpr size_t text_max = 60;

// Its own signs as entities, and lines of a note broken.
std::string escaped(const std::string& text) {
    std::string out;
    for (const std::string& line : wrapped(printable(text, true), text_max)) {
        out += out.empty() ? "" : "<br/>";
        for (const char c : line) {
            switch (c) {
                case '#':
                    out += "#35;";
                    break;
                case ';':
                    out += "#59;";
                    break;
                case '<':
                    out += "#lt;";
                    break;
                case '>':
                    out += "#gt;";
                    break;
                default:
                    out += c;
            }
        }
    }
    return out;
}

class diagram {
  public:
    diagram(const sim::trace& t, const format_options& options)
        : t_(t), plumbing_(options.plumbing) {
        story_options wanted;
        wanted.rows_max = options.rows_max.value_or(rows_default);
        wanted.calls = false;
        wanted.plumbing = options.plumbing;
        story_ = tell(t, wanted);
    }

    std::string text() {
        line("sequenceDiagram");
        for (const uint32_t c : story_.contexts) {
            line(fmt::format("    participant c{} as {}", c, escaped(who(t_, c))));
        }
        const std::vector<order_edge> edges = necessary_order(t_);
        const std::vector<read_edge> reads = reads_from(t_);
        const std::vector<order_edge> missed = not_seen(t_);
        for (const story_row& row : story_.rows) {
            if (row.kind == row_kind::step) {
                arrows(edges, row, "-->>", "after step {}");
                for (const read_edge& e : reads) {
                    if (!e.ordered) {  // else it is after it
                        arrows({{e.from, e.to}}, row, "->>",
                               e.stale ? "old value of step {}" : "value of step {}");
                    }
                }
                arrows(missed, row, "--x", "step {} is not seen");
            }
            tell_row(row);
        }
        return std::move(out_);
    }

  private:
    void line(const std::string& text) { out_ += text + '\n'; }

    // Edges into a row from a row that is shown, too.
    void arrows(const std::vector<order_edge>& edges, const story_row& row, const char* arrow,
                const char* text) {
        for (const order_edge& e : edges) {
            const story_row& from = story_.rows[story_.row_of_step[e.from]];
            if (e.to == row.first_step && from.kind == row_kind::step) {
                line(fmt::format("    c{}{}c{}: {}", from.context, arrow, row.context,
                                 fmt::format(fmt::runtime(text), e.from)));
            }
        }
    }

    void tell_row(const story_row& row) {
        if (row.preempted != no_context) {
            line(fmt::format("    Note over c{}: preempted", row.preempted));
        }
        if (row.kind == row_kind::finding) {
            const sim::trace_finding& f = t_.findings[row.finding];
            line("    rect rgb(255, 217, 222)");
            line(fmt::format("    Note over c{}: {}", f.context,
                             escaped(row.text + ": " + why(t_, f, plumbing_, 0).front().text)));
            line("    end");
        } else if (row.kind == row_kind::fold) {
            for (const fold_part& part : row.parts) {
                line(fmt::format("    Note over c{}: ... {} step{}{}", part.context, part.steps,
                                 part.steps == 1 ? "" : "s",
                                 part.function.empty() ? "" : " in " + escaped(part.function)));
            }
        } else if (row.kind == row_kind::step) {
            line(fmt::format("    c{0}->>c{0}: {1}", row.context, escaped(step_text(row))));
        } else {
            line(fmt::format("    Note over c{}: {}", row.context, escaped(row.text)));
        }
    }

    static std::string step_text(const story_row& row) {
        std::string text = fmt::format("{} ", row.first_step);
        text += row.function.empty() ? "" : row.function + ": ";
        text += row.text;
        for (const std::string& change : row.changes) {
            text += " [" + change + "]";
        }
        for (const std::string& label : row.evidence) {
            text += " (" + label + ")";
        }
        return text;
    }

    const sim::trace& t_;
    const plumbing_files& plumbing_;
    story story_;
    std::string out_;
};

}  // namespace

std::string mermaid(const sim::trace& t, const format_options& options) {
    return diagram(t, options).text();
}

}  // namespace viz
