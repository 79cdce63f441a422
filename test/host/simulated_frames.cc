// simulated_frames - what the contexts of a `.race` file do in the machine, once, by the default rule: what goes in, and
// what leaves by each interface.
// Usage:   simulated_frames FILE.race
// Shapes:  a line each, in the order of the file: `command LINE`, `in IF HEX`; then `out IF HEX` by interface.
// Errors:  exit status 2 and a message; 1: the execution did not come to its end.
#include <fmt/format.h>

#include <cstdio>

#include "scenarios/lang/operations.h"
#include "scenarios/runner/machine_setup.h"
#include "scenarios/runner/model_build.h"
#include "scenarios/runner/race.h"
#include "scenarios/runner/stage.h"
#include "sim/explore/replay.h"
#include "sim/simulation.h"

namespace scenario {

namespace {

constexpr unsigned long frame_max = 2048;
constexpr unsigned interfaces_max = 16;

std::string hex(const uint8_t* bytes, size_t size) {
    std::string text;
    for (size_t i = 0; i < size; ++i) {
        text += fmt::format("{:02x}", bytes[i]);
    }
    return text;
}

// As the stage makes them: packets are numbered from 1 in the order of the file.
class what_goes_in {
  public:
    void add(const std::vector<statement>& lines, bool shown) {
        for (const statement& line : lines) {
            if (const auto* c = std::get_if<command>(&line.action); c != nullptr) {
                hardware_.note(0, *c);
                text_ += shown ? fmt::format("command {}\n", line_of(*c)) : "";
            } else if (const auto* in = std::get_if<injection>(&line.action); in != nullptr) {
                const auto frame = hardware_.frame_of(*in, 0, ++packets_);
                text_ += fmt::format("in {} {}\n", in->interface.name.text,
                                     hex(frame.data(), frame.size()));
            }
        }
    }
    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    hardware_addresses hardware_;
    unsigned packets_ = 0;
    std::string text_;
};

std::string what_left(const stage& on) {
    std::string text;
    uint8_t frame[frame_max];
    for (unsigned unit = 0; unit < interfaces_max; ++unit) {
        const std::string name = fmt::format("em{}", unit);
        for (unsigned long n = 0;; ++n) {
            unsigned packet = 0;
            const auto size = sim::call_subject<unsigned long>(
                reinterpret_cast<uint64_t>(on.model().wire), 0, name.c_str(), n,
                static_cast<void*>(&frame[0]), frame_max, &packet);
            if (size == 0) {
                break;
            }
            text += fmt::format("out {} {}\n", name, hex(frame, std::min(size, frame_max)));
        }
    }
    return text;
}

int refuse(const std::string& error) {
    fmt::print(stderr, "simulated_frames: {}\n", error);
    return 2;
}

int run(const std::string& path) {
    script s;
    std::string error;
    std::string module;
    if (!load_race(path, s, error) || !model_module("fixed", {}, module, error)) {
        return refuse(error);
    }
    what_goes_in input;
    input.add(s.routers.at(0).statements, false);
    input.add(s.before, true);
    for (const context& c : s.contexts) {
        input.add(c.statements, true);
    }
    sim::simulation machine(machine_options({}));
    stage on(s);
    const auto holds = [](const condition&) { return stage::judgement{}; };
    if (!machine.load(module, error) || !on.set_up(machine, holds, error)) {
        return refuse(error);
    }
    sim::replay_strategy usual({});
    usual.begin();
    on.forget();
    if (machine.run(usual) != sim::execution_end::done) {
        fmt::print(stderr, "simulated_frames: {}: the execution did not come to its end\n", path);
        return 1;
    }
    std::string left;
    machine.run_alone([&] { left = what_left(on); });
    fmt::print("{}{}", input.text(), left);
    return 0;
}

}  // namespace

}  // namespace scenario

int main(int argc, char** argv) {
    return argc == 2 ? scenario::run(argv[1]) : scenario::refuse("wants a .race file");
}
