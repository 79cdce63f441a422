#include "viz/html/run_data.h"

#include <algorithm>
#include <limits>

#include "sim/trace/main_finding.h"
#include "viz/html/changes.h"
#include "viz/html/excerpts.h"
#include "viz/html/tables.h"
#include "viz/interest.h"
#include "viz/order.h"
#include "viz/story.h"
#include "viz/why.h"

namespace viz {

namespace {

constexpr size_t why_width = std::numeric_limits<uint16_t>::max();  // the page wraps by itself

class run_writer {
  public:
    run_writer(const sim::trace& t, const report_options& options, sim::json_line& json)
        : t_(t), options_(options), json_(json), tables_(options.plumbing) {}

    void write() {
        json_.open('{');
        header();
        events();
        const story all = tell(t_, {.rows_max = 0,
                                    .findings_max = std::numeric_limits<uint32_t>::max(),
                                    .plumbing = options_.plumbing});
        rows(all);
        short_view(all);
        findings(all);
        order();
        changes();
        sources();
        tables_.write(json_);
        json_.close('}');
    }

  private:
    void header() {
        const sim::trace_header& h = t_.header;
        for (const auto& [name, value] :
             {std::pair("subject", &h.subject), std::pair("variant", &h.variant),
              std::pair("strategy", &h.strategy), std::pair("token", &h.token)}) {
            json_.key(name);
            json_.text(*value);
        }
        json_.key("replay");
        json_.text(options_.replay.empty() ? replay_command(t_) : options_.replay);
        json_.key("drift");
        json_.open('[');
        for (const std::string& one : h.drift) {
            json_.text(one);
        }
        json_.close(']');
        json_.key("cpus");
        json_.number(h.cpus);
        json_.key("contexts");
        json_.open('[');
        for (const sim::trace_context& context : h.contexts) {
            json_.open('{');
            json_.key("name");
            json_.text(context.name);
            json_.key("cpu");
            json_.number(context.cpu);
            json_.flag("service", context.service);
            json_.close('}');
        }
        json_.close(']');
    }

    // One column: `of` gives the number of each event.
    template <class Of>
    void column(const char* name, Of of) {
        json_.key(name);
        json_.open('[');
        for (const sim::trace_event& event : t_.events) {
            json_.number(of(event));
        }
        json_.close(']');
    }

    // A column in which nearly everything is zero: index, value, index, value.
    template <class Of>
    void sparse(const char* name, Of of) {
        json_.key(name);
        json_.open('[');
        for (size_t i = 0; i < t_.events.size(); ++i) {
            if (const uint64_t value = of(t_.events[i]); value != 0) {
                json_.number(i);
                json_.number(value);
            }
        }
        json_.close(']');
    }

    void events() {
        using event = sim::trace_event;
        json_.key("events");
        json_.open('{');
        column("step", [](const event& e) { return e.step; });
        column("context", [](const event& e) { return e.context; });
        column("kind", [&](const event& e) { return tables_.text(e.kind); });
        column("object", [&](const event& e) { return tables_.text(e.object); });
        column("detail", [&](const event& e) { return tables_.text(e.detail); });
        column("stack", [&](const event& e) { return tables_.stack(e.stack); });
        column("enabled", [&](const event& e) { return tables_.set(e.enabled); });
        sparse("remark", [](const event& e) { return e.remark ? 1U : 0U; });
        sparse("order", [&](const event& e) { return tables_.text(e.order); });
        sparse("from", [](const event& e) { return e.from; });
        sparse("stale", [](const event& e) { return e.stale ? 1U : 0U; });
        sparse("preemption", [](const event& e) { return e.preemption ? 1U : 0U; });
        sparse("time", [](const event& e) { return e.time_ns; });
        sparse("packet", [](const event& e) { return e.packet; });
        sparse("bytes", [&](const event& e) { return tables_.text(sim::to_hex(e.bytes)); });
        json_.key("after");
        json_.open('[');
        for (uint32_t i = 0; i < t_.events.size(); ++i) {
            if (!t_.events[i].after.empty()) {
                std::vector<uint32_t> line{i};
                line.insert(line.end(), t_.events[i].after.begin(), t_.events[i].after.end());
                write_list(json_, line);
            }
        }
        json_.close(']');
        json_.close('}');
    }

    template <class Of>
    void row_column(const char* name, const story& s, Of of) {
        json_.key(name);
        json_.open('[');
        for (const story_row& row : s.rows) {
            json_.number(of(row));
        }
        json_.close(']');
    }

    void row_texts(const char* name, const story& s,
                   const std::vector<std::string> story_row::*texts) {
        json_.key(name);
        json_.open('[');
        for (uint32_t i = 0; i < s.rows.size(); ++i) {
            if (!(s.rows[i].*texts).empty()) {
                std::vector<uint32_t> line{i};
                for (const std::string& text : s.rows[i].*texts) {
                    line.push_back(tables_.text(text));
                }
                write_list(json_, line);
            }
        }
        json_.close(']');
    }

    // Everything that a view may show on a line of its own.
    void rows(const story& all) {
        json_.key("rows");
        json_.open('{');
        row_column("kind", all, [](const story_row& r) { return static_cast<uint32_t>(r.kind); });
        row_column("step", all, [](const story_row& r) { return r.first_step; });
        row_column("context", all, [](const story_row& r) { return r.context; });
        row_column("depth", all, [](const story_row& r) { return r.depth; });
        row_column("function", all, [&](const story_row& r) { return tables_.text(r.function); });
        row_column("text", all, [&](const story_row& r) { return tables_.text(r.text); });
        row_column("event", all, [](const story_row& r) {
            return r.kind == row_kind::finding ? r.finding : r.event;
        });
        row_texts("changes", all, &story_row::changes);
        row_texts("evidence", all, &story_row::evidence);
        std::vector<uint32_t> at;
        std::vector<uint32_t> preempted;
        for (uint32_t i = 0; i < all.rows.size(); ++i) {
            if (all.rows[i].at_finding) {
                at.push_back(i);
            }
            if (all.rows[i].preempted != no_context) {
                preempted.insert(preempted.end(), {i, all.rows[i].preempted});
            }
        }
        json_.key("at");
        write_list(json_, at);
        json_.key("preempted");
        write_list(json_, preempted);
        json_.close('}');
    }

    static bool is_same(const story_row& a, const story_row& b) {
        return a.kind == b.kind && a.context == b.context && a.text == b.text &&
               (a.kind == row_kind::finding ? a.finding == b.finding
                                            : a.event == b.event && a.first_step == b.first_step);
    }

    // Which of the rows the story tells; what lies between them is folded.
    void short_view(const story& all) {
        const story chosen =
            tell(t_, {.rows_max = options_.rows_max, .plumbing = options_.plumbing});
        std::vector<uint32_t> shown;
        uint32_t next = 0;
        for (const story_row& row : chosen.rows) {
            if (row.kind == row_kind::fold) {
                continue;
            }
            const auto found =
                std::find_if(all.rows.begin() + next, all.rows.end(),
                             [&](const story_row& other) { return is_same(row, other); });
            if (found != all.rows.end()) {
                shown.push_back(static_cast<uint32_t>(found - all.rows.begin()));
                next = shown.back() + 1;
            }
        }
        json_.key("story");
        write_list(json_, shown);
    }

    void evidence(const sim::trace_evidence& e, const story& all) {
        const uint32_t row = evidence_row(all, e);
        json_.open('{');
        json_.key("label");
        json_.text(e.label);
        json_.key("text");
        json_.text(when_and_who(t_, e));
        json_.key("more");
        json_.text(remainder_of(t_, e));
        json_.key("step");
        json_.number(e.step);
        json_.key("context");
        json_.number(e.context);
        json_.key("told");
        json_.text(e.text);
        json_.key("stack");
        json_.number(tables_.stack(e.stack));
        if (row != no_row) {
            json_.key("row");
            json_.number(row);
        }
        json_.close('}');
    }

    void finding(const sim::trace_finding& f, const story& all) {
        json_.open('{');
        json_.key("kind");
        json_.text(f.kind);
        json_.key("title");
        json_.text(finding_title(f, options_.plumbing));
        json_.key("message");
        json_.text(f.message);
        json_.key("step");
        json_.number(f.step);
        json_.key("context");
        json_.number(f.context);
        json_.flag("main", &f == &sim::main_finding(t_));
        json_.key("stack");
        json_.number(tables_.stack(f.stack));
        json_.key("why");
        json_.open('[');
        for (const why_line& line : why(t_, f, options_.plumbing, why_width)) {
            json_.open('[');
            json_.text(line.label);
            json_.text(line.text);
            json_.close(']');
        }
        json_.close(']');
        json_.key("evidence");
        json_.open('[');
        for (const sim::trace_evidence& e : f.evidence) {
            evidence(e, all);
        }
        json_.close(']');
        json_.close('}');
    }

    void findings(const story& all) {
        json_.key("findings");
        json_.open('[');
        for (const sim::trace_finding& f : t_.findings) {
            finding(f, all);
        }
        json_.close(']');
    }

    void order() {
        std::vector<uint32_t> edges;
        for (const order_edge& edge : necessary_order(t_)) {
            edges.insert(edges.end(), {edge.from, edge.to});
        }
        json_.key("edges");
        write_list(json_, edges);
    }

    // Event, group, thing, before, after.
    void changes() {
        std::vector<uint32_t> flat;
        for (const state_change& c : state_changes(t_)) {
            flat.insert(flat.end(), {c.event, static_cast<uint32_t>(c.group), tables_.text(c.thing),
                                     tables_.text(c.before), tables_.text(c.after)});
        }
        json_.key("changes");
        write_list(json_, flat);
    }

    void sources() {
        json_.key("sources");
        json_.open('{');
        for (const excerpt& one : excerpts_of(t_, options_.source)) {
            json_.key(one.file);
            json_.open('[');
            for (const excerpt_part& part : one.parts) {
                std::string text;
                for (const std::string& line : part.lines) {
                    text += line + '\n';
                }
                json_.number(part.first);
                json_.text(text);
            }
            json_.close(']');
        }
        json_.close('}');
    }

    const sim::trace& t_;
    const report_options& options_;
    sim::json_line& json_;
    data_tables tables_;
};

}  // namespace

void write_run(const sim::trace& t, const report_options& options, sim::json_line& json) {
    run_writer(t, options, json).write();
}

}  // namespace viz
