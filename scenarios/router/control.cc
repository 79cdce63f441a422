#include "scenarios/router/control.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "scenarios/router/listening.h"

namespace scenario {

namespace {

constexpr size_t request_max = 1U << 20U;  // who sends more without a line end is cut off
constexpr int patience_ms = 2000;          // for a command that is running when all is to end

class descriptor {
  public:
    explicit descriptor(int fd = -1) : fd_(fd) {}
    ~descriptor() {
        if (fd_ >= 0) {
            close(fd_);
        }
    }
    descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    descriptor& operator=(descriptor&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    [[nodiscard]] int get() const { return fd_; }

  private:
    int fd_;
};

// False: who has left gets no answer.
bool write_all(int fd, const std::string& text) {
    for (size_t done = 0; done < text.size();) {
        const ssize_t now = ::write(fd, text.data() + done, text.size() - done);
        if (now < 0 && errno != EINTR) {
            return false;
        }
        done += now < 0 ? 0 : static_cast<size_t>(now);
    }
    return true;
}

// Text that comes piece by piece -> requests.
class requests {
  public:
    void add(const char* bytes, size_t length) { text_.append(bytes, length); }
    [[nodiscard]] bool too_long() const { return text_.size() > request_max; }

    // The next whole request, without its last line end.
    std::optional<std::string> next() {
        const size_t end = text_.find('\n');
        if (end == std::string::npos) {
            return std::nullopt;
        }
        std::string line = text_.substr(0, end);
        if (!line.ends_with(" -f -")) {
            text_.erase(0, end + 1);
            return line;
        }
        size_t at = end + 1;
        for (size_t stop = 0; (stop = text_.find('\n', at)) != std::string::npos; at = stop + 1) {
            if (text_.compare(at, stop - at, ".") == 0) {
                line += "\n" + text_.substr(end + 1, at - end - 1);
                text_.erase(0, stop + 1);
                return line;
            }
        }
        return std::nullopt;
    }

  private:
    std::string text_;
};

// Runs requests, one after the other: a command may sleep, and signals are served meanwhile.
class administrator {
  public:
    explicit administrator(network& routers)
        : routers_(routers),
          done_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
          thread_([this] { run(); }) {}

    // Readable: an answer is there.
    [[nodiscard]] int done() const { return done_.get(); }
    void begin(std::string line) {
        const std::lock_guard lock(mtx_);
        line_ = std::move(line);
        busy_ = true;
        work_.notify_one();
    }
    std::optional<answer> take() {
        uint64_t count = 0;
        (void)!::read(done_.get(), &count, sizeof count);
        const std::lock_guard lock(mtx_);
        return std::exchange(answer_, std::nullopt);
    }
    ~administrator() {
        if (!thread_.joinable()) {
            return;
        }
        {
            const std::lock_guard lock(mtx_);
            ending_ = true;
            work_.notify_one();
        }
        thread_.join();
    }
    administrator(const administrator&) = delete;
    administrator& operator=(const administrator&) = delete;

    // The command that runs never ends; so does this program, now.
    void abandon() { thread_.detach(); }
    [[nodiscard]] std::string line() {
        const std::lock_guard lock(mtx_);
        return line_;
    }

  private:
    void run() {
        std::unique_lock lock(mtx_);
        for (;;) {
            work_.wait(lock, [this] { return busy_ || ending_; });
            if (!busy_) {
                return;
            }
            const std::string line = line_;
            lock.unlock();
            answer a = routers_.run(line);
            lock.lock();
            answer_ = std::move(a);
            busy_ = false;
            const uint64_t one = 1;
            (void)!::write(done_.get(), &one, sizeof one);
        }
    }

    network& routers_;
    descriptor done_;
    std::mutex mtx_;
    std::condition_variable work_;
    std::string line_;              // [Q]
    std::optional<answer> answer_;  // [Q]
    bool busy_ = false;             // [Q]
    bool ending_ = false;           // [Q]
    std::thread thread_;
};

bool fill_address(const std::string& path, sockaddr_un& address, std::string& error) {
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        error = path + ": too long for the name of a socket";
        return false;
    }
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    return true;
}

bool listen_at(const std::string& path, descriptor& listener, std::string& error) {
    sockaddr_un address = {};
    if (!fill_address(path, address, error)) {
        return false;
    }
    listener = descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const auto* where = reinterpret_cast<const sockaddr*>(&address);
    if (bind(listener.get(), where, sizeof address) != 0 || listen(listener.get(), 8) != 0) {
        error =
            fmt::format("{}: {}{}", path, std::strerror(errno),
                        errno == EADDRINUSE ? "; another router's, or left by one: remove it" : "");
        return false;
    }
    return true;
}

struct client {
    int in = -1;
    int out = -1;
    bool is_input = false;  // the standard input, which needs no status
    bool ended = false;     // will ask no more
    requests text;
    std::optional<listening> listens;  // it has typed `route monitor`
    bool left = false;                 // nobody reads what it is told
    bool due = false;                  // it is time to read what there is to tell
    descriptor owned;
};

class server {
  public:
    server(network& routers, const control_options& options)
        : routers_(routers), administrator_(routers), options_(options) {
        sigset_t wanted;
        sigemptyset(&wanted);
        sigaddset(&wanted, SIGINT);
        sigaddset(&wanted, SIGTERM);
        signals_ = descriptor(signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK));
        if (options.input) {
            client input;
            input.in = STDIN_FILENO;
            input.out = STDOUT_FILENO;
            input.is_input = true;
            clients_.push_back(std::move(input));
        }
    }

    bool open(std::string& error) {
        return options_.path.empty() || listen_at(options_.path, listener_, error);
    }

    int run(std::string& error) {
        const auto end = std::chrono::steady_clock::now() +
                         std::chrono::milliseconds(static_cast<int64_t>(options_.seconds * 1000));
        while (!quit_) {
            int wait = -1;
            if (options_.seconds > 0) {
                const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
                    end - std::chrono::steady_clock::now());
                wait = static_cast<int>(std::max<int64_t>(0, left.count()));
                quit_ = wait == 0;
            }
            turn(wait);
        }
        return close_down(error);
    }

  private:
    // Waits until something has happened, and serves it.
    void turn(int wait_ms) {
        std::vector<pollfd> wanted = {{signals_.get(), POLLIN, 0},
                                      {administrator_.done(), POLLIN, 0},
                                      {listener_.get(), POLLIN, 0}};
        for (const client& c : clients_) {
            const bool asks = !c.ended;
            wanted.push_back({asks || (c.listens && !c.left) ? c.in : -1,
                              static_cast<short>(asks ? POLLIN : 0), 0});
        }
        if (somebody_listens() && (wait_ms < 0 || wait_ms > listening_period_ms)) {
            wait_ms = listening_period_ms;
        }
        const bool something = poll(wanted.data(), wanted.size(), wait_ms) > 0;
        read_listeners();
        if (!something) {
            begin_next();
            return;
        }
        quit_ = quit_ || wanted[0].revents != 0;
        if (wanted[1].revents != 0) {
            tell_answer();
        }
        const size_t known = clients_.size();
        if (wanted[2].revents != 0) {
            accept_client();
        }
        for (size_t i = 0; i < known; ++i) {
            client& c = clients_[i];
            c.left = c.left || (c.listens && (wanted[i + 3].revents & (POLLHUP | POLLERR)) != 0);
            if (wanted[i + 3].revents != 0 && !c.ended) {
                read_from(c);
            }
        }
        begin_next();
    }

    void accept_client() {
        const int fd = accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
        if (fd >= 0) {
            client c;
            c.in = c.out = fd;
            c.owned = descriptor(fd);
            clients_.push_back(std::move(c));
        }
    }

    void read_from(client& c) {
        char bytes[4096];
        const ssize_t length = ::read(c.in, bytes, sizeof bytes);
        if (length > 0) {
            c.text.add(bytes, static_cast<size_t>(length));
        }
        c.ended =
            length == 0 || (length < 0 && errno != EINTR && errno != EAGAIN) || c.text.too_long();
        if (c.ended && length == 0) {
            c.text.add("\n", 1);  // a last line without an end is a line
        }
    }

    [[nodiscard]] bool somebody_listens() const {
        return std::any_of(clients_.begin(), clients_.end(),
                           [](const client& c) { return c.listens.has_value(); });
    }

    // Every now and then there may be something for who listens.
    void read_listeners() {
        const auto now = std::chrono::steady_clock::now();
        if (now < next_read_) {
            return;
        }
        next_read_ = now + std::chrono::milliseconds(listening_period_ms);
        for (client& c : clients_) {
            c.due = c.listens.has_value();
        }
    }

    // What the server has asked for a client that listens. False: it was a command of the client's own.
    bool tell_listener(const answer& a) {
        client& c = *asking_;
        if (doing_ == doing::command || (doing_ == doing::opens && a.status != 0)) {
            c.listens = doing_ == doing::opens ? std::nullopt : c.listens;
            return false;
        }
        if (doing_ == doing::closes) {
            c.listens.reset();
        } else {
            c.left = !write_all(c.out, a.text) || c.left;
        }
        return true;
    }

    void tell_answer() {
        const std::optional<answer> a = administrator_.take();
        if (!a || asking_ == nullptr) {
            return;
        }
        if (tell_listener(*a)) {
            asking_ = nullptr;
            return;
        }
        write_all(asking_->out,
                  asking_->is_input ? a->text : fmt::format("{}= {}\n", a->text, a->status));
        asking_ = nullptr;
    }

    void begin_next() {
        if (asking_ != nullptr) {
            return;
        }
        for (auto c = clients_.begin(); c != clients_.end();) {
            std::optional<std::string> line = c->text.next();
            while (line && line->find_first_not_of(" \t\r") == std::string::npos) {
                line = c->text.next();
            }
            if (line && c->is_input && *line == "quit") {
                quit_ = true;
                return;
            }
            if (line) {
                begin_command(*c, *line);
                return;
            }
            if (c->listens && (c->left || std::exchange(c->due, false))) {
                begin(*c, c->left ? doing::closes : doing::reads,
                      c->left ? c->listens->close : c->listens->read);
                return;
            }
            c = c->ended && !c->listens ? clients_.erase(c) : std::next(c);
        }
    }

    void begin_command(client& c, const std::string& line) {
        std::optional<listening> l = listening_for(line, listeners_ + 1);
        if (!l) {
            begin(c, doing::command, line);
        } else if (c.listens) {
            write_all(c.out,
                      c.is_input ? "route: listens already\n" : "route: listens already\n= 1\n");
            begin_next();
        } else {
            listeners_++;
            c.listens = std::move(l);
            begin(c, doing::opens, c.listens->open);
        }
    }

    // What the administrator does for a client.
    enum class doing { command, opens, reads, closes };
    void begin(client& c, doing what, const std::string& line) {
        asking_ = &c;
        doing_ = what;
        administrator_.begin(line);
    }

    int close_down(std::string& error) {
        if (!options_.path.empty()) {
            unlink(options_.path.c_str());
        }
        routers_.interrupt();
        pollfd done = {administrator_.done(), POLLIN, 0};
        if (asking_ != nullptr && poll(&done, 1, patience_ms) <= 0) {
            error = fmt::format("'{}' never came to its end; the router is not taken apart",
                                administrator_.line());
            administrator_.abandon();
            return 1;
        }
        tell_answer();
        for (const client& c : clients_) {
            if (c.listens && !c.is_input) {
                write_all(c.out, "= 0\n");
            }
        }
        return 0;
    }

    network& routers_;
    administrator administrator_;
    const control_options& options_;
    descriptor signals_;
    descriptor listener_;
    std::deque<client> clients_;
    client* asking_ = nullptr;
    doing doing_ = doing::command;
    unsigned listeners_ = 0;  // so many were there
    std::chrono::steady_clock::time_point next_read_ = {};
    bool quit_ = false;
};

// Prints what comes as soon as it is there, but for the status: the last line, which it returns.
std::string print_answer(int fd) {
    std::string text;
    char bytes[4096];
    for (ssize_t length = 0; (length = ::read(fd, bytes, sizeof bytes)) > 0;) {
        text.append(bytes, static_cast<size_t>(length));
        const size_t status = text.rfind("= ");
        const bool may_be_last = status != std::string::npos &&
                                 (status == 0 || text[status - 1] == '\n') &&
                                 text.find('\n', status) >= text.size() - 1;
        const size_t end = may_be_last ? status : text.rfind('\n') + 1;
        if (!write_all(STDOUT_FILENO, text.substr(0, end))) {
            break;
        }
        text.erase(0, end);
    }
    return text;
}

}  // namespace

int serve(network& routers, const control_options& options, std::string& error) {
    server s(routers, options);
    if (!s.open(error)) {
        return 2;
    }
    std::fputs(options.ready.c_str(), stderr);
    return s.run(error);
}

int ask(const std::string& path, const std::vector<std::string>& words, std::string& error) {
    sockaddr_un address = {};
    if (!fill_address(path, address, error)) {
        return 2;
    }
    const descriptor fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        error = fmt::format("{}: {}; is a router running with --control {}?", path,
                            std::strerror(errno), path);
        return 2;
    }
    std::string line;
    for (const std::string& word : words) {
        line += (line.empty() ? "" : " ") + word;
    }
    line += "\n";
    char bytes[4096];
    if (line.ends_with(" -f -\n")) {
        for (ssize_t length = 0; (length = ::read(STDIN_FILENO, bytes, sizeof bytes)) > 0;) {
            line.append(bytes, static_cast<size_t>(length));
        }
        line += line.ends_with('\n') ? ".\n" : "\n.\n";
    }
    (void)!::send(fd.get(), line.data(), line.size(), MSG_NOSIGNAL);  // it may have ended
    (void)::shutdown(fd.get(), SHUT_WR);
    const std::string last = print_answer(fd.get());
    if (!last.starts_with("= ")) {
        error = path + ": the router has ended without an answer";
        return 2;
    }
    return std::atoi(last.c_str() + 2);
}

}  // namespace scenario
