#include "scenarios/command/terminal.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "viz/columns.h"
#include "viz/phrase.h"

namespace scenario {

namespace {

constexpr uint32_t width_default = 100;
constexpr double shows_per_second = 10;

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

bool speaks_utf8() {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const std::string value = variable(name);
        if (!value.empty()) {
            return value.find("UTF-8") != std::string::npos ||
                   value.find("utf8") != std::string::npos;
        }
    }
    return false;
}

const char* code_of(ink i) {
    switch (i) {
        case ink::strong:
            return "\033[1m";
        case ink::good:
            return "\033[32m";
        case ink::bad:
            return "\033[1;31m";
        case ink::dim:
            return "\033[2m";
        case ink::plain:
            break;
    }
    return "";
}

}  // namespace

look look_of(int fd, const std::string& color, std::optional<uint64_t> width) {
    look l;
    const bool terminal = isatty(fd) == 1;
    const bool may = variable("NO_COLOR").empty() && variable("TERM") != "dumb";
    l.colour = color == "always" || (color == "auto" && terminal && may);
    l.utf8 = terminal && speaks_utf8();
    l.width = width ? static_cast<uint32_t>(*width)
                    : std::max(40U, viz::terminal_width(fd, width_default));
    return l;
}

std::string paint(const look& l, ink i, const std::string& text) {
    return !l.colour || i == ink::plain || text.empty() ? text : code_of(i) + text + "\033[0m";
}

std::string grouped(uint64_t number) {
    std::string digits = std::to_string(number);
    for (size_t at = digits.size(); at > 3; at -= 3) {
        digits.insert(at - 3, ",");
    }
    return digits;
}

std::string duration_text(double seconds) {
    constexpr double minute = 60;
    constexpr double hour = 60 * minute;
    constexpr double day = 24 * hour;
    if (seconds < 100) {
        return fmt::format("{:.0f} s", seconds);
    }
    if (seconds < 100 * minute) {
        return fmt::format("{:.0f} min", seconds / minute);
    }
    return seconds < 72 * hour ? fmt::format("{:.0f} h", seconds / hour)
                               : fmt::format("{:.0f} days", seconds / day);
}

std::string plural(uint64_t count, const std::string& noun) {
    return grouped(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string share_text(const progress& p) {
    if (p.share_low < 0) {
        return "";
    }
    // As many digits as tell the two apart from nothing.
    const auto percent = [](double share) {
        return fmt::format("{:.{}f}", share * 100, share >= 0.1 ? 0 : share >= 0.01 ? 1 : 3);
    };
    const std::string low = percent(p.share_low);
    const std::string high = percent(p.share_high);
    std::string text = low == high ? low : low + " to " + high;
    text += p.bound < 0 ? " % done" : " % of the round done";
    return p.share_lost == 0
               ? text
               : text + fmt::format(" (was {}: more was found)", percent(p.share_lost));
}

std::string left_text(const progress& p) {
    if (p.left_low < 0) {
        return "";
    }
    const std::string low = duration_text(p.left_low);
    const std::string high = duration_text(p.left_high);
    return (low == high ? low : low + " to " + high) + " left";
}

ticker::ticker(bool quiet)
    : quiet_(quiet),
      on_(!quiet && isatty(STDERR_FILENO) == 1),
      width_(viz::terminal_width(STDERR_FILENO, 80)) {}

ticker::~ticker() {
    clear();
}

void ticker::show(const progress& p) {
    if (!p.making.empty()) {
        say(p.making);
        return;
    }
    if (!on_ || (p.variant == variant_ && p.seconds - shown_at_ < 1 / shows_per_second)) {
        return;
    }
    variant_ = p.variant;
    shown_at_ = p.seconds;
    std::string text = fmt::format("{}: {}", p.variant, plural(p.executions, "execution"));
    if (p.seconds > 0) {
        text += fmt::format(
            ", {}/s",
            grouped(static_cast<uint64_t>(static_cast<double>(p.executions) / p.seconds)));
    }
    text += p.findings == 0 ? "" : fmt::format(", {} with findings", grouped(p.findings));
    text += p.bound < 0
                ? ""
                : fmt::format(", up to {}", plural(static_cast<uint64_t>(p.bound), p.bound_of));
    for (const std::string& more : {share_text(p), left_text(p)}) {
        text += more.empty() ? "" : ", " + more;
    }
    text += fmt::format(", {:.0f} s", p.seconds);
    say(text);
}

void ticker::say(const std::string& text) {
    if (!on_) {
        return;
    }
    fmt::print(stderr, "\r\033[K{}", viz::shortened(text, width_ - 1));
    std::fflush(stderr);
    dirty_ = true;
}

void ticker::leave(const std::string& line) {
    if (quiet_) {
        return;
    }
    clear();
    fmt::print(stderr, "{}\n", line);
    std::fflush(stderr);
}

void ticker::clear() {
    if (dirty_) {
        std::fputs("\r\033[K", stderr);
        std::fflush(stderr);
        dirty_ = false;
    }
}

}  // namespace scenario
