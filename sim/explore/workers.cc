#include "sim/explore/workers.h"

#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace sim {

namespace {

constexpr int poll_timeout_ms = 50;
// Who is silent is asked what is new after so many messages of others.
constexpr unsigned messages_between_questions = 64;
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

// What workers are asked, in memory that they share: they look there after each execution.
class question_board {
  public:
    explicit question_board(unsigned workers) : size_(workers * sizeof(question)) {
        void* at = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        HEDDLE_ASSERT(at != MAP_FAILED);
        questions_ = static_cast<question*>(at);
    }
    question_board(const question_board&) = delete;
    question_board& operator=(const question_board&) = delete;
    ~question_board() { munmap(questions_, size_); }
    void ask(size_t worker, unit_question q) {
        questions_[worker].store(q, std::memory_order_relaxed);
    }
    [[nodiscard]] unit_question asked(size_t worker) const {
        return questions_[worker].load(std::memory_order_relaxed);
    }

  private:
    using question = std::atomic<unit_question>;
    static_assert(question::is_always_lock_free);
    size_t size_;
    question* questions_;
};

// Works on a unit to its end, and tells of it on the way. False: nobody listens.
bool do_unit(unit_worker& worker, work_unit u, uint64_t executions, size_t number, int fd,
             question_board& board, const worker_options& options) {
    const execution_observer go_on = [&](execution_end) {
        return !options.stopping || !options.stopping();
    };
    unit_answer answer;
    answer.rest.id = u.id;
    bool goes_on = worker.begin(std::move(u), go_on);
    do {
        if (goes_on) {
            answer = worker.work(executions, go_on, [&] { return board.asked(number); });
            executions -= std::min(executions, answer.result.executions + answer.result.pruned);
            goes_on = answer.rest.goes_on;
            board.ask(number, unit_question::none);
        }
        if (options.style.judge != nullptr) {
            answer.news = options.style.judge->news();
        }
        byte_writer to;
        write(to, answer);
        if (!send_message(fd, to)) {
            return false;
        }
    } while (goes_on);
    return true;
}

[[noreturn]] void be_worker(simulation& subject, size_t number, int fd, question_board& board,
                            const worker_options& options) {
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
        if (!do_unit(worker, std::move(u), executions, number, fd, board, options)) {
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
          board_(options.workers),
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
            if (!stopping_ && (all_.shared_cpus || (options_.more && !options_.more(working())))) {
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

    [[nodiscard]] size_t number_of(const worker& w) const {
        return static_cast<size_t>(&w - workers_.data());
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
            be_worker(subject_, number_of(w), ends[1], board_, options_);
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
            if (left == 0 || !all_.tree.take(u, w.near)) {
                continue;
            }
            if (w.fd < 0 && !hire(w)) {
                all_.tree.put_back(u.id);
                problem_ = std::string("no process for a worker: ") + std::strerror(errno);
                return;
            }
            w.executions = alone_ ? left : left / 2 + 1;  // others may want some before it is done
            w.unit = u.id;
            board_.ask(number_of(w), unit_question::none);
            byte_writer to;
            to.put(w.executions);
            to.put_list(all_.visible);
            to.put_list(all_.contexts);
            write(to, u);
            send_message(w.fd, to);  // if it is dead, that shows when it is listened to
        }
    }

    // Of all who work, what is more urgent than what they have been asked.
    void ask(unit_question q) {
        for (const worker& w : workers_) {
            if (w.unit != 0 && board_.asked(number_of(w)) < q) {
                board_.ask(number_of(w), q);
            }
        }
    }

    void listen() {
        const bool hungry = !alone_ && !stopping_ && all_.tree.ready(1) == 0;
        std::vector<pollfd> fds;
        for (const worker& w : workers_) {
            fds.push_back({w.unit != 0 ? w.fd : -1, POLLIN, 0});
        }
        if (hungry) {
            ask(unit_question::what_can_be_given);
        }
        const int heard = poll(fds.data(), fds.size(), poll_timeout_ms);
        if (heard <= 0 || ++heard_ % messages_between_questions == 0) {
            ask(unit_question::what_is_new);
        }
        if (heard <= 0) {
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
        while (w.received.size() >= sizeof size) {
            std::memcpy(&size, w.received.data(), sizeof size);
            if (w.received.size() - sizeof size < size) {
                return;
            }
            const std::string message = w.received.substr(sizeof size, size);
            w.received.erase(0, sizeof size + size);
            take_in(w, message);
        }
    }

    void take_in(worker& w, const std::string& message) {
        byte_reader from(message);
        unit_answer answer = read_answer(from);
        HEDDLE_ASSERT(from.whole());
        const bool goes_on = answer.rest.goes_on;
        w.unit = goes_on ? w.unit : 0;
        w.executions -= std::min(w.executions, answer.result.executions + answer.result.pruned);
        const bool anew = !answer.raced.empty();
        if (!alone_ && std::any_of(answer.raced.begin(), answer.raced.end(), is_loop)) {
            find_loop_alone();
            return;
        }
        bool fits = true;
        const bool found = !answer.result.found.empty();
        const std::string news = std::move(answer.news);
        const int32_t near = all_.take_in(std::move(answer), fits);
        w.near = goes_on ? w.near : near;
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
        all_.tree = shared_tree();
        for (worker& w : workers_) {
            w.near = shared_tree::anywhere;
        }
    }

    // It died with its unit. What it has done since it got it is done again.
    void lose(worker& w) {
        all_.tree.put_back(w.unit);
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
    question_board board_;
    unsigned heard_ = 0;
    explore_result before_round_;
    bool alone_;           // one of them does it all
    unsigned deaths_ = 0;  // since an answer came
    bool stopping_ = false;
    std::string problem_;
};

}  // namespace

std::string explore_in_workers(simulation& subject, exploration& all, const explore_limits& limits,
                               const worker_options& options) {
    const std::string problem = crew(subject, all, limits, options).run();
    all.result.complete = problem.empty() && all.tree.done() && all.result.step_bounds == 0;
    HEDDLE_ASSERT(all.tell_machine());
    return problem;
}

}  // namespace sim
