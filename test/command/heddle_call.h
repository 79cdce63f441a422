// heddle_call.h - runs the built command as a user does, and keeps what it said.
// Shapes:  standard input is what is given, else empty; the working folder is one that goes away with the object.
// Locks:   none; one call at a time.
// Errors:  a command that does not end by itself has the status 128 + its signal.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace scenario::test {

struct heddle_result {
    int status = 0;
    std::string out;
    std::string err;
    // The lines of `out`.
    [[nodiscard]] std::vector<std::string> lines() const;
};

class heddle_call {
  public:
    heddle_call();
    ~heddle_call();
    heddle_call(const heddle_call&) = delete;
    heddle_call& operator=(const heddle_call&) = delete;

    [[nodiscard]] heddle_result run(const std::vector<std::string>& words,
                                    const std::string& input = "") const;
    [[nodiscard]] std::filesystem::path folder() const { return folder_; }

  private:
    std::filesystem::path folder_;
};

// Path of a subject that the build made: "sb" -> ".../sb.so".
std::string subject_path(const std::string& name);
std::string contents(const std::filesystem::path& path);

}  // namespace scenario::test
