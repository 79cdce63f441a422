#include "sim/explore/workers.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace sim {

namespace {

constexpr int poll_timeout_ms = 50;
// Executions of a unit before it is given back: few while somebody has nothing to do.
constexpr uint64_t executions_hungry = 64;
constexpr uint64_t executions_fed = 4096;
constexpr unsigned deaths_max = 3;

bool send_all(int fd, const std::string& bytes) {
    size_t at = 0;
    while (at < bytes.size()) {
        const ssize_t n = send(fd, bytes.data() + at, bytes.size() - at, MSG_NOSIGNAL);
        if (n < 0 && errno != EINTR) {
            return false;
        }
        at += n > 0 ? static_cast<size_t>(n) : 0;
    }
    return true;
}

// A message is its length and its bytes.
bool send_message(int fd, const byte_writer& message) {
    byte_writer framed;
    framed.put_text(message.bytes());
    return send_all(fd, framed.bytes());
}

bool receive_all(int fd, char* to, size_t size) {
    size_t at = 0;
    while (at < size) {
        const ssize_t n = read(fd, to + at, size - at);
        if (n == 0 || (n < 0 && errno != EINTR)) {
            return false;
        }
        at += n > 0 ? static_cast<size_t>(n) : 0;
    }
    return true;
}

bool receive_message(int fd, std::string& bytes) {
    uint64_t size = 0;
    if (!receive_all(fd, reinterpret_cast<char*>(&size), sizeof size)) {
        return false;
    }
    bytes.resize(size);
    return receive_all(fd, bytes.data(), size);
}

[[noreturn]] void be_worker(simulation& subject, int fd, const worker_options& options) {
    unit_worker worker(subject, options.style);
    std::string bytes;
    while (receive_message(fd, bytes)) {
        byte_reader from(bytes);
        const auto executions = from.get<uint64_t>();
        for (const location& l : from.get_list<location>()) {
            visible_add(l);
        }
        const auto contexts = from.get_list<context_path>();
        work_unit u = read_unit(from);
        HEDDLE_ASSERT(from.whole());
        if (!add_context_paths(contexts)) {
            break;  // somebody else has numbered them otherwise: a new worker will do it
        }
        unit_answer answer = worker.work_on(std::move(u), executions, [&](execution_end) {
            return !options.stopping || !options.stopping();
        });
        if (options.style.judge != nullptr) {
            answer.news = options.style.judge->news();
        }
        byte_writer to;
        write(to, answer);
        if (!send_message(fd, to)) {
            break;
        }
    }
    _exit(0);
}

bool is_loop(const location& l) {
    return l.slot == location::loop_slot;
}

class crew {
  public:
    crew(simulation& subject, exploration& all, const explore_limits& limits,
         const worker_options& options)
        : subject_(subject),
          all_(all),
          limits_(limits),
          options_(options),
          workers_(options.workers),
          before_round_(all.result),
          alone_(options.workers == 1) {}
    ~crew() {
        for (worker& w : workers_) {
            dismiss(w);
        }
    }

    std::string run() {
        while (problem_.empty()) {
            hand_out();
            if (std::none_of(workers_.begin(), workers_.end(),
                             [](const worker& w) { return w.unit != 0; })) {
                break;
            }
            listen();
            if (!stopping_ && options_.more && !options_.more(working())) {
                stop();
            }
        }
        return problem_;
    }

  private:
    struct worker {
        pid_t process = -1;
        int fd = -1;
        uint64_t unit = 0;        // 0: none
        uint64_t executions = 0;  // that it may run
        int32_t near = shared_tree::anywhere;
        std::string received;
    };

    [[nodiscard]] std::vector<pid_t> working() const {
        std::vector<pid_t> list;
        for (const worker& w : workers_) {
            if (w.fd >= 0) {
                list.push_back(w.process);
            }
        }
        return list;
    }

    bool hire(worker& w) {
        std::array<int, 2> ends{};
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
            return false;
        }
        HEDDLE_ASSERT(all_.tell_machine());
        const pid_t parent = getpid();
        w.process = fork();
        if (w.process == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (getppid() != parent) {
                _exit(1);
            }
            close(ends[0]);
            for (const worker& other : workers_) {
                if (other.fd >= 0) {
                    close(other.fd);
                }
            }
            be_worker(subject_, ends[1], options_);
        }
        close(ends[1]);
        w.fd = ends[0];
        if (w.process < 0) {
            close(w.fd);
            w.fd = -1;
        }
        return w.fd >= 0;
    }

    // Ends a worker that has nothing to do, or has died. Gives how.
    static int dismiss(worker& w) {
        int status = 0;
        if (w.fd >= 0) {
            close(w.fd);
            while (waitpid(w.process, &status, 0) < 0 && errno == EINTR) {
            }
        }
        w = worker();
        return status;
    }

    void hand_out() {
        for (worker& w : workers_) {
            if (w.unit != 0 || stopping_ || (alone_ && &w != workers_.data())) {
                continue;
            }
            uint64_t left =
                limits_.executions_max - std::min(limits_.executions_max, all_.executions());
            for (const worker& other : workers_) {
                left -= std::min(left, other.unit != 0 ? other.executions : 0);
            }
            work_unit u;
            if (left == 0 || !all_.take(u, w.near)) {
                continue;
            }
            if (w.fd < 0 && !hire(w)) {
                all_.put_back(u.id);
                problem_ = std::string("no process for a worker: ") + std::strerror(errno);
                return;
            }
            const bool hungry = all_.ready(workers_.size()) < workers_.size();
            w.executions =
                alone_ ? left : std::min(left, hungry ? executions_hungry : executions_fed);
            w.unit = u.id;
            byte_writer to;
            to.put(w.executions);
            to.put_list(all_.visible);
            to.put_list(all_.contexts);
            write(to, u);
            send_message(w.fd, to);  // if it is dead, that shows when it is listened to
        }
    }

    void listen() {
        std::vector<pollfd> fds;
        for (const worker& w : workers_) {
            fds.push_back({w.unit != 0 ? w.fd : -1, POLLIN, 0});
        }
        if (poll(fds.data(), fds.size(), poll_timeout_ms) <= 0) {
            return;
        }
        for (size_t i = 0; i < fds.size(); ++i) {
            if (fds[i].fd >= 0 && fds[i].revents != 0 && workers_[i].fd == fds[i].fd) {
                hear(workers_[i]);
            }
        }
    }

    void hear(worker& w) {
        std::array<char, 65536> buffer{};
        const ssize_t n = read(w.fd, buffer.data(), buffer.size());
        if (n < 0 && (errno == EINTR || errno == EAGAIN)) {
            return;
        }
        if (n <= 0) {
            lose(w);
            return;
        }
        w.received.append(buffer.data(), static_cast<size_t>(n));
        uint64_t size = 0;
        if (w.received.size() >= sizeof size) {
            std::memcpy(&size, w.received.data(), sizeof size);
            if (w.received.size() == sizeof size + size) {
                take_in(w);
            }
        }
    }

    void take_in(worker& w) {
        byte_reader from(std::string_view(w.received).substr(sizeof(uint64_t)));
        unit_answer answer = read_answer(from);
        HEDDLE_ASSERT(from.whole());
        w.received.clear();
        w.unit = 0;
        const bool anew = !answer.raced.empty();
        if (!alone_ && std::any_of(answer.raced.begin(), answer.raced.end(), is_loop)) {
            find_loop_alone();
            return;
        }
        bool fits = true;
        const bool found = !answer.result.found.empty();
        const std::string news = std::move(answer.news);
        w.near = all_.take_in(std::move(answer), fits);
        if (fits && !news.empty()) {
            HEDDLE_ASSERT(options_.style.judge->take_in(news));
        }
        deaths_ = 0;
        if (!fits) {
            dismiss(w);
        } else if (anew) {
            give_up_round();
            alone_ = workers_.size() == 1;
            before_round_ = all_.result;
        }
        if (found && limits_.stop_at_first) {
            stop();
        }
    }

    void give_up_round() {
        for (worker& other : workers_) {
            if (other.unit != 0) {
                kill(other.process, SIGKILL);  // nobody wants to know any more
                dismiss(other);
            }
        }
    }

    // Which loops an execution shows that does not end depends on the execution, and which of them is met first
    // on who is where. So the round is done again by one worker up to the first that one process would meet.
    void find_loop_alone() {
        give_up_round();
        alone_ = true;
        all_.result = before_round_;
        all_.begin_anew();
    }

    // It died with its unit. What it has done since it got it is done again.
    void lose(worker& w) {
        all_.put_back(w.unit);
        const int status = dismiss(w);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 4) {
            std::_Exit(4);  // it has said why
        }
        // Who left since its numbers of contexts were others did nothing wrong.
        const bool left = WIFEXITED(status) && WEXITSTATUS(status) == 0;
        if (!left && ++deaths_ == deaths_max) {
            problem_ = WIFSIGNALED(status)
                           ? std::string("workers died of ") + strsignal(WTERMSIG(status))
                           : std::string("workers ended without an answer");
        }
    }

    // They are to end their units soon.
    void stop() {
        stopping_ = true;
        for (const worker& w : workers_) {
            if (w.unit != 0) {
                kill(w.process, SIGTERM);
            }
        }
    }

    simulation& subject_;
    exploration& all_;
    const explore_limits& limits_;
    const worker_options& options_;
    std::vector<worker> workers_;
    explore_result before_round_;
    bool alone_;           // one of them does it all
    unsigned deaths_ = 0;  // since an answer came
    bool stopping_ = false;
    std::string problem_;
};

}  // namespace

std::string explore_in_workers(simulation& subject, exploration& all, const explore_limits& limits,
                               const worker_options& options) {
    all.by_graphs = options.style.by_graphs;
    const std::string problem = crew(subject, all, limits, options).run();
    all.result.complete = problem.empty() && all.complete();
    HEDDLE_ASSERT(all.tell_machine());
    return problem;
}

}  // namespace sim
