#include "test/tidy_source.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace tidy {
namespace {

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// Offset behind the string or character literal that starts with the quote at `begin`.
size_t literal_end(const std::string& text, size_t begin) {
    const char quote = text[begin];
    size_t at = begin + 1;
    while (at < text.size() && text[at] != quote && text[at] != '\n') {
        at += text[at] == '\\' ? 2 : 1;
    }
    return std::min(at + 1, text.size());
}

// The same for a raw string, whose quote at `begin` follows an R.
size_t raw_string_end(const std::string& text, size_t begin) {
    const size_t open = text.find('(', begin);
    if (open == std::string::npos) {
        return text.size();
    }
    const std::string close = ")" + text.substr(begin + 1, open - begin - 1) + "\"";
    const size_t end = text.find(close, open);
    return end == std::string::npos ? text.size() : end + close.size();
}

// Offset behind the comment that starts at `begin`; `begin` itself if none does.
size_t comment_end(const std::string& text, size_t begin) {
    if (text.compare(begin, 2, "//") == 0) {
        return std::min(text.find('\n', begin), text.size());
    }
    if (text.compare(begin, 2, "/*") == 0) {
        const size_t end = text.find("*/", begin + 2);
        return end == std::string::npos ? text.size() : end + 2;
    }
    return begin;
}

// A quote between digits, as in 1'000, starts no literal.
bool starts_literal(const std::string& text, size_t at) {
    return text[at] == '"' || (text[at] == '\'' && (at == 0 || !is_word(text[at - 1])));
}

void blank(std::string& text, size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
        if (text[i] != '\n') {
            text[i] = ' ';
        }
    }
}

}  // namespace

source::source(std::string path, std::string text)
    : path_(std::move(path)), text_(std::move(text)), code_(text_), code_and_comments_(text_) {
    blank_literals_and_comments();
}

void source::blank_literals_and_comments() {
    size_t at = 0;
    while (at < text_.size()) {
        if (const size_t end = comment_end(text_, at); end != at) {
            blank(code_, at, end);
            at = end;
        } else if (starts_literal(text_, at)) {
            const bool raw = text_[at] == '"' && at > 0 && text_[at - 1] == 'R';
            const size_t literal = raw ? raw_string_end(text_, at) : literal_end(text_, at);
            blank(code_, at, literal);
            blank(code_and_comments_, at, literal);
            at = literal;
        } else {
            ++at;
        }
    }
}

size_t source::line_count() const {
    const auto breaks = static_cast<size_t>(std::count(text_.begin(), text_.end(), '\n'));
    return breaks + (text_.empty() || text_.back() == '\n' ? 0 : 1);
}

size_t source::line_at(size_t offset) const {
    const auto end = text_.begin() + static_cast<std::ptrdiff_t>(std::min(offset, text_.size()));
    return 1 + static_cast<size_t>(std::count(text_.begin(), end, '\n'));
}

std::string_view source::top_folder() const {
    return std::string_view(path_).substr(0, path_.find('/'));
}

std::string_view source::file_name() const {
    return std::string_view(path_).substr(path_.rfind('/') + 1);
}

bool source::is_header() const {
    return path_.ends_with(".h");
}

std::vector<source> read_checkout(const std::string& top, const std::vector<std::string>& endings) {
    namespace fs = std::filesystem;
    std::vector<std::string> paths;
    for (const char* folder : {"sim", "model", "scenarios", "viz", "test"}) {
        const fs::path start = fs::path(top) / folder;
        if (!fs::is_directory(start)) {
            continue;
        }
        for (const fs::directory_entry& entry : fs::recursive_directory_iterator(start)) {
            const std::string path = fs::relative(entry.path(), top).generic_string();
            const bool wanted = std::any_of(endings.begin(), endings.end(),
                                            [&](const auto& e) { return path.ends_with(e); });
            if (wanted && entry.is_regular_file()) {
                paths.push_back(path);
            }
        }
    }
    std::sort(paths.begin(), paths.end());

    std::vector<source> files;
    for (const std::string& path : paths) {
        std::ifstream in(fs::path(top) / path, std::ios::binary);
        files.emplace_back(path, std::string(std::istreambuf_iterator<char>(in), {}));
    }
    return files;
}

}  // namespace tidy
