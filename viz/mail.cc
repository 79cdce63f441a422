#include "viz/mail.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/trace/main_finding.h"
#include "viz/lock_graph.h"
#include "viz/phrase.h"
#include "viz/story.h"
#include "viz/why.h"

namespace viz {

namespace {

constexpr size_t width = 72;
constexpr uint32_t rows_default = 24;
constexpr size_t frames_max = 8;

class letter {
  public:
    letter(const sim::trace& t, const format_options& options) : t_(t), o_(options) {}

    std::string text() {
        subject();
        if (!t_.findings.empty()) {
            finding(sim::main_finding(t_));
        }
        orders();
        interleaving();
        replay();
        return std::move(out_);
    }

  private:
    // `first` stands before the first line; the others are indented as far.
    void paragraph(const std::string& first, const std::string& text) {
        std::string before = first;
        const size_t room = width - std::min(text_width(first), width / 2);
        for (const std::string& piece : wrapped(printable(text, false), room)) {
            line(before + piece);
            before = std::string(text_width(first), ' ');
        }
    }

    void line(const std::string& text) {
        const size_t end = text.find_last_not_of(' ');
        out_ += (end == std::string::npos ? "" : text.substr(0, end + 1)) + '\n';
    }

    void subject() {
        const std::string title = t_.findings.empty()
                                      ? "nothing was found"
                                      : finding_title(sim::main_finding(t_), o_.plumbing);
        paragraph("", t_.header.subject + ": " + title);
        line("");
        const story s = tell(t_, {});
        std::string about = "One execution";
        if (!t_.header.variant.empty() && t_.header.variant != "program") {
            about += " of the variant " + t_.header.variant;
        }
        paragraph("", fmt::format("{}: {} steps in {} contexts, {} preemption{}.", about, s.steps,
                                  s.contexts.size(), s.preemptions, s.preemptions == 1 ? "" : "s"));
    }

    void stack(const std::vector<sim::trace_frame>& frames) {
        std::vector<sim::trace_frame> telling = telling_stack(frames, o_.plumbing);
        std::erase_if(telling, [&](const sim::trace_frame& f) {
            return is_library(f.function) && telling.front().function != f.function;
        });
        for (size_t i = 0; i < std::min(telling.size(), frames_max); ++i) {
            // An indented '#': git drops lines that begin with it.
            line(shortened(printable(fmt::format("    #{}  {}", i, place(telling[i])), false),
                           width));
        }
        if (telling.size() > frames_max) {
            line(fmt::format("    ... {} more", telling.size() - frames_max));
        }
    }

    void finding(const sim::trace_finding& f) {
        line("");
        const std::vector<why_line> lines = why(t_, f, o_.plumbing, 0);
        paragraph("", lines.front().text + ".");
        if (!f.stack.empty()) {
            line("");
            paragraph("  ", "Seen at " + step_and_who(t_, f.step, f.context) + ":");
            stack(f.stack);
        }
        for (const sim::trace_evidence& e : f.evidence) {
            line("");
            const std::string more = remainder_of(t_, e);
            std::string head(e.label.empty() ? "and" : e.label);
            head[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(head[0])));
            paragraph("  ", fmt::format("{}{}, {}:", head,
                                        more.empty()             ? ""
                                        : e.label == "waits for" ? " " + more
                                                                 : " (" + more + ")",
                                        when_and_who(t_, e)));
            stack(e.stack);
        }
    }

    void reversal(const lock_edge& first, const lock_edge& second) {
        line("");
        line("witness: lock order reversal:");
        paragraph(" 1st ", second.held);
        paragraph(" 2nd ", second.wanted);
        for (const lock_edge* e : {&first, &second}) {
            paragraph(
                "", fmt::format("lock order \"{}\" -> \"{}\" first seen at:", e->held, e->wanted));
            paragraph("    ", e->wanted_step == 0
                                  ? who(t_, e->context) + ", which waits for it at the end"
                                  : step_and_who(t_, e->wanted_step, e->context));
            stack(e->wanted_stack);
        }
    }

    // A pair is told as witness(4) does; a longer circle edge by edge.
    void orders() {
        const std::vector<lock_edge> edges = lock_edges(t_);
        bool any = false;
        for (size_t i = 0; i < edges.size(); ++i) {
            for (size_t k = 0; k < i; ++k) {
                if (edges[k].held == edges[i].wanted && edges[k].wanted == edges[i].held) {
                    reversal(edges[k], edges[i]);
                    any = true;
                }
            }
        }
        for (const lock_edge& e : edges) {
            if (!any && e.in_cycle) {
                line("");
                paragraph("", fmt::format("lock order \"{}\" -> \"{}\" (in a circle) seen at:",
                                          e.held, e.wanted));
                stack(e.wanted_stack);
            }
        }
    }

    void interleaving() {
        story_options wanted;
        wanted.rows_max = o_.rows_max.value_or(rows_default);
        wanted.calls = false;
        wanted.findings_max = 1;
        wanted.plumbing = o_.plumbing;
        line("");
        line("In this order (* explains the finding, ! is where it was seen):");
        line("");
        uint32_t last = no_context;
        for (const story_row& row : tell(t_, wanted).rows) {
            if (row.preempted != no_context) {
                line(fmt::format("        ~ {} is preempted",
                                 printable(t_.header.contexts[row.preempted].name, false)));
            }
            if (row.kind == row_kind::finding) {
                paragraph("        !! ", row.text);
            } else if (row.kind == row_kind::fold) {
                fold(row);
            } else {
                step(row, last);
            }
            last = row.kind == row_kind::finding ? last : row.context;
        }
    }

    void fold(const story_row& row) {
        std::string text;
        for (const fold_part& part : row.parts) {
            text += fmt::format("{}... {} step{} of {}{}", text.empty() ? "" : ", ", part.steps,
                                part.steps == 1 ? "" : "s", t_.header.contexts[part.context].name,
                                part.function.empty() ? "" : " in " + part.function);
        }
        paragraph("        ", text);
    }

    void step(const story_row& row, uint32_t last) {
        const char mark = row.at_finding ? '!' : row.evidence.empty() ? ' ' : '*';
        const std::string number = row.kind == row_kind::step
                                       ? fmt::format("{:>5}{} ", row.first_step, mark)
                                       : fmt::format("     {} ", mark);
        std::string text = row.function.empty() ? row.text : row.function + ": " + row.text;
        if (row.context != last) {
            paragraph("   ", fmt::format("{}:", who(t_, row.context)));
        }
        for (const std::string& change : row.changes) {
            text += " [" + change + "]";
        }
        paragraph(number + " ", text);
    }

    // The command in lines that a shell joins again.
    void replay() {
        line("");
        line("To see it again:");
        line("");
        std::string rest = printable(o_.replay.empty() ? replay_command(t_) : o_.replay, false);
        while (rest.size() > width) {
            const size_t blank = rest.rfind(' ', width - 2);
            const bool at_blank = blank != std::string::npos && blank > width / 3;
            const size_t cut = at_blank ? blank + 1 : width - 1;
            out_ += rest.substr(0, cut) + "\\\n";
            rest.erase(0, cut);
        }
        out_ += rest + '\n';
    }

    const sim::trace& t_;
    const format_options& o_;
    std::string out_;
};

}  // namespace

std::string mail(const sim::trace& t, const format_options& options) {
    return letter(t, options).text();
}

}  // namespace viz
