#include "test/thread_sanitizer/native_run.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace agree {

namespace {

// The runtime says nothing of what is not compared, leaves the program's own status alone, and does not wait at the end
// for what others might still do. It remembers as much as it can.
constexpr const char* options =
    "TSAN_OPTIONS=halt_on_error=0:exitcode=0:atexit_sleep_ms=0:history_size=7:detect_deadlocks=0:"
    "report_signal_unsafe=0:report_thread_leaks=0:report_mutex_bugs=0:color=never";

void use_one_processor() {
    cpu_set_t all;
    cpu_set_t one;
    CPU_ZERO(&one);
    sched_getaffinity(0, sizeof all, &all);
    for (int i = 0; i < CPU_SETSIZE; ++i) {
        if (CPU_ISSET(i, &all)) {
            CPU_SET(i, &one);
            break;
        }
    }
    sched_setaffinity(0, sizeof one, &one);
}

// In the forked child.
[[noreturn]] void become(const std::string& program, const std::vector<std::string>& arguments,
                         unsigned run, int errors) {
    // The runtime wants its shadow where the kernel might have put something at random.
    personality(ADDR_NO_RANDOMIZE);
    if (run % 2 == 1) {
        use_one_processor();
    }
    // The runtime is silent about a race whose first access is of an odd size (a range to it) when its record of that
    // access lies badly, which the length of the environment decides.
    std::string filler = "FILLER=" + std::string(run / 2 % 16, '.');
    const int nothing = open("/dev/null", O_RDWR);
    dup2(nothing, STDIN_FILENO);
    dup2(nothing, STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    // Against a program that hangs against all expectation: it dies, which no test takes for an agreement.
    alarm(100);
    std::vector<char*> words = {const_cast<char*>(program.c_str())};
    for (const std::string& a : arguments) {
        words.push_back(const_cast<char*>(a.c_str()));
    }
    words.push_back(nullptr);
    char* environment[] = {const_cast<char*>(options), filler.data(), nullptr};
    execve(program.c_str(), words.data(), environment);
    _exit(127);
}

std::string all_of(int file) {
    std::string text;
    char part[4096];
    for (ssize_t n = 0; (n = read(file, part, sizeof part)) > 0;) {
        text.append(part, static_cast<size_t>(n));
    }
    return text;
}

}  // namespace

native_report run_natively(const std::string& program, const std::vector<std::string>& arguments,
                           unsigned runs_max) {
    native_report r;
    while (r.runs < runs_max && !r.race && !r.freed) {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) != 0) {
            r.status = 127;
            return r;
        }
        const pid_t child = fork();
        if (child == 0) {
            become(program, arguments, r.runs, ends[1]);
        }
        close(ends[1]);
        r.text = all_of(ends[0]);
        close(ends[0]);
        int status = 0;
        waitpid(child, &status, 0);
        ++r.runs;
        r.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        r.race = r.text.find("WARNING: ThreadSanitizer: data race") != std::string::npos;
        r.freed = r.text.find("WARNING: ThreadSanitizer: heap-use-after-free") != std::string::npos;
        if (r.status == 127 || r.status == 128 + SIGALRM) {
            break;
        }
    }
    return r;
}

}  // namespace agree
