// subject_maker.h - a folder that goes away, and subjects made in it from text.
// Source:  run_cc, the function under `heddle cc`.
// Shapes:  paths are absolute; a failed make leaves its messages in `errors`.
// Locks:   none.
// Errors:  the folder cannot be made: the test program aborts.
#pragma once

#include <string>
#include <vector>

class subject_maker {
  public:
    subject_maker();
    ~subject_maker();
    subject_maker(const subject_maker&) = delete;
    subject_maker& operator=(const subject_maker&) = delete;

    // Writes a file and returns its path.
    std::string write(const std::string& name, const std::string& text);
    [[nodiscard]] std::string path(const std::string& name) const;

    // Runs `heddle cc` with `args`; messages and output are kept.
    int cc(const std::vector<std::string>& args);

    std::string output;
    std::string errors;

  private:
    std::string folder_;
};

// All bytes of a file; "" when there is none.
[[nodiscard]] std::string contents_of(const std::string& path);
