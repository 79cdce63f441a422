#include "viz/story.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "viz/interest.h"
#include "viz/phrase.h"

namespace viz {

namespace {

constexpr size_t dull_run_max = 3;

// ---------------------------------------------------------------- choosing

// Chooses items by rank until the rows are used up, then fills gaps of a single step.
class chooser {
  public:
    chooser(const sim::trace& t, const std::vector<item>& items, const story_options& options)
        : items_(items), options_(options), shown_(items.size(), false) {
        for (uint32_t i = 0; i < items.size(); ++i) {
            const bool leave = items[i].what == item::what_kind::leave;
            const bool call = items[i].what == item::what_kind::call;
            if (!leave && (options.calls || !call)) {
                order_.push_back(i);
            }
        }
        sort_by_rank(t);
        finding_rows_ = std::min<size_t>(t.findings.size(), options.findings_max);
    }

    // Which items have a row. `joined`: a fold may hide steps of several contexts.
    std::vector<bool> choose(bool& joined) {
        joined = false;
        if (options_.rows_max == 0) {
            mark(order_.size());
            return shown_;
        }
        // The first rank that has no room decides: folds of one context each are easier to read,
        // but only if they do not push out what matters.
        size_t chosen = largest(false);
        if (chosen < first_of_rank(rank_dull - 2)) {
            joined = true;
            chosen = largest(true);
        }
        // A few dull steps among many would be chosen by chance: all of them or none.
        if (chosen < order_.size()) {
            chosen = std::min(chosen, first_of_rank(rank_dull));
        }
        mark(std::max(chosen, first_of_rank(1)));
        hide_dull_runs();
        fill_gaps(joined);
        return shown_;
    }

  private:
    void sort_by_rank(const sim::trace& t) {
        // Among equals, the nearer to a step of the finding the better.
        std::vector<uint32_t> named;
        for (uint32_t i = 0; i < items_.size(); ++i) {
            if (items_[i].rank == 0) {
                named.push_back(i);
            }
        }
        if (named.empty() && !t.findings.empty() && !items_.empty()) {
            named.push_back(static_cast<uint32_t>(items_.size() - 1));
        }
        const auto distance = [&](uint32_t i) {
            const auto after = std::lower_bound(named.begin(), named.end(), i);
            const uint32_t up = after == named.end() ? UINT32_MAX : *after - i;
            const uint32_t down = after == named.begin() ? UINT32_MAX : i - *(after - 1);
            return std::min(up, down);
        };
        std::stable_sort(order_.begin(), order_.end(), [&](uint32_t a, uint32_t b) {
            const std::pair left(items_[a].rank, distance(a));
            const std::pair right(items_[b].rank, distance(b));
            return left < right;
        });
    }

    [[nodiscard]] size_t first_of_rank(uint32_t rank) const {
        const auto found = std::find_if(order_.begin(), order_.end(),
                                        [&](uint32_t i) { return items_[i].rank >= rank; });
        return static_cast<size_t>(found - order_.begin());
    }

    void mark(size_t count) {
        std::fill(shown_.begin(), shown_.end(), false);
        for (size_t i = 0; i < count; ++i) {
            shown_[order_[i]] = true;
        }
    }

    // Rows that the chosen items and the folds between them take.
    [[nodiscard]] size_t rows(bool joined) const {
        size_t count = finding_rows_;
        uint32_t folded = no_context;  // the context of the open fold
        for (size_t i = 0; i < items_.size(); ++i) {
            if (shown_[i]) {
                ++count;
                folded = no_context;
            } else if (items_[i].what == item::what_kind::step) {
                const bool opens = folded == no_context || (!joined && folded != items_[i].context);
                count += opens ? 1 : 0;
                folded = items_[i].context;
            }
        }
        return count;
    }

    // How many items, best first, fit. The number of rows grows with them, apart from a fold that
    // disappears now and then, which does not matter here.
    size_t largest(bool joined) {
        size_t fits = 0;
        size_t too_many = order_.size() + 1;
        while (fits + 1 < too_many) {
            const size_t middle = fits + (too_many - fits) / 2;
            mark(middle);
            (rows(joined) <= options_.rows_max ? fits : too_many) = middle;
        }
        return fits;
    }

    // Even where there is room, a long run of reads that nobody else cares about only distracts.
    void hide_dull_runs() {
        std::vector<size_t> run;
        const auto close = [&] {
            if (run.size() > dull_run_max) {
                for (const size_t i : run) {
                    shown_[i] = false;
                }
            }
            run.clear();
        };
        for (size_t i = 0; i < items_.size(); ++i) {
            if (!shown_[i]) {
                continue;
            }
            const bool dull =
                items_[i].what == item::what_kind::step && items_[i].rank == rank_dull;
            if (!dull || (!run.empty() && items_[run.back()].context != items_[i].context)) {
                close();
            }
            if (dull) {
                run.push_back(i);
            }
        }
        close();
    }

    // "1 step" takes as much room as the step itself.
    void fill_gaps(bool joined) {
        size_t hidden = 0;
        size_t last = 0;
        uint32_t context = no_context;
        const auto close = [&] {
            if (hidden == 1) {
                shown_[last] = true;
            }
            hidden = 0;
        };
        for (size_t i = 0; i < items_.size(); ++i) {
            if (shown_[i]) {
                close();
            } else if (items_[i].what == item::what_kind::step) {
                if (!joined && hidden != 0 && context != items_[i].context) {
                    close();
                }
                ++hidden;
                last = i;
                context = items_[i].context;
            }
        }
        close();
    }

    const std::vector<item>& items_;
    const story_options& options_;
    std::vector<uint32_t> order_;  // items that may have rows, best first
    std::vector<bool> shown_;
    size_t finding_rows_ = 0;
};

// ---------------------------------------------------------------- telling

class teller {
  public:
    teller(const sim::trace& t, const std::vector<item>& items, const story_options& options)
        : t_(t),
          items_(items),
          options_(options),
          left_(preempted_by_event(t)),
          calls_(t.header.contexts.size()),
          last_function_(t.header.contexts.size()) {}

    story tell() {
        bool joined = false;
        const std::vector<bool> shown = chooser(t_, items_, options_).choose(joined);
        out_.row_of_step.push_back(0);
        for (size_t i = 0; i < items_.size(); ++i) {
            take(items_[i], shown[i], joined);
        }
        close_fold();
        if (step_ != 0) {
            findings(step_);
        }
        findings(0);
        name_evidence();
        list_contexts();
        return std::move(out_);
    }

  private:
    struct call {
        std::string function;
        bool shown = false;
    };

    void take(const item& it, bool shown, bool joined) {
        const sim::trace_event& event = t_.events[it.event];
        if (it.what == item::what_kind::step && event.step > step_) {
            if (step_ != 0) {
                findings(step_);  // they stand after the remarks of their step
            }
            step_ = event.step;
            ++out_.steps;
            out_.preemptions += left_[it.event] != no_context ? 1 : 0;
        }
        if (it.what == item::what_kind::leave) {
            if (!calls_[it.context].empty()) {
                calls_[it.context].pop_back();
            }
        } else if (shown) {
            close_fold();
            show(it, event);
        } else if (it.what == item::what_kind::step) {
            fold(it, event, joined);
        }
        if (it.what == item::what_kind::call) {
            calls_[it.context].push_back({it.function, shown});
        }
    }

    story_row& add(row_kind kind, uint32_t context, uint32_t step) {
        story_row& row = out_.rows.emplace_back();
        row.kind = kind;
        row.context = context;
        row.first_step = step;
        row.last_step = step;
        const std::vector<call>& calls = calls_[context];
        row.depth = static_cast<uint32_t>(
            std::count_if(calls.begin(), calls.end(), [](const call& c) { return c.shown; }));
        return row;
    }

    void show(const item& it, const sim::trace_event& event) {
        row_kind kind = row_kind::step;
        if (it.what == item::what_kind::call) {
            kind = row_kind::call;
        } else if (it.what == item::what_kind::remark) {
            const bool waits = event.kind == "blocked" || !it.waits.empty();
            kind = waits ? row_kind::blocked : row_kind::remark;
        }
        story_row& row = add(kind, it.context, event.step);
        row.event = it.event;
        row.function = it.function;
        std::string& before = last_function_[it.context];
        const std::vector<call>& calls = calls_[it.context];
        const bool above =  // the row of the call says it
            !calls.empty() && calls.back().shown && calls.back().function == it.function;
        row.new_function = before != it.function && !above;
        before = it.function;
        if (kind == row_kind::call) {
            row.text = fmt::format("{}({})", it.function, argument_of(event, it.function));
            return;
        }
        if (!it.waits.empty()) {
            row.text = it.waits;
            return;
        }
        row.text = action_of(event);
        add_change(row, change_of(event));
        for (const uint32_t change : it.changes) {
            add_change(row, change_of(t_.events[change]));
        }
        if (kind == row_kind::step) {
            row.preempted = left_[it.event];
            out_.row_of_step.push_back(static_cast<uint32_t>(out_.rows.size() - 1));
        }
    }

    // A detail that only repeats the name is no argument.
    static std::string argument_of(const sim::trace_event& event, const std::string& function) {
        const bool repeats = short_function(event.detail) == function;
        return event.kind == "enter" && !repeats ? event.detail : "";
    }

    static void add_change(story_row& row, const std::string& change) {
        const auto same = std::find(row.changes.begin(), row.changes.end(), change);
        if (!change.empty() && same == row.changes.end()) {
            row.changes.push_back(change);
        }
    }

    // ------------------------------------------------------------ folds

    void fold(const item& it, const sim::trace_event& event, bool joined) {
        const bool other = folding_ && out_.rows.back().parts.back().context != it.context;
        if (!folding_ || (other && !joined)) {
            close_fold();
            story_row& row = add(row_kind::fold, it.context, event.step);
            row.event = it.event;
            row.preempted = left_[it.event];
            folding_ = true;
            hidden_preemptions_ = 0;
        } else if (left_[it.event] != no_context) {
            ++hidden_preemptions_;
        }
        story_row& row = out_.rows.back();
        row.last_step = event.step;
        auto part = std::find_if(row.parts.begin(), row.parts.end(),
                                 [&](const fold_part& p) { return p.context == it.context; });
        if (part == row.parts.end()) {
            row.parts.push_back({it.context, 0, ""});
            shared_.push_back(path(it));
            part = row.parts.end() - 1;
        }
        ++part->steps;
        keep_common(shared_[static_cast<size_t>(part - row.parts.begin())], path(it));
        out_.row_of_step.push_back(static_cast<uint32_t>(out_.rows.size() - 1));
    }

    [[nodiscard]] std::vector<std::string> path(const item& it) const {
        std::vector<std::string> out;
        for (const call& c : calls_[it.context]) {
            out.push_back(c.function);
        }
        if (!it.function.empty() && (out.empty() || out.back() != it.function)) {
            out.push_back(it.function);
        }
        return out;
    }

    static void keep_common(std::vector<std::string>& shared,
                            const std::vector<std::string>& with) {
        const auto [left, right] =
            std::mismatch(shared.begin(), shared.end(), with.begin(), with.end());
        shared.erase(left, shared.end());
    }

    void close_fold() {
        if (!folding_) {
            return;
        }
        folding_ = false;
        story_row& row = out_.rows.back();
        for (size_t i = 0; i < row.parts.size(); ++i) {
            fold_part& part = row.parts[i];
            part.function = shared_[i].empty() ? "" : shared_[i].back();
            last_function_[part.context] = "";  // the next row names its function again
        }
        shared_.clear();
        if (hidden_preemptions_ != 0) {
            row.changes.push_back(fmt::format("{} preemption{} inside", hidden_preemptions_,
                                              hidden_preemptions_ == 1 ? "" : "s"));
        }
    }

    // ------------------------------------------------------------ findings

    // Rows for the findings of a step; 0: for those at the end of the execution.
    void findings(uint32_t step) {
        for (uint32_t i = 0; i < t_.findings.size() && found_ < options_.findings_max; ++i) {
            const sim::trace_finding& finding = t_.findings[i];
            if (finding.step != step || finding.context >= calls_.size()) {
                continue;
            }
            close_fold();
            story_row& row = add(row_kind::finding, finding.context, finding.step);
            row.finding = i;
            row.text = finding_title(finding, options_.plumbing);
            ++found_;
        }
    }

    void name_evidence() {
        for (const sim::trace_finding& finding : t_.findings) {
            if (finding.step != 0 && finding.step < out_.row_of_step.size()) {
                story_row& row = out_.rows[out_.row_of_step[finding.step]];
                // What nobody did (a deadlock, a leak) only happens to be found after some step.
                row.at_finding =
                    row.at_finding || (row.context == finding.context && !finding.stack.empty());
            }
            for (const sim::trace_evidence& evidence : finding.evidence) {
                const uint32_t row = evidence_row(out_, evidence);
                if (row != no_row) {
                    std::vector<std::string>& to = out_.rows[row].evidence;
                    if (std::find(to.begin(), to.end(), evidence.label) == to.end()) {
                        to.push_back(evidence.label);
                    }
                }
            }
        }
    }

    void list_contexts() {
        std::vector<bool> used(t_.header.contexts.size(), false);
        for (const sim::trace_event& event : t_.events) {
            used[event.context] = true;
        }
        for (uint32_t i = 0; i < used.size(); ++i) {
            if (used[i]) {
                out_.contexts.push_back(i);
            }
        }
        std::stable_sort(out_.contexts.begin(), out_.contexts.end(), [&](uint32_t a, uint32_t b) {
            return t_.header.contexts[a].cpu < t_.header.contexts[b].cpu;
        });
    }

    const sim::trace& t_;
    const std::vector<item>& items_;
    const story_options& options_;
    const std::vector<uint32_t> left_;
    std::vector<std::vector<call>> calls_;  // per context
    std::vector<std::string> last_function_;
    std::vector<std::vector<std::string>> shared_;  // per part of the open fold
    story out_;
    uint32_t step_ = 0;
    uint32_t found_ = 0;
    uint32_t hidden_preemptions_ = 0;
    bool folding_ = false;
};

}  // namespace

uint32_t evidence_row(const story& s, const sim::trace_evidence& evidence) {
    if (evidence.step == 0 || evidence.step >= s.row_of_step.size()) {
        return no_row;
    }
    const auto has_context = [&](const story_row& row) {
        const bool part = std::any_of(row.parts.begin(), row.parts.end(), [&](const fold_part& p) {
            return p.context == evidence.context;
        });
        return row.kind != row_kind::finding && (part || row.context == evidence.context);
    };
    // The step may be the last one of the execution, by somebody else: then the last one of the
    // context itself is meant.
    size_t own = s.row_of_step[evidence.step];
    while (own > 0 && !has_context(s.rows[own])) {
        --own;
    }
    for (size_t i = own + 1; i < s.rows.size() && s.rows[i].kind != row_kind::finding; ++i) {
        const bool mine = has_context(s.rows[i]);
        if (mine && s.rows[i].kind == row_kind::blocked) {
            return static_cast<uint32_t>(i);
        }
        if (mine && s.rows[i].kind != row_kind::call) {
            break;
        }
    }
    return has_context(s.rows[own]) ? static_cast<uint32_t>(own) : no_row;
}

story tell(const sim::trace& t, const story_options& options) {
    const std::vector<item> items = items_of(t, options.plumbing);
    return teller(t, items, options).tell();
}

}  // namespace viz
