// simulated_frames - what the contexts of a `.race` file do in the machine, once, by the default rule: what goes in, and
// what leaves by each interface.
// Usage:   simulated_frames FILE.race
// Shapes:  a line each, in the order of the file: `command LINE`, `in IF HEX`; then `out IF HEX` by interface. With several
//          routers `command on r1 LINE`, `in r1:em0 HEX`.
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
    explicit what_goes_in(const script& s) : script_(s) {
        for (const router& r : s.routers) {
            add(r.statements, r.name, false);
        }
        add(s.before, s.routers[0].name, true);
        for (const context& c : s.contexts) {
            add(c.statements, c.cpu.router.empty() ? s.routers[0].name : c.cpu.router, true);
        }
    }
    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    void add(const std::vector<statement>& lines, const word& usual, bool shown) {
        const bool several = script_.routers.size() > 1;
        for (const statement& line : lines) {
            const word& on = line.router.empty() ? usual : line.router;
            if (const auto* c = std::get_if<command>(&line.action); c != nullptr) {
                hardware_.note(number_of(on), *c);
                const std::string where = several ? fmt::format("on {} ", on.text) : "";
                text_ += shown ? fmt::format("command {}{}\n", where, line_of(*c)) : "";
            } else if (const auto* in = std::get_if<injection>(&line.action); in != nullptr) {
                const word& router = in->interface.router;
                const auto frame = hardware_.frame_of(*in, number_of(router), ++packets_);
                text_ += fmt::format("in {}{} {}\n", several ? router.text + ":" : "",
                                     in->interface.name.text, hex(frame.data(), frame.size()));
            }
        }
    }
    [[nodiscard]] int number_of(const word& name) const {
        for (size_t n = 0; n < script_.routers.size(); ++n) {
            if (script_.routers[n].name.text == name.text) {
                return static_cast<int>(n);
            }
        }
        return 0;
    }

    const script& script_;
    hardware_addresses hardware_;
    std::string text_;
    unsigned packets_ = 0;
};

std::string what_left(const stage& on, const script& s) {
    std::string text;
    uint8_t frame[frame_max];
    for (const router& r : s.routers) {
        const std::string prefix = s.routers.size() > 1 ? r.name.text + ":" : "";
        for (unsigned unit = 0; unit < interfaces_max; ++unit) {
            const std::string name = fmt::format("em{}", unit);
            for (unsigned long n = 0;; ++n) {
                unsigned packet = 0;
                const auto size = sim::call_subject<unsigned long>(
                    reinterpret_cast<uint64_t>(on.model().wire), on.router_named(r.name),
                    name.c_str(), n, static_cast<void*>(&frame[0]), frame_max, &packet);
                if (size == 0) {
                    break;
                }
                text += fmt::format("out {}{} {}\n", prefix, name,
                                    hex(frame, std::min(size, frame_max)));
            }
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
    const what_goes_in input(s);
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
    machine.run_alone([&] { left = what_left(on, s); });
    fmt::print("{}{}", input.text(), left);
    return 0;
}

}  // namespace

}  // namespace scenario

int main(int argc, char** argv) {
    return argc == 2 ? scenario::run(argv[1]) : scenario::refuse("wants a .race file");
}
