#include "viz/boxes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "viz/why.h"

namespace viz {

namespace {

constexpr double small_size = 9;
constexpr double padding = 14;   // beside the text, left and right together
constexpr size_t text_max = 38;  // characters of a line in a box
constexpr size_t lines_max = 3;
constexpr size_t change_max = 46;
constexpr size_t note_max = 62;

std::string upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

void add_text(scene_box& box, const std::string& text) {
    std::vector<std::string> lines = wrapped(text, text_max);
    if (lines.size() > lines_max) {
        lines.resize(lines_max);
        lines.back() += "..";
    }
    box.lines.insert(box.lines.end(), lines.begin(), lines.end());
}

// "WAITS FOR" alone does not say for what, where its context stands before the step that it cannot do.
void add_waits(scene_box& box, const sim::trace& t, uint32_t context, const std::string& labels) {
    for (const sim::trace_finding& f : t.findings) {
        for (const sim::trace_evidence& e : f.evidence) {
            if (e.label == "waits for" && e.context == context &&
                labels.find(e.label) != std::string::npos) {
                add_text(box, "then waits for " + printable(remainder_of(t, e), true));
            }
        }
    }
}

}  // namespace

std::string stack_text(const std::vector<sim::trace_frame>& stack) {
    std::string out;
    for (const sim::trace_frame& frame : stack) {
        out += (out.empty() ? "" : "\n") + printable(place(frame), true);
    }
    return out;
}

std::string url_of(const sim::trace_frame& frame) {
    return frame.file.empty() ? "" : fmt::format("{}#L{}", frame.file, frame.line);
}

void dress(scene_box& box, look as) {
    const auto paint = [&](const char* fill, const char* border, const char* ink) {
        box.fill = fill;
        box.border = border;
        box.ink = ink;
    };
    constexpr const char* ink = "#1c2430";
    switch (as) {
        case look::step:
            paint("#ffffff", "#5a6472", ink);
            break;
        case look::fold:
            paint("#e4e7eb", "#c3c9d1", "#59626e");
            break;
        case look::remark:
            paint("#e3f1fb", "#6b9bc3", ink);
            break;
        case look::blocked:
            paint("#ece6f7", "#7a5fb0", ink);
            break;
        case look::change:
            paint("#fff8d6", yellow, ink);
            break;
        case look::evidence:
            paint("#ffe3bd", orange, ink);
            break;
        case look::finding_step:
            paint("#ffd9de", red, ink);
            break;
        case look::finding:
            paint(red, red, "#ffffff");
            break;
    }
    const bool round = as == look::fold || as == look::remark || as == look::blocked;
    box.style = round ? "filled,rounded" : "filled";
    box.line_width = as == look::evidence || as == look::finding_step ? 2 : 1;
}

void fit(scene_box& box) {
    size_t longest = 0;
    for (const std::string& line : box.lines) {
        longest = std::max(longest, text_width(line));
    }
    box.width = text_points(longest, box.font_size) + padding;
    box.height = static_cast<double>(box.lines.size()) * line_points(box.font_size) + 7;
}

void put_text(scene& picture, double margin, const std::string& id, const std::string& line,
              double size, bool bold) {
    scene_box box;
    box.id = id;
    box.shape = "plaintext";
    box.lines = {printable(line, true)};
    box.font_size = size;
    box.bold = bold;
    fit(box);
    box.height = line_points(size);
    box.x = margin + box.width / 2;
    box.y = picture.height + box.height / 2;
    picture.height += box.height + 2;
    picture.width = std::max(picture.width, margin * 2 + box.width);
    picture.boxes.push_back(std::move(box));
}

box_maker::box_maker(const sim::trace& t, const plumbing_files& plumbing)
    : t_(t), plumbing_(plumbing) {
    orders_tell_ = std::any_of(t.events.begin(), t.events.end(),
                               [](const sim::trace_event& e) { return e.from != 0 || e.stale; });
}

std::string box_maker::name_of(uint32_t context) const {
    return printable(t_.header.contexts[context].name, true);
}

scene_box box_maker::header(uint32_t cpu, const std::vector<uint32_t>& contexts) const {
    scene_box box;
    box.id = fmt::format("cpu{}", cpu);
    std::string names;
    for (const uint32_t context : contexts) {
        names += (names.empty() ? "" : ", ") + name_of(context);
    }
    box.lines = {box.id, names};
    box.centred = true;
    box.bold = true;
    box.font_size = 12;
    box.fill = "#33415c";
    box.border = "#33415c";
    box.ink = "#ffffff";
    fit(box);
    return box;
}

scene_box box_maker::event(const story_row& row, const std::string& tag) const {
    scene_box box;
    const std::string& order = t_.events[row.event].order;
    const std::string text =
        printable(row.text + (orders_tell_ && !order.empty() ? ", " + order : ""), true);
    const std::string function = printable(row.function, true);
    if (row.kind == row_kind::step) {
        const std::string first = function.empty() ? text : function + "()";
        box.lines = {shortened(fmt::format("{}  {}{}", row.first_step, tag, first), text_max)};
        if (!function.empty()) {
            add_text(box, text);
        }
        dress(box, look::step);
    } else {
        add_text(box, tag + text);
        dress(box, row.kind == row_kind::blocked ? look::blocked : look::remark);
    }
    if (!row.evidence.empty()) {
        const std::string labels = fmt::format("{}", fmt::join(row.evidence, ", "));
        const bool said = row.kind == row_kind::blocked;  // the text is the evidence
        if (!said) {
            add_waits(box, t_, t_.events[row.event].context, labels);
        }
        box.lines[0] += said ? "" : "  " + upper(printable(labels, true));
        dress(box, look::evidence);
    }
    if (row.at_finding) {
        dress(box, look::finding_step);
    }
    const sim::trace_event& e = t_.events[row.event];
    box.tooltip = tooltip(e);
    box.url = e.stack.empty() ? "" : url_of(telling_stack(e.stack, plumbing_).front());
    fit(box);
    return box;
}

scene_box box_maker::fold(const story_row& row, const fold_part& part,
                          const std::string& tag) const {
    scene_box box;
    const std::string where = part.function.empty() ? "" : " in " + printable(part.function, true);
    const std::string text =
        fmt::format("{}\u2026 {} step{}{}", tag, part.steps, part.steps == 1 ? "" : "s", where);
    box.lines = {shortened(text, text_max)};
    box.font_size = small_size;
    box.tooltip = fmt::format("between steps {} and {}", row.first_step, row.last_step);
    dress(box, look::fold);
    fit(box);
    return box;
}

scene_box box_maker::finding(const story_row& row) const {
    scene_box box;
    box.lines = wrapped(printable(row.text, true), text_max);
    box.bold = true;
    box.font_size = 11;
    box.tooltip = stack_text(t_.findings[row.finding].stack);
    dress(box, look::finding);
    fit(box);
    return box;
}

scene_box box_maker::note(const story_row& row) const {
    scene_box box;
    const std::vector<why_line> lines =
        why(t_, t_.findings[row.finding], plumbing_, note_max * 3 / 2);
    size_t label_width = 0;
    for (const why_line& line : lines) {
        label_width = std::max(label_width, text_width(line.label));
    }
    for (const why_line& line : lines) {
        const size_t indent = line.label.empty() ? 0 : label_width + 2;
        std::string label = printable(line.label, true);
        for (const std::string& piece : wrapped(printable(line.text, true), note_max - indent)) {
            box.lines.push_back(fmt::format("{:<{}}{}", label, indent, piece));
            label.clear();
        }
    }
    box.shape = "note";
    box.fill = "#fff1f2";
    box.border = red;
    box.line_width = 1.5;
    fit(box);
    box.width += 10;  // the folded corner
    return box;
}

scene_box box_maker::changes(const story_row& row) const {
    scene_box box;
    for (const std::string& change : row.changes) {
        box.lines.push_back(shortened(printable(change, true), change_max));
        box.tooltip += (box.tooltip.empty() ? "" : "\n") + printable(change, true);
    }
    box.font_size = small_size;
    dress(box, look::change);
    fit(box);
    return box;
}

scene_box box_maker::preempted() const {
    scene_box box;
    box.shape = "plaintext";
    box.lines = {"~ preempted"};
    box.font_size = small_size;
    box.bold = true;
    box.centred = true;
    box.fill = lane_fill;
    box.ink = purple;
    fit(box);
    box.height = line_points(small_size);
    return box;
}

scene_box box_maker::label(const std::string& text, const char* ink) {
    scene_box box;
    box.shape = "plaintext";
    box.lines = {text};
    box.font_size = small_size;
    box.bold = true;
    box.centred = true;
    box.ink = ink;
    fit(box);
    box.width -= padding - 4;
    box.height = line_points(small_size);
    return box;
}

std::string box_maker::tooltip(const sim::trace_event& event) const {
    std::string out =
        fmt::format("step {}, {}: {}", event.step, who(t_, event.context), action_of(event));
    if (!event.order.empty()) {
        out += ", " + event.order;
    }
    out = printable(out, true);
    const std::string stack = stack_text(event.stack);
    return out + (stack.empty() ? "" : "\n") + stack;
}

}  // namespace viz
