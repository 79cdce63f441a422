#include "test/sim/child.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

namespace sim::test {

std::string in_child(const std::function<std::string()>& body) {
    int ends[2];
    if (pipe(ends) != 0) {
        return "died: no pipe";
    }
    std::fflush(nullptr);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        // What subjects print is not the test's output.
        if (std::freopen("/dev/null", "w", stdout) == nullptr) {
            _exit(9);
        }
        std::string text = body();
        size_t at = 0;
        while (at < text.size()) {
            ssize_t n = write(ends[1], text.data() + at, text.size() - at);
            if (n <= 0) {
                break;
            }
            at += static_cast<size_t>(n);
        }
        _exit(0);
    }
    close(ends[1]);
    std::string text;
    char buffer[4096];
    for (ssize_t n; (n = read(ends[0], buffer, sizeof buffer)) > 0;) {
        text.append(buffer, static_cast<size_t>(n));
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) {
        return std::string("died: ") + strsignal(WTERMSIG(status));
    }
    return WEXITSTATUS(status) == 0 ? text
                                    : "died: exit " + std::to_string(WEXITSTATUS(status)) + text;
}

std::string subject(const std::string& name, const std::string& compiler) {
    return std::string(HEDDLE_SUBJECT_DIR) + "/" + name + "." + compiler + ".so";
}

}  // namespace sim::test
