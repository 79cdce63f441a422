#include "scenarios/runner/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

namespace scenario {

namespace {

constexpr size_t last_words_max = 4096;
constexpr int poll_timeout_ms = 200;

volatile std::sig_atomic_t stops = 0;

void on_stop(int) {
    stops = stops + 1;
}

// On an alternate stack where there is one: the current stack may be a subject's, whose every byte is
// accounted for.
void handle(int signal_number, void (*handler)(int), struct sigaction* old) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART | SA_ONSTACK;
    sigaction(signal_number, &action, old);
}

// Holds back what asks to stop, in this thread, until it is gone.
class stop_held {
  public:
    stop_held() {
        sigset_t asking;
        sigemptyset(&asking);
        sigaddset(&asking, SIGINT);
        sigaddset(&asking, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &asking, &before_);
    }
    ~stop_held() { release(); }
    stop_held(const stop_held&) = delete;
    stop_held& operator=(const stop_held&) = delete;
    void release() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  private:
    sigset_t before_{};
};

struct pipe_ends {
    int read = -1;
    int write = -1;
};

bool open_pipe(pipe_ends& p) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
        return false;
    }
    p = {ends[0], ends[1]};
    return true;
}

void redirect(child_output output, int words) {
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    dup2(null, STDIN_FILENO);
    if (output == child_output::shown) {
        // Data goes to the standard output, and a subject's talk is none.
        dup2(STDERR_FILENO, STDOUT_FILENO);
    } else {
        dup2(null, STDOUT_FILENO);
        dup2(words, STDERR_FILENO);
    }
}

[[noreturn]] void be_child(const std::function<int(const line_sender&)>& body, int lines, int words,
                           child_output output, pid_t parent, stop_held& held) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(1);
    }
    // Ctrl-C reaches the whole group: the parent passes it on as SIGTERM, once.
    handle(SIGINT, SIG_IGN, nullptr);
    handle(SIGTERM, on_stop, nullptr);
    held.release();
    redirect(output, words);
    int status = body(line_sender(lines));
    std::fflush(nullptr);
    _exit(status);
}

// Cuts what has arrived into lines.
class line_reader {
  public:
    explicit line_reader(const std::function<bool(const std::string&)>& on_line)
        : on_line_(on_line) {}
    // False: the receiver wants no more.
    bool take(const char* data, size_t size) {
        bool go_on = true;
        for (size_t i = 0; i < size; ++i) {
            if (data[i] != '\n') {
                line_ += data[i];
                continue;
            }
            go_on &= on_line_(line_);
            line_.clear();
        }
        return go_on;
    }

  private:
    const std::function<bool(const std::string&)>& on_line_;
    std::string line_;
};

// Reads what is there; false at the end.
bool read_some(int fd, std::array<char, 65536>& buffer, size_t& size) {
    ssize_t n = read(fd, buffer.data(), buffer.size());
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) {
        size = 0;
        return true;
    }
    size = n > 0 ? static_cast<size_t>(n) : 0;
    return n > 0;
}

class stopper {
  public:
    explicit stopper(pid_t child) : child_(child), before_(stops) {}
    void ask() {
        if (!asked_) {
            asked_ = true;
            kill(child_, SIGTERM);
        }
    }
    void look() {
        if (stops > 0) {
            ask();
        }
        if (stops > before_ + 1) {
            kill(child_, SIGKILL);
        }
    }

  private:
    pid_t child_;
    std::sig_atomic_t before_;
    bool asked_ = false;
};

class running_child {
  public:
    // Closes what of the pipes is the child's.
    running_child(child_job& job, pid_t process, const pipe_ends& lines, const pipe_ends& words)
        : job_(job), process_(process), reader_(job.on_line), stop_(process) {
        close(lines.write);
        close(words.write);
        fds_ = {{{lines.read, POLLIN, 0}, {words.read, POLLIN, 0}}};
    }
    ~running_child() {
        for (const pollfd& p : fds_) {
            if (p.fd >= 0) {
                close(p.fd);
            }
        }
    }
    running_child(const running_child&) = delete;
    running_child& operator=(const running_child&) = delete;

    [[nodiscard]] bool talks() const { return fds_[0].fd >= 0 || fds_[1].fd >= 0; }
    [[nodiscard]] const std::array<pollfd, 2>& fds() const { return fds_; }
    void look() { stop_.look(); }

    // What has come on its n-th pipe.
    void hear(size_t n) {
        std::array<char, 65536> buffer{};
        size_t size = 0;
        if (!read_some(fds_[n].fd, buffer, size)) {
            close(fds_[n].fd);
            fds_[n].fd = -1;
        } else if (n == 0) {
            if (!reader_.take(buffer.data(), size)) {
                stop_.ask();
            }
        } else {
            std::string& last_words = job_.end.last_words;
            last_words.append(buffer.data(), size);
            if (last_words.size() > last_words_max) {
                last_words.erase(0, last_words.size() - last_words_max);
            }
        }
    }

    void wait() {
        int status = 0;
        while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {
            stop_.look();
        }
        job_.end.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
        job_.end.status = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    }

  private:
    child_job& job_;
    pid_t process_;
    std::array<pollfd, 2> fds_{};
    line_reader reader_;
    stopper stop_;
};

using running_list = std::vector<std::unique_ptr<running_child>>;

void start(child_job& job, child_output output, running_list& running) {
    pipe_ends lines;
    pipe_ends words;
    if (!open_pipe(lines) || !open_pipe(words)) {
        job.end.status = 4;
        job.end.last_words = fmt::format("no pipe: {}", std::strerror(errno));
        return;
    }
    std::fflush(nullptr);
    const pid_t parent = getpid();
    // Whoever asks a child to stop before it listens is heard as soon as it does.
    stop_held held;
    const pid_t child = fork();
    if (child == 0) {
        be_child(job.body, lines.write, words.write, output, parent, held);
    }
    if (child > 0) {
        running.push_back(std::make_unique<running_child>(job, child, lines, words));
        return;
    }
    job.end.status = 4;
    job.end.last_words = fmt::format("no process: {}", std::strerror(errno));
    for (int fd : {lines.read, lines.write, words.read, words.write}) {
        close(fd);
    }
}

// Does what is ahead of one job while those before it run, for two processors are rarely both busy then.
// Whether and how it ends does not matter: prepare() does it all again if need be.
class maker_ahead {
  public:
    maker_ahead() = default;
    ~maker_ahead() { wait(); }
    maker_ahead(const maker_ahead&) = delete;
    maker_ahead& operator=(const maker_ahead&) = delete;

    void begin(const child_job& job) {
        if (job_ == &job || !job.ahead || stop_requested()) {
            return;
        }
        wait();
        job_ = &job;
        std::fflush(nullptr);
        const pid_t parent = getpid();
        process_ = fork();
        if (process_ == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            handle(SIGINT, SIG_DFL, nullptr);
            const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
            for (int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
                dup2(null, fd);
            }
            if (getppid() == parent) {
                job.ahead();
            }
            _exit(0);
        }
    }

    void wait() {
        if (process_ > 0 && stop_requested()) {
            kill(process_, SIGKILL);
        }
        while (process_ > 0 && waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
        }
        process_ = -1;
    }

  private:
    const child_job* job_ = nullptr;  // that it was begun for last
    pid_t process_ = -1;
};

// Hears whoever talks; those who have nothing more to say are waited for.
void listen(running_list& running) {
    std::vector<pollfd> fds;
    for (const std::unique_ptr<running_child>& c : running) {
        c->look();
        fds.insert(fds.end(), c->fds().begin(), c->fds().end());
    }
    const bool some = poll(fds.data(), fds.size(), poll_timeout_ms) > 0;
    for (size_t i = 0; some && i < fds.size(); ++i) {
        if (fds[i].fd >= 0 && fds[i].revents != 0) {
            running[i / 2]->hear(i % 2);
        }
    }
    std::erase_if(running, [](const std::unique_ptr<running_child>& c) {
        if (!c->talks()) {
            c->wait();
        }
        return !c->talks();
    });
}

}  // namespace

void line_sender::send(const std::string& line) const {
    std::string text = line + "\n";
    size_t at = 0;
    while (at < text.size()) {
        ssize_t n = write(fd_, text.data() + at, text.size() - at);
        if (n < 0 && errno != EINTR) {
            return;  // the parent is gone, and this process with it
        }
        at += n > 0 ? static_cast<size_t>(n) : 0;
    }
}

void run_in_children(std::vector<child_job>& jobs, unsigned at_once, child_output output) {
    struct sigaction old {};
    handle(SIGINT, on_stop, &old);
    running_list running;
    maker_ahead ahead;
    for (size_t next = 0; next < jobs.size() || !running.empty();) {
        if (next < jobs.size() && running.size() < at_once) {
            ahead.wait();
            child_job& job = jobs[next++];
            const bool wanted = next == 1 || !stop_requested();
            job.started = wanted && (!job.prepare || job.prepare());
            if (job.started) {
                start(job, output, running);
            }
        } else {
            if (next < jobs.size()) {
                ahead.begin(jobs[next]);
            }
            listen(running);
        }
    }
    ahead.wait();
    sigaction(SIGINT, &old, nullptr);
}

child_end run_in_child(const std::function<int(const line_sender&)>& body,
                       const std::function<bool(const std::string&)>& on_line,
                       child_output output) {
    std::vector<child_job> jobs(1);
    jobs[0].body = body;
    jobs[0].on_line = on_line;
    run_in_children(jobs, 1, output);
    return std::move(jobs[0].end);
}

std::string describe(const child_end& end) {
    std::string text =
        end.signal != 0 ? fmt::format("died of signal {} ({})", end.signal, strsignal(end.signal))
                        : fmt::format("ended with status {}", end.status);
    std::string words = end.last_words;
    while (!words.empty() && words.back() == '\n') {
        words.pop_back();
    }
    return words.empty() ? text : text + ":\n" + words;
}

bool stop_requested() {
    return stops > 0;
}

}  // namespace scenario
