#include "test/command/heddle_call.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace scenario::test {

namespace fs = std::filesystem;

namespace {

void put_on(int fd, const std::string& path, int flags) {
    const int file = open(path.c_str(), flags, 0600);
    dup2(file, fd);
    close(file);
}

// The words, one blank between two.
std::string flat(const std::string& text) {
    std::istringstream in(text);
    std::string all;
    for (std::string word; in >> word;) {
        all += (all.empty() ? "" : " ") + word;
    }
    return all;
}

}  // namespace

std::vector<std::string> heddle_result::lines() const {
    std::vector<std::string> all;
    std::istringstream in(out);
    for (std::string line; std::getline(in, line);) {
        all.push_back(line);
    }
    return all;
}

bool heddle_result::says(const std::string& text) const {
    return flat(out).find(flat(text)) != std::string::npos;
}

heddle_call::heddle_call() {
    std::string name = (fs::temp_directory_path() / "heddle_command_XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
}

heddle_call::~heddle_call() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

heddle_result heddle_call::run(const std::vector<std::string>& words, const std::string& input,
                               const bystander& meanwhile) const {
    const fs::path out = folder_ / ".out";
    const fs::path err = folder_ / ".err";
    const fs::path in = folder_ / ".in";
    std::ofstream(in, std::ios::binary) << input;
    std::vector<std::string> line = words;
    line.insert(line.begin(), "heddle");
    const pid_t child = fork();
    if (child == 0) {
        std::vector<char*> argv;
        argv.reserve(line.size() + 1);
        for (std::string& word : line) {
            argv.push_back(word.data());
        }
        argv.push_back(nullptr);
        put_on(STDIN_FILENO, in.string(), O_RDONLY);
        put_on(STDOUT_FILENO, out.string(), O_WRONLY | O_CREAT | O_TRUNC);
        put_on(STDERR_FILENO, err.string(), O_WRONLY | O_CREAT | O_TRUNC);
        if (chdir(folder_.c_str()) == 0) {
            execv(HEDDLE_PROGRAM, argv.data());
        }
        _exit(127);
    }
    int status = 0;
    bool over = false;
    while (meanwhile && !over && !meanwhile(child)) {
        over = waitpid(child, &status, WNOHANG) == child;
        sched_yield();
    }
    if (!over) {
        waitpid(child, &status, 0);
    }
    heddle_result r;
    r.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    r.out = contents(out);
    r.err = contents(err);
    return r;
}

std::vector<pid_t> children_of(pid_t process) {
    const std::string id = std::to_string(process);
    std::ifstream in("/proc/" + id + "/task/" + id + "/children");
    std::vector<pid_t> all;
    for (pid_t child = 0; in >> child;) {
        all.push_back(child);
    }
    return all;
}

std::string subject_path(const std::string& name) {
    return std::string(HEDDLE_SUBJECTS) + "/" + name + ".so";
}

std::string contents(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

}  // namespace scenario::test
