// tidy_source.h - a source file as the house rules see it: its lines, with and without comments.
// Shapes:  the views have the same length and the same line breaks as the file; what a view leaves
//          out is blanks. Lines count from 1.
// Locks:   none; immutable after construction.
// Errors:  an unterminated comment or string reaches to the end of the file; the compiler reports it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tidy {

class source {
  public:
    // `path` is relative to the top of the checkout: "model/net/route.cc".
    source(std::string path, std::string text);

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] const std::string& text() const { return text_; }

    // Comments, strings and character literals blanked.
    [[nodiscard]] const std::string& code() const { return code_; }

    // Strings and character literals blanked, comments kept.
    [[nodiscard]] const std::string& code_and_comments() const { return code_and_comments_; }

    [[nodiscard]] size_t line_count() const;
    [[nodiscard]] size_t line_at(size_t offset) const;

    // "sim" of "sim/trace/trace.h".
    [[nodiscard]] std::string_view top_folder() const;
    [[nodiscard]] std::string_view file_name() const;
    [[nodiscard]] bool is_header() const;

  private:
    void blank_literals_and_comments();

    std::string path_;
    std::string text_;
    std::string code_;
    std::string code_and_comments_;
};

// The files under the checkout's source folders whose name ends in one of `endings`, sorted by path.
[[nodiscard]] std::vector<source> read_checkout(const std::string& top,
                                                const std::vector<std::string>& endings);

}  // namespace tidy
