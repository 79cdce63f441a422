#include "viz/text_line.h"

#include <algorithm>

#include "viz/phrase.h"

namespace viz {

namespace {

class line_printer {
  public:
    line_printer(std::string& out, bool colour) : out_(out), colour_(colour) {}

    void put(const std::string& text, style look) {
        if (text.empty()) {
            return;
        }
        const bool dressed = colour_ && look != style::plain;
        if (dressed) {
            out_ += look == style::alarm ? "\033[1;31m" : "\033[1m";
        }
        out_ += text;
        if (dressed) {
            out_ += "\033[0m";
        }
        at_ += text_width(text);
    }

    void pad_to(size_t place) {
        out_.append(place > at_ ? place - at_ : 0, ' ');
        at_ = std::max(at_, place);
    }

    void end() {
        while (!out_.empty() && out_.back() == ' ') {
            out_.pop_back();
        }
        out_ += '\n';
    }

  private:
    std::string& out_;
    bool colour_;
    size_t at_ = 0;
};

}  // namespace

void print_line(std::string& out, const text_line& l, size_t gutter,
                const std::vector<size_t>& widths, bool colour) {
    line_printer printer(out, colour);
    printer.put(l.gutter, l.gutter_look);
    if (!l.across.empty()) {
        printer.pad_to(l.across_at);
        printer.put(l.across, l.across_look);
    }
    size_t place = gutter;
    for (size_t c = 0; c < l.cells.size(); ++c) {
        if (!l.cells[c].text.empty()) {
            printer.pad_to(place);
            printer.put(l.cells[c].text, l.cells[c].look);
        }
        place += widths[c] + column_gap;
    }
    if (!l.change.empty()) {
        printer.pad_to(place);
        printer.put(l.change, style::plain);
    }
    printer.end();
}

std::vector<std::string> pieces(const std::string& text, size_t width) {
    const size_t indent = std::min({text.find_first_not_of(' '), text.size(), width / 2});
    const size_t hang = std::min(indent + 4, width / 2);
    std::vector<std::string> out = wrapped(text.substr(indent), width - indent);
    if (out.size() > 1) {
        const std::string rest = text.substr(indent + out[0].size());
        out.resize(1);
        const size_t start = std::min(rest.find_first_not_of(' '), rest.size());
        out.push_back(std::string(hang, ' ') + shortened(rest.substr(start), width - hang));
    }
    out[0].insert(0, indent, ' ');
    return out;
}

}  // namespace viz
