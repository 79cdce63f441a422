// heddle_call.h - runs the built command as a user does, and keeps what it said.
// Shapes:  standard input is what is given, else empty; the working folder is one that goes away with the object.
// Locks:   none; one call at a time.
// Errors:  a command that does not end by itself has the status 128 + its signal.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace scenario::test {

struct heddle_result {
    int status = 0;
    std::string out;
    std::string err;
    // The lines of `out`.
    [[nodiscard]] std::vector<std::string> lines() const;
    // Whether `out` has these words, wherever its lines are broken: that depends on how long the
    // names of folders are.
    [[nodiscard]] bool says(const std::string& text) const;
};

class heddle_call {
  public:
    heddle_call();
    ~heddle_call();
    heddle_call(const heddle_call&) = delete;
    heddle_call& operator=(const heddle_call&) = delete;

    // `meanwhile` is called again and again until it returns true or the command is over.
    using bystander = std::function<bool(pid_t command)>;
    [[nodiscard]] heddle_result run(const std::vector<std::string>& words,
                                    const std::string& input = "",
                                    const bystander& meanwhile = nullptr) const;
    [[nodiscard]] std::filesystem::path folder() const { return folder_; }

  private:
    std::filesystem::path folder_;
};

// The processes that a process has started, if they live.
std::vector<pid_t> children_of(pid_t process);

// Path of a subject that the build made: "sb" -> ".../sb.so".
std::string subject_path(const std::string& name);
std::string contents(const std::filesystem::path& path);

}  // namespace scenario::test
