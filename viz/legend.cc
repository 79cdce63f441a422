#include "viz/legend.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/trace/main_finding.h"
#include "viz/boxes.h"
#include "viz/phrase.h"
#include "viz/why.h"

namespace viz {

namespace {

constexpr double small_size = 9;
constexpr size_t title_max = 110;  // characters of a line

scene_box plain_text(const std::string& id, std::vector<std::string> lines, double size) {
    scene_box box;
    box.id = id;
    box.shape = "plaintext";
    box.style = "solid";
    box.lines = std::move(lines);
    box.font_size = size;
    fit(box);
    return box;
}

void add_key(scene& to, const char* text, look as, double& x, double y) {
    scene_box box;
    box.id = fmt::format("key {}", text);
    box.lines = {text};
    box.font_size = small_size;
    dress(box, as);
    fit(box);
    box.x = x + box.width / 2;
    box.y = y;
    x += box.width + 10;
    to.width = std::max(to.width, x);
    to.boxes.push_back(box);
}

void add_line_key(scene& to, const char* text, scene_line line, double& x, double y) {
    constexpr double length = 34;
    scene_box box = plain_text(fmt::format("key {}", text), {text}, small_size);
    box.x = x + length + 2 + box.width / 2;
    box.y = y;
    line.from = box.id;
    line.to = box.id;
    line.points = {{x, y}, {x + length, y}};
    x += length + 2 + box.width + 10;
    to.width = std::max(to.width, x);
    to.boxes.push_back(box);
    to.lines.push_back(line);
}

scene_line line_of(const char* colour, const char* style, double width) {
    scene_line line;
    line.colour = colour;
    line.style = style;
    line.line_width = width;
    return line;
}

std::string counted(uint32_t count, const char* noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace

double add_title(scene& to, const sim::trace& t, const story& s, double margin) {
    std::string name = t.header.subject;
    if (!t.header.variant.empty() && t.header.variant != "program") {
        name += ", variant " + t.header.variant;
    }
    if (!t.findings.empty()) {
        name += ": " + sim::main_finding(t).kind;
    }
    const std::string counts =
        fmt::format("{}, {}{}", counted(s.steps, "step"), counted(s.preemptions, "preemption"),
                    t.findings.empty() ? ", no finding" : "");
    double y = margin;
    const auto add = [&](const std::string& text, const char* id, double size, bool bold) {
        scene_box box = plain_text(id, wrapped(printable(text, true), title_max), size);
        box.bold = bold;
        box.x = margin + box.width / 2 - 7;
        box.y = y + box.height / 2;
        y += box.height;
        to.width = std::max(to.width, box.x + box.width / 2);
        to.boxes.push_back(box);
    };
    add(name, "title", 16, true);
    add(counts, "counts", 10, false);
    add(replay_command(t), "replay", small_size, false);
    return y + 8;
}

double add_legend(scene& to, double left, double y, const legend_keys& keys) {
    double x = left;
    add_key(to, "step  function()", look::step, x, y);
    add_key(to, "steps left out", look::fold, x, y);
    add_key(to, "packet, command, note", look::remark, x, y);
    add_key(to, "waits", look::blocked, x, y);
    add_key(to, "change of state", look::change, x, y);
    add_key(to, "evidence", look::evidence, x, y);
    add_key(to, "finding", look::finding, x, y);
    x = left;
    add_line_key(to, "happens before", line_of(blue, "solid", 1.2), x, y + 24);
    add_line_key(to, "leads to the finding", line_of(orange, "solid", 2.5), x, y + 24);
    add_line_key(to, "preempts", line_of(purple, "dashed", 1.5), x, y + 24);
    add_line_key(to, "waiting", line_of(grey, "dotted", 1.2), x, y + 24);
    if (!keys.reads && !keys.not_seen) {
        return y + 40;
    }
    x = left;
    y += 24;
    if (keys.reads) {
        add_line_key(to, "rf: a read takes the value of a write that does not happen before it",
                     line_of(green, "solid", 1.4), x, y + 24);
        add_line_key(to, "of one that does", line_of(blue, "solid", 1.4), x, y + 24);
    }
    if (keys.stale) {
        add_line_key(to, "an old value", line_of(green, "dashed", 1.4), x, y + 24);
    }
    if (keys.not_seen) {
        add_line_key(to, "the last write, which the read does not see",
                     line_of(brown, "dotted", 1.4), x, y + 24);
    }
    return y + 40;
}

}  // namespace viz
