// terminal.h - how text looks where it is read: colour, width, the line that shows progress.
// Source:  no-color.org; ecosystem conventions: no progress where stderr is no terminal.
// Shapes:  widths are places.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "scenarios/runner/race.h"

namespace scenario {

struct look {
    bool colour = false;
    bool utf8 = false;
    uint32_t width = 100;
};

// For what is written to `fd`; `color` is auto, always or never.
look look_of(int fd, const std::string& color, std::optional<uint64_t> width);

enum class ink : uint8_t { plain, strong, good, bad, dim };
std::string paint(const look& l, ink i, const std::string& text);

// "12345" -> "12,345".
std::string grouped(uint64_t number);
std::string plural(uint64_t count, const std::string& noun);
// "40 s", "12 min", "5 h", "8 days".
std::string duration_text(double seconds);

// What the line of progress says of the state space: "3 to 5 % done", and of the time left: "8 to 20 min left".
std::string share_text(const progress& p);
std::string left_text(const progress& p);

// One line on stderr that is written again and again; nothing if stderr is no terminal. And lines that
// stay, which tell that a part of the work is done: wherever stderr goes, unless it is to be quiet.
class ticker {
  public:
    explicit ticker(bool quiet);
    ~ticker();
    ticker(const ticker&) = delete;
    ticker& operator=(const ticker&) = delete;
    void show(const progress& p);
    void say(const std::string& text);
    void leave(const std::string& line);
    void clear();

  private:
    bool quiet_;
    bool on_;
    bool dirty_ = false;
    uint32_t width_ = 0;
    double shown_at_ = 0;
    std::string variant_;
};

}  // namespace scenario
