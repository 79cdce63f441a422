// race_operations - what the contexts of a `.race` file do, on native threads and the model as it is: no schedule, no
// expectation, all CPUs at once, from a new router each round. The thread sanitizer is to judge; without it this only
// shows that nothing crashes or hangs.
// Usage:   race_operations FILE ROUNDS
// Errors:  what is not run is said in lines "not run: FILE:LINE:COLUMN: ..."; exit status 2: nothing could be run.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <latch>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <thread>

#include "model/admin/command.h"
#include "scenarios/lang/operations.h"
#include "scenarios/lang/parse.h"
#include "scenarios/runner/values.h"

namespace scenario {

namespace {

struct operation {
    int router = 0;
    std::string line;  // a command; empty: a packet
    std::string interface;
    std::vector<uint8_t> frame;
    unsigned packet = 0;
    const statement* source = nullptr;
};

// One CPU: what its contexts do. They take turns, in another order each round: a CPU has one thread.
struct processor {
    int router = 0;
    unsigned cpu = 0;
    std::vector<std::vector<operation>> contexts;
};

std::optional<std::string> read_file(const std::string& path) {
    std::ifstream in(path);
    if (!in) {
        return std::nullopt;
    }
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

class native_race {
  public:
    explicit native_race(const script& s) : script_(s) {
        for (const router& r : s.routers) {
            const int number = static_cast<int>(routers_.size());
            routers_[r.name.text] = number;
        }
        for (const router& r : s.routers) {
            prepare(r.statements, r.name, set_up_);
        }
        prepare(s.before, {}, set_up_);
        for (const context& c : s.contexts) {
            add(c);
        }
    }

    [[nodiscard]] const std::set<std::string>& not_run() const { return not_run_; }

    // What went wrong, or nothing.
    std::string run(unsigned round) {
        for (const router& r : script_.routers) {
            if (heddle_model_create(r.name.text.c_str(), r.cpus) != routers_[r.name.text]) {
                return "the model cannot make " + r.name.text;
            }
        }
        for (const operation& o : set_up_) {
            heddle_model_attach(o.router, 0);
            if (perform(o) != 0) {
                return "set-up failed: " + place(o.source->at, "");
            }
        }
        run_together(round);
        std::string wrong;
        for (const processor& p : processors_) {
            for (const std::vector<operation>& list : p.contexts) {
                for (const operation& o : list) {
                    // Only whether it arrived: softnets may still be telling how it ended.
                    if (o.line.empty() && heddle_model_fate(o.router, o.packet, nullptr, 0) != 0) {
                        wrong = "a packet has no fate: " + place(o.source->at, "");
                    }
                }
            }
        }
        for (const router& r : script_.routers) {
            heddle_model_destroy(routers_[r.name.text]);
        }
        return wrong;
    }

  private:
    std::string place(const span& at, const std::string& why) const {
        return fmt::format("{}:{}:{}: {}", script_.texts.name(at.file), at.line, at.column, why);
    }
    int number_of(const word& router) const {
        return router.empty() ? 0 : routers_.at(router.text);
    }

    void prepare(const std::vector<statement>& lines, const word& router,
                 std::vector<operation>& to) {
        for (const statement& line : lines) {
            operation o;
            o.source = &line;
            o.router = number_of(line.router.empty() ? router : line.router);
            if (const auto* c = std::get_if<command>(&line.action); c != nullptr) {
                o.line = line_of(*c);
                hardware_.note(o.router, *c);
            } else if (const auto* in = std::get_if<injection>(&line.action); in != nullptr) {
                if (!in->interface.router.empty()) {
                    o.router = number_of(in->interface.router);
                }
                o.interface = in->interface.name.text;
                o.packet = ++packets_;
                o.frame = hardware_.frame_of(*in, o.router, o.packet);
            } else {
                // Expectations are for who explores; the host's clock is not ours to advance.
                if (std::holds_alternative<advance>(line.action)) {
                    not_run_.insert(place(line.at, "time cannot be advanced natively"));
                }
                continue;
            }
            to.push_back(std::move(o));
        }
    }

    // Who waits on a CPU that others share would need them to go on meanwhile: only packets, which never wait, join
    // another context.
    void add(const context& c) {
        std::vector<operation> list;
        prepare(c.statements, c.cpu.router, list);
        const int router = number_of(c.cpu.router);
        for (processor& p : processors_) {
            if (p.router != router || p.cpu != c.cpu.cpu) {
                continue;
            }
            for (const operation& o : list) {
                if (!o.line.empty()) {
                    not_run_.insert(place(c.name.at, "a context with commands on a shared CPU"));
                    return;
                }
            }
            p.contexts.push_back(std::move(list));
            return;
        }
        processors_.push_back({router, c.cpu.cpu, {std::move(list)}});
    }

    static int perform(const operation& o) {
        if (o.line.empty()) {
            return heddle_model_input(o.router, o.interface.c_str(), o.frame.data(), o.frame.size(),
                                      o.packet);
        }
        char out[2048];
        return heddle_model_command(o.router, o.line.c_str(), out, sizeof out);
    }

    void run_together(unsigned round) {
        std::latch ready(static_cast<ptrdiff_t>(processors_.size()));
        std::vector<std::thread> threads;
        for (const processor& p : processors_) {
            threads.emplace_back([&ready, &p, round] {
                heddle_model_attach(p.router, p.cpu);
                ready.arrive_and_wait();
                for (size_t i = 0; i < p.contexts.size(); ++i) {
                    for (const operation& o : p.contexts[(i + round) % p.contexts.size()]) {
                        perform(o);  // a command may come too late for what it is about
                    }
                }
            });
        }
        for (std::thread& t : threads) {
            t.join();
        }
    }

    const script& script_;
    std::map<std::string, int> routers_;
    hardware_addresses hardware_;
    unsigned packets_ = 0;
    std::vector<operation> set_up_;
    std::vector<processor> processors_;
    std::set<std::string> not_run_;
};

// For each combination of the file's parameters.
int run_file(const std::string& path, unsigned rounds) {
    const std::optional<std::string> text = read_file(path);
    if (!text) {
        fmt::print(stderr, "{}: cannot be read\n", path);
        return 2;
    }
    parse_options options;
    options.read_file = read_file;
    const parse_result all = parse(*text, path, options);
    std::set<std::string> not_run;
    for (const parameter_values& values : values_of(all.value)) {
        options.parameters = values;
        const parse_result one = parse(*text, path, options);
        if (!one.ok()) {
            fmt::print(stderr, "{}", render(one.errors.front()));
            return 2;
        }
        native_race race(one.value);
        not_run.insert(race.not_run().begin(), race.not_run().end());
        for (unsigned round = 0; round < rounds; ++round) {
            if (const std::string wrong = race.run(round); !wrong.empty()) {
                fmt::print(stderr, "{}\n", wrong);
                return 1;
            }
        }
    }
    for (const std::string& line : not_run) {
        fmt::print(stderr, "not run: {}\n", line);
    }
    return 0;
}

}  // namespace

}  // namespace scenario

int main(int argc, char** argv) {
    if (argc != 3) {
        fmt::print(stderr, "usage: race_operations FILE ROUNDS\n");
        return 2;
    }
    return scenario::run_file(argv[1], static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10)));
}
