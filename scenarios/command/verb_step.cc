// step: an execution whose every choice is typed.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "scenarios/command/execution.h"
#include "scenarios/command/options.h"
#include "scenarios/command/step_session.h"
#include "scenarios/command/verbs.h"
#include "scenarios/runner/child.h"
#include "sim/explore/token_text.h"

namespace scenario {

namespace {

constexpr int status_diverged = 4;
constexpr int status_wrong = 2;
constexpr int status_interrupted = 130;
constexpr int poll_timeout_ms = 200;
constexpr int typed_fd_min = 10;

// What the user types. A child's own standard input is empty, since it would be the subject's, too.
class typed_lines {
  public:
    explicit typed_lines(int fd) : fd_(fd) {}

    // False: there are no more, or Ctrl-C.
    [[nodiscard]] bool next(std::string& line) {
        for (;;) {
            const size_t end = rest_.find('\n');
            if (end != std::string::npos) {
                line = rest_.substr(0, end);
                rest_.erase(0, end + 1);
                return true;
            }
            if (stop_requested() || !read_more()) {
                line = rest_;
                rest_.clear();
                return !line.empty() && !stop_requested();
            }
        }
    }

  private:
    bool read_more() {
        pollfd waiting{fd_, POLLIN, 0};
        if (poll(&waiting, 1, poll_timeout_ms) <= 0) {
            return true;
        }
        std::array<char, 4096> buffer{};
        const ssize_t n = read(fd_, buffer.data(), buffer.size());
        rest_.append(buffer.data(), n > 0 ? static_cast<size_t>(n) : 0);
        return n > 0;
    }

    int fd_;
    std::string rest_;
};

// What the process that has the subject says is "o TEXT", "e TEXT" for the two outputs, "p TEXT" for a
// prompt, "x TEXT" for what is wrong with token or subject, "d TEXT" for what is lost of the token, "r N" at the end.
void send_lines(const line_sender& parent, char mark, const std::string& text) {
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        parent.send(std::string(1, mark) + ' ' + line);
    }
}

struct conversation {
    bool ended = false;
    int refused = 0;
    std::string error;
    std::string lost;

    void hear(const std::string& line) {
        const std::string text = line.substr(2);
        switch (line[0]) {
            case 'o':
                fmt::print("{}\n", text);
                std::fflush(stdout);
                break;
            case 'p':
                fmt::print(stderr, "{}", text);
                break;
            case 'x':
                error += (error.empty() ? "" : "\n") + text;
                break;
            case 'd':
                lost = text;
                break;
            case 'r':
                ended = true;
                refused = std::atoi(text.c_str());
                break;
            default:
                fmt::print(stderr, "{}\n", text);
        }
    }
};

struct step_options {
    bool terminal = false;  // somebody types
    bool json = false;
    bool quiet = false;
    look how;
};

int converse(const token_source& source, const step_options& options, int fd,
             const line_sender& parent) {
    stepper moves(source);
    token_drift drift;
    std::string error;
    if (!moves.set_up(drift, error)) {
        send_lines(parent, 'x', error);
        return 0;
    }
    for (const std::string& one : drift.lines) {
        send_lines(parent, 'e', "drift: " + one);
    }
    send_lines(parent, 'd', drift.lost);
    step_session session(moves, source,
                         {[&](const std::string& text) { send_lines(parent, 'o', text); },
                          [&](const std::string& text) { send_lines(parent, 'e', text); },
                          options.json, options.quiet, options.how});
    session.begin();
    typed_lines typed(fd);
    std::string line;
    const auto prompt = [&] {
        if (options.terminal && !options.quiet) {
            parent.send(fmt::format("p [{}] > ", session.usual()));
        }
    };
    for (prompt(); typed.next(line) && session.obey(line); prompt()) {
    }
    session.end();
    parent.send(fmt::format("r {}", session.refused()));
    return 0;
}

// The default rule from the begin: a token that says nothing.
[[nodiscard]] bool default_token(const std::string& x, const std::string& variant,
                                 const explore_request& request, std::string& token,
                                 std::string& error) {
    subject s;
    if (!open_subject(x, s, error)) {
        return false;
    }
    if (!s.race && !variant.empty()) {
        error = fmt::format("{} is a program: it has no variants", x);
        return false;
    }
    const std::string usual = request.patches.empty() ? "fixed" : patched_name;
    const std::string file = std::filesystem::path(s.path).filename().string();
    const std::string of_race = variant.empty() ? usual : variant;
    token =
        sim::print_token({s.race ? s.text.name.text : file, s.race ? of_race : "program", {}, {}});
    return true;
}

int status_of(const invocation& line, const conversation& c, const child_end& end, bool terminal) {
    if (!c.error.empty()) {
        return complain(line.verb, c.error);
    }
    if (stop_requested()) {
        return status_interrupted;
    }
    if (!c.ended) {
        fmt::print(stderr, "heddle {}: the process that ran it {}\n", line.verb, describe(end));
        return status_diverged;
    }
    if (!c.lost.empty()) {
        fmt::print(stderr, "heddle {}: the token diverged: {}\n", line.verb, c.lost);
        return status_diverged;
    }
    // Who types sees what was refused; a script must be told.
    return c.refused != 0 && !terminal ? status_wrong : 0;
}

}  // namespace

int verb_step(const invocation& line) {
    std::string x;
    std::string token;
    std::string variant;
    view_options view;
    machine_options machine;
    arguments a(
        "step", "X|TOKEN [OPTIONS] [-- ARGS]",
        "Stops at every choice of an execution and asks: the contexts that can go on, what they\n"
        "are about to do, who waits for what, what the last step changed. Commands are lines of\n"
        "the standard input, typed or piped; help lists them: C (a context: one step), an empty\n"
        "line (the usual choice), n N, run C until POINT, until POINT, finish, back N, list,\n"
        "where, state, print, save FILE, quit.",
        {"heddle step prog.so -- 3 fast", "heddle step forward --variant late_wait",
         "heddle step forward --token TOKEN              # its choices are the usual ones",
         "printf 'run t1\\nfinish\\nprint\\n' | heddle step prog.so"});
    a.positional("X", x, "race or program, or a token that is enough to find it");
    a.text("--variant", "NAME", variant, "a race: this one (fixed), also 'NAME under REGIME'");
    a.text("--token", "TOKEN", token, "begin with what it chooses, one by one");
    machine.add_to(a);
    view.add_to(a);
    a.take_subject_arguments();
    if (const std::optional<int> done = a.parse(line)) {
        return *done;
    }
    explore_request request;
    machine.fill(request);
    subject s;
    token_source source;
    std::string error;
    if ((!sort_words(x, token) && !default_token(x, variant, request, token, error)) ||
        !agrees(variant, token, error) ||
        !open_token(x, token, request, line.after_dashes, s, source, error)) {
        return complain(line.verb, error);
    }
    const step_options options{isatty(STDIN_FILENO) != 0, view.json, view.quiet, view.out()};
    const int typed = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, typed_fd_min);
    conversation heard;
    const child_end end = run_in_child(
        [&](const line_sender& parent) { return converse(source, options, typed, parent); },
        [&](const std::string& said) {
            heard.hear(said);
            return true;
        });
    close(typed);
    return status_of(line, heard, end, options.terminal);
}

}  // namespace scenario
