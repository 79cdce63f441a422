#include "viz/table.h"

#include <fmt/format.h>

#include <algorithm>

#include "viz/phrase.h"
#include "viz/text_line.h"

namespace viz {

namespace {

constexpr std::string_view preempted_mark = "~ preempted";
constexpr size_t column_min = 22;  // narrower than this nobody can read: one column for all

// What a context does while another runs.
enum class life : uint8_t { unborn, running, waiting, over };

struct column {
    std::string title;
    std::vector<uint32_t> contexts;
    size_t width = 0;
    bool shared = false;         // several contexts
    uint32_t last = no_context;  // the one that was shown last
};

class table {
  public:
    table(const sim::trace& t, const story& s, const columns_options& options)
        : t_(t),
          s_(s),
          options_(options),
          life_(t.header.contexts.size(), life::unborn),
          last_step_(t.header.contexts.size(), 0) {
        for (const sim::trace_event& event : t.events) {
            last_step_[event.context] = std::max(last_step_[event.context], event.step);
        }
        ends_ = contexts_that_end(t);
        gutter_ = std::max<size_t>(4, std::to_string(s.steps).size()) + 2;
        place_contexts();
        measure();
    }

    std::string text() {
        header();
        for (const story_row& row : s_.rows) {
            row.kind == row_kind::finding ? finding(row) : ordinary(row);
        }
        return std::move(out_);
    }

  private:
    // ------------------------------------------------------------ widths

    void place_contexts() {
        column_of_.assign(t_.header.contexts.size(), 0);
        uint32_t cpu = UINT32_MAX;
        for (const uint32_t context : s_.contexts) {
            if (t_.header.contexts[context].cpu != cpu) {
                cpu = t_.header.contexts[context].cpu;
                columns_.push_back({});
                columns_.back().title = fmt::format("cpu{} {}", cpu, name_of(context));
            } else {
                columns_.back().title += ", " + name_of(context);
                columns_.back().shared = true;
            }
            column_of_[context] = columns_.size() - 1;
            columns_.back().contexts.push_back(context);
        }
    }

    // Each column as wide as it needs; when they do not fit, the widest give way first.
    void measure() {
        for (column& c : columns_) {
            c.width = std::max(text_width(preempted_mark), text_width(c.title));
            c.last = no_context;
        }
        change_width_ = std::string_view("state").size();
        for (const story_row& row : s_.rows) {
            for (const std::string& change : row.changes) {
                change_width_ = std::max(change_width_, text_width(change));
            }
            const bool spills = row.kind == row_kind::remark && row.changes.empty();
            for (const auto& [context, text] : cells_of(row)) {
                if (spills) {
                    continue;
                }
                size_t& width = columns_[column_of_[context]].width;
                width = std::max(width, text_width(text));
            }
        }
        for (column& c : columns_) {
            c.last = no_context;
        }
        const size_t fixed = gutter_ + column_gap * columns_.size();
        const size_t room = options_.width > fixed ? options_.width - fixed : 0;
        size_t cap = options_.width;
        while (cap >= column_min && capped_sum(cap) > room) {
            --cap;
        }
        narrow_ = cap < column_min;
        for (column& c : columns_) {
            c.width = std::min(c.width, cap);
        }
        change_width_ = std::min(change_width_, cap);
        if (narrow_) {
            measure_narrow();
        }
    }

    [[nodiscard]] size_t capped_sum(size_t cap) const {
        size_t sum = std::min(change_width_, cap);
        for (const column& c : columns_) {
            sum += std::min(c.width, cap);
        }
        return sum;
    }

    void measure_narrow() {
        for (const uint32_t context : s_.contexts) {
            prefix_ = std::max(prefix_, text_width(narrow_name(context)));
        }
        prefix_ = std::min<size_t>(prefix_, options_.width / 3);
        const size_t used = gutter_ + prefix_ + 3;
        narrow_width_ = options_.width > used + 10 ? options_.width - used : 10;
    }

    // ------------------------------------------------------------ cells

    [[nodiscard]] std::string name_of(uint32_t context) const {
        return printable(t_.header.contexts[context].name, options_.utf8);
    }
    [[nodiscard]] std::string narrow_name(uint32_t context) const {
        return fmt::format("cpu{} {}", t_.header.contexts[context].cpu, name_of(context));
    }

    static std::string indentation(uint32_t depth) {
        return std::string(size_t{2} * std::min<uint32_t>(depth, 6), ' ');
    }

    // Text per context of a row; a column with several contexts says when another one goes on.
    std::vector<std::pair<uint32_t, std::string>> cells_of(const story_row& row) {
        std::vector<std::pair<uint32_t, std::string>> out;
        if (row.kind == row_kind::fold) {
            if (narrow_ && row.parts.size() > 2) {
                out.emplace_back(row.context, fold_of_many(row));
                return out;
            }
            for (const fold_part& part : row.parts) {
                out.emplace_back(part.context,
                                 tag(part.context) + indentation(row.depth) + fold_text(part));
            }
            return out;
        }
        std::string text = row.text;
        if (row.kind == row_kind::step && row.new_function && !row.function.empty()) {
            text = row.function + ": " + text;
        }
        const std::string mark = row.kind == row_kind::blocked ? "~ " : "";
        out.emplace_back(row.context, tag(row.context) + indentation(row.depth) + mark +
                                          printable(text, options_.utf8));
        return out;
    }

    [[nodiscard]] std::string fold_text(const fold_part& part) const {
        return fmt::format("{} {} step{}{}{}", options_.utf8 ? "\u2026" : "...", part.steps,
                           part.steps == 1 ? "" : "s", part.function.empty() ? "" : " in ",
                           printable(part.function, options_.utf8));
    }

    // "32 steps in ether_input", or "32 in ether_input" where that saves a line.
    static std::string fitted(const story_row& row, std::string text, size_t width) {
        static constexpr std::string_view words = " steps in ";
        const size_t at = text.find(words);
        if (row.kind == row_kind::fold && text_width(text) > width && at != std::string::npos) {
            text.replace(at, words.size(), " in ");
        }
        return text;
    }

    [[nodiscard]] std::string fold_of_many(const story_row& row) const {
        std::string names;
        for (const fold_part& part : row.parts) {
            names += (names.empty() ? "" : ", ") + name_of(part.context);
        }
        return fmt::format("{} {} steps of {}", options_.utf8 ? "\u2026" : "...",
                           row.last_step - row.first_step + 1, names);
    }

    std::string tag(uint32_t context) {
        column& c = columns_[column_of_[context]];
        const bool changes = c.shared && c.last != context;
        c.last = context;
        return changes && !narrow_ ? fmt::format("[{}] ", name_of(context)) : "";
    }

    // What stands in a column in which nothing happens now.
    [[nodiscard]] span idle(const column& c) const {
        span out;
        for (const uint32_t context : c.contexts) {
            if (life_[context] == life::running) {
                return {options_.utf8 ? "\u2502" : "|", style::plain};
            }
            if (life_[context] == life::waiting) {
                out.text = options_.utf8 ? "\u250a" : ":";
            }
        }
        return out;
    }

    void live_on(const story_row& row) {
        const auto set = [&](uint32_t context) {
            const bool last = row.last_step >= last_step_[context] && row.kind != row_kind::call;
            life_[context] = last && ends_[context] ? life::over : life::running;
        };
        if (row.kind == row_kind::blocked) {
            life_[row.context] = life::waiting;
        } else if (row.kind == row_kind::fold) {
            for (const fold_part& part : row.parts) {
                set(part.context);
            }
        } else {
            set(row.context);
        }
    }

    // ------------------------------------------------------------ rows

    void header() {
        if (columns_.empty()) {
            return;
        }
        text_line l;
        l.gutter = "step";
        if (narrow_) {
            l.across = "what happens   [what it changes]";
            l.across_at = gutter_;
        } else {
            for (const column& c : columns_) {
                l.cells.push_back({shortened(c.title, c.width), style::plain});
            }
            l.change = "state";
        }
        print(l);
    }

    [[nodiscard]] std::string gutter_of(const story_row& row) const {
        const bool numbered = row.kind == row_kind::step || row.kind == row_kind::fold;
        const char mark = row.at_finding ? '!' : !row.evidence.empty() ? '*' : ' ';
        return fmt::format("{:>{}}{}", numbered ? std::to_string(row.first_step) : "", gutter_ - 2,
                           mark);
    }

    void ordinary(const story_row& row) {
        const auto cells = cells_of(row);
        narrow_ ? one_column(row, cells) : side_by_side(row, cells);
        live_on(row);
    }

    void side_by_side(const story_row& row,
                      const std::vector<std::pair<uint32_t, std::string>>& cells) {
        std::vector<std::vector<span>> grid(columns_.size());
        const style look = row.at_finding ? style::alarm : style::plain;
        for (const auto& [context, text] : cells) {
            const size_t at = column_of_[context];
            if (row.kind == row_kind::remark && row.changes.empty()) {
                spill(row, at, text);
                return;
            }
            for (std::string& piece :
                 pieces(fitted(row, text, columns_[at].width), columns_[at].width)) {
                grid[at].push_back({std::move(piece), look});
            }
        }
        if (row.preempted != no_context) {
            const size_t at = column_of_[row.preempted];
            const span mark{std::string(preempted_mark), style::strong};
            if (grid[at].empty()) {
                grid[at].push_back(mark);
            } else {
                text_line l = empty_line();
                l.cells[at] = mark;
                print(l);
            }
        }
        std::vector<std::string> changes;
        for (const std::string& change : row.changes) {
            for (std::string& piece : pieces(printable(change, options_.utf8), change_width_)) {
                changes.push_back(std::move(piece));
            }
        }
        print_grid(row, grid, changes);
    }

    // A packet or a command reads badly in pieces; what stands to its right is only idle.
    void spill(const story_row& row, size_t at, const std::string& text) {
        text_line l = empty_line();
        l.gutter = gutter_of(row);
        size_t room = options_.width - gutter_;
        for (size_t c = 0; c < at; ++c) {
            room -= std::min(room, columns_[c].width + column_gap);
        }
        l.cells[at] = {shortened(text, room), style::plain};
        size_t used = text_width(l.cells[at].text);
        for (size_t c = at + 1; c < columns_.size(); ++c) {
            const bool covered = used > columns_[c - 1].width;
            used -= std::min(used, columns_[c - 1].width + column_gap);
            if (covered) {
                l.cells[c] = {};
            }
        }
        print(l);
    }

    void print_grid(const story_row& row, const std::vector<std::vector<span>>& grid,
                    const std::vector<std::string>& changes) {
        size_t height = std::max<size_t>(1, changes.size());
        for (const auto& cell : grid) {
            height = std::max(height, cell.size());
        }
        for (size_t i = 0; i < height; ++i) {
            text_line l = empty_line();
            l.gutter = i == 0 ? gutter_of(row) : "";
            l.gutter_look = row.at_finding ? style::alarm : style::plain;
            for (size_t c = 0; c < grid.size(); ++c) {
                if (i < grid[c].size()) {
                    l.cells[c] = grid[c][i];
                } else if (!grid[c].empty() && columns_[c].contexts.size() == 1) {
                    l.cells[c] = {};
                }
            }
            l.change = i < changes.size() ? changes[i] : "";
            print(l);
        }
    }

    void one_column(const story_row& row,
                    const std::vector<std::pair<uint32_t, std::string>>& cells) {
        if (row.preempted != no_context) {
            print_narrow("", row.preempted, std::string(preempted_mark), style::strong);
        }
        std::string gutter = gutter_of(row);
        const style look = row.at_finding ? style::alarm : style::plain;
        for (size_t i = 0; i < cells.size(); ++i) {
            std::string text = cells[i].second;
            if (i + 1 == cells.size() && !row.changes.empty()) {
                text += fmt::format(
                    "   [{}]",
                    printable(fmt::format("{}", fmt::join(row.changes, "; ")), options_.utf8));
            }
            print_narrow(gutter, cells[i].first, text, look);
            gutter.clear();
        }
    }

    void print_narrow(std::string gutter, uint32_t context, const std::string& text, style look) {
        std::string name = narrow_name(context);
        const std::string bar = options_.utf8 ? " \u2502 " : " | ";
        for (const std::string& piece : pieces(text, narrow_width_)) {
            text_line l;
            l.gutter = std::move(gutter);
            l.gutter_look = look;
            l.across_at = gutter_;
            name = shortened(name, prefix_);
            l.across = name;
            l.across.append(prefix_ - text_width(name), ' ').append(bar).append(piece);
            l.across_look = look;
            print(l);
            gutter.clear();
            name.clear();
        }
    }

    // The title, and the evidence that explains it; the rest stands below the table.
    [[nodiscard]] std::vector<std::string> finding_texts(const story_row& row) const {
        std::vector<std::string> texts = {row.text};
        const sim::trace_finding& finding = t_.findings[row.finding];
        for (const sim::trace_evidence& evidence : finding.evidence) {
            if (row.first_step != 0 && !finding.stack.empty() && evidence.step != 0) {
                texts.push_back(fmt::format("   {} {}", evidence.label,
                                            evidence_line(t_, evidence, options_.plumbing)));
            }
        }
        return texts;
    }

    void finding(const story_row& row) {
        const std::vector<std::string> texts = finding_texts(row);
        size_t at = gutter_;
        if (!narrow_ && row.first_step != 0 && !t_.findings[row.finding].stack.empty()) {
            for (size_t c = 0; c < column_of_[row.context]; ++c) {
                at += columns_[c].width + column_gap;
            }
        }
        // Text that starts far to the right has no room: it moves left as far as it must.
        size_t longest = 0;
        for (const std::string& text : texts) {
            longest = std::max(longest, text_width(text));
        }
        const size_t limit = options_.width > longest ? options_.width - longest : 0;
        at = std::max(gutter_, std::min(at, limit));
        const size_t room = options_.width > at + 10 ? options_.width - at : 10;
        for (const std::string& text : texts) {
            const style look = &text == &texts.front() ? style::alarm : style::plain;
            std::string mark = look == style::alarm ? fmt::format("{:>{}}", "!!", gutter_ - 1) : "";
            for (const std::string& piece : pieces(printable(text, options_.utf8), room)) {
                text_line l;
                l.gutter = std::move(mark);
                l.gutter_look = style::alarm;
                l.across = piece;
                l.across_at = at;
                l.across_look = look;
                print(l);
                mark.clear();
            }
        }
    }

    // ------------------------------------------------------------ printing

    [[nodiscard]] text_line empty_line() const {
        text_line l;
        for (const column& c : columns_) {
            l.cells.push_back(idle(c));
        }
        return l;
    }

    void print(const text_line& l) {
        std::vector<size_t> widths;
        for (const column& c : columns_) {
            widths.push_back(c.width);
        }
        print_line(out_, l, gutter_, widths, options_.colour);
    }

    const sim::trace& t_;
    const story& s_;
    const columns_options& options_;
    std::vector<column> columns_;
    std::vector<size_t> column_of_;  // per context
    std::vector<life> life_;         // per context
    std::vector<bool> ends_;         // does the trace tell the end of the context?
    std::vector<uint32_t> last_step_;
    size_t gutter_ = 0;
    size_t change_width_ = 0;
    size_t prefix_ = 0;  // narrow: the context's name
    size_t narrow_width_ = 0;
    bool narrow_ = false;
    std::string out_;
};

}  // namespace

std::string table_text(const sim::trace& t, const story& s, const columns_options& options) {
    return table(t, s, options).text();
}

}  // namespace viz
