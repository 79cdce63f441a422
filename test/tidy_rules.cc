#include "test/tidy_rules.h"

#include <algorithm>
#include <cctype>
#include <regex>
#include <string_view>
#include <utility>

namespace tidy {
namespace {

bool is_word(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// One complaint for each match of `pattern` in `text`, a view of `file`; `what` is followed by the
// first group of the match.
complaints complain_of_matches(const source& file, const std::string& text,
                               const std::regex& pattern, const std::string& what) {
    complaints found;
    for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) {
        const auto offset = static_cast<size_t>(at->position(1));
        found.push_back({file.path(), file.line_at(offset), what + at->str(1)});
    }
    return found;
}

// ---- function length -----------------------------------------------------------------------------

// Follows the braces of a file whose comments and strings are blank. A brace opened at the scope of
// a namespace or class belongs to a function if the text before it has a parameter list and is
// neither the head of a type nor an initialiser.
class function_finder {
  public:
    explicit function_finder(const source& file) : file_(file), code_(file.code()) {}

    complaints run() {
        for (size_t at = 0; at < code_.size(); ++at) {
            if (code_[at] == '#' && is_first_in_line(at)) {
                at = directive_end(at);
            } else if (function_depth_ > 0) {
                inside_function(at);
            } else {
                outside_function(at);
            }
        }
        return std::move(found_);
    }

  private:
    [[nodiscard]] bool is_first_in_line(size_t at) const {
        const size_t before = code_.find_last_not_of(" \t", at - (at > 0 ? 1 : 0));
        return at == 0 || before == std::string::npos || code_[before] == '\n';
    }

    [[nodiscard]] size_t directive_end(size_t at) const {
        size_t end = code_.find('\n', at);
        while (end != std::string::npos && code_[end - 1] == '\\') {
            end = code_.find('\n', end + 1);
        }
        return std::min(end, code_.size());
    }

    void inside_function(size_t at) {
        if (code_[at] == '{') {
            ++function_depth_;
        } else if (code_[at] == '}' && --function_depth_ == 0) {
            close_function(at);
        }
    }

    void outside_function(size_t at) {
        const char c = code_[at];
        if (c == '{' && head_is_function()) {
            function_depth_ = 1;
            opened_ = at;
        } else if (c == '{' || c == '}' || c == ';') {
            head_.clear();
        } else {
            head_ += c;
        }
    }

    void close_function(size_t at) {
        const size_t lines = file_.line_at(at) - file_.line_at(opened_) + 1;
        if (lines > function_lines_max) {
            found_.push_back({file_.path(), file_.line_at(opened_),
                              "function of " + std::to_string(lines) + " lines"});
        }
        // The braces of a member initialiser: the body is still to come.
        const size_t next = code_.find_first_not_of(" \t\n", at + 1);
        const bool goes_on =
            next != std::string::npos && (code_[next] == ',' || code_[next] == '{');
        if (!goes_on) {
            head_.clear();
        }
    }

    [[nodiscard]] bool head_is_function() const {
        static const std::regex type_head(
            R"(^\s*(template\s*<[^(]*>\s*)?(typedef\s+)?)"
            R"((inline\s+)?(namespace|class|struct|union|enum|extern)\b[^()]*)"
            R"((alignas\s*\([^)]*\))?[^()]*$)");
        const size_t last = head_.find_last_not_of(" \t\n");
        return head_.find('(') != std::string::npos && head_[last] != '=' &&
               !std::regex_match(head_, type_head);
    }

    const source& file_;
    const std::string& code_;
    std::string head_;           // text since the last statement or declaration ended
    size_t function_depth_ = 0;  // braces open inside the function being read
    size_t opened_ = 0;          // offset of its first brace
    complaints found_;
};

// ---- folder arrows -------------------------------------------------------------------------------

struct arrow {
    std::string_view from;  // a top folder
    std::string_view to;    // a folder with '/' behind it, or one file
};

constexpr arrow arrows[] = {
    {"sim", "sim/"},
    {"model", "model/"},
    {"model", "sim/annotate.h"},
    {"model", "sim/annotate_packet.h"},
    {"viz", "viz/"},
    {"viz", "sim/trace/"},
    {"scenarios", "scenarios/"},
    {"scenarios", "sim/"},
    {"scenarios", "viz/"},
    {"scenarios", "model/admin/command.h"},
    {"scenarios", "model/host/"},
    {"test", "sim/"},
    {"test", "model/"},
    {"test", "viz/"},
    {"test", "scenarios/"},
    {"test", "test/"},
};

bool may_include(std::string_view from, std::string_view included) {
    return std::any_of(std::begin(arrows), std::end(arrows), [&](const arrow& a) {
        const bool folder = a.to.ends_with('/');
        return a.from == from && (folder ? included.starts_with(a.to) : included == a.to);
    });
}

// ---- bans ----------------------------------------------------------------------------------------

struct ban {
    std::string_view name;
    const char* pattern;  // the first group is what the complaint shows
    const char* why;
};

constexpr ban bans[] = {
    {"hash", R"(\b((?:std\s*::\s*)?unordered_(?:multi)?(?:map|set))\b)",
     "the order of a hash container differs between builds: "},
    {"random", R"(\b(random_device|s?rand(?=\s*\())\b)", "randomness without a seed: "},
    {"clock", R"(\b(system_clock|time(?=\s*\(\s*(?:nullptr|NULL|0)\s*\)))\b)", "reads a clock: "},
    {"environment", R"(\b((?:secure_)?getenv)\b)", "reads the environment: "},
};

struct exception_to_ban {
    std::string_view path;  // a file, or a folder with '/' behind it
    std::string_view ban;   // the name of a ban, or "macro"
    std::string_view reason;
};

constexpr exception_to_ban exceptions[] = {
    {"model/host/capture.cc", "clock",
     "when a frame was on the wire, as others that capture say it"},
    {"scenarios/command/", "environment", "NO_COLOR and the like: how a person wants to see it"},
    {"sim/program/runtime/subject_prefix.h", "macro",
     "__builtin_memcpy has no other way to a hook"},
    {"sim/program/runtime/hash.cc", "hash", "defines what the hash containers of subjects call"},
    {"sim/program/symbols.cc", "hash", "a cache that is looked up and never walked"},
    {"test/", "environment", "HEDDLE_BUDGET, HEDDLE_UPDATE_GOLDEN: how much a test does"},
    {"test/programs/", "hash", "subjects are anybody's programs"},
    {"test/programs/", "random", "subjects are anybody's programs"},
    {"test/programs/", "clock", "subjects are anybody's programs; the machine gives them the time"},
    {"test/programs/weak/", "macro", "-DNAME=release says one memory order of many"},
};

bool is_excepted(const std::string& path, std::string_view name) {
    return std::any_of(std::begin(exceptions), std::end(exceptions), [&](const auto& e) {
        const bool here = e.path.ends_with('/') ? path.starts_with(e.path) : path == e.path;
        return here && e.ban == name;
    });
}

// Whether `text` has `name` as a word of its own: "if.h" is not in "pf_if.h".
bool has_name(std::string_view text, std::string_view name) {
    for (size_t at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
        const size_t end = at + name.size();
        const bool starts =
            at == 0 || (!is_word(text[at - 1]) && text[at - 1] != '-' && text[at - 1] != '.');
        const bool ends = end == text.size() || (!is_word(text[end]) && text[end] != '-');
        if (starts && ends) {
            return true;
        }
    }
    return false;
}

}  // namespace

complaints check_file_length(const source& file) {
    const size_t max = file.top_folder() == "test" ? test_file_lines_max : file_lines_max;
    if (file.line_count() <= max) {
        return {};
    }
    return {{file.path(), file.line_count(), "more than " + std::to_string(max) + " lines"}};
}

complaints check_function_length(const source& file) {
    return function_finder(file).run();
}

complaints check_folder_arrows(const source& file) {
    static const std::regex include(R"(^[ \t]*#[ \t]*include[ \t]*[<"]([^">\n]+)[">])",
                                    std::regex::multiline);
    static const std::regex ours(R"(^(sim|model|scenarios|viz|test)/.*)");
    complaints found;
    const std::string& text = file.text();
    for (std::sregex_iterator at(text.begin(), text.end(), include), end; at != end; ++at) {
        const std::string included = at->str(1);
        const size_t line = file.line_at(static_cast<size_t>(at->position(1)));
        if (included.find("..") != std::string::npos) {
            found.push_back({file.path(), line, "includes by a path with dots: " + included});
        } else if (std::regex_match(included, ours) && !may_include(file.top_folder(), included)) {
            found.push_back({file.path(), line,
                             std::string(file.top_folder()) + " may not include " + included});
        }
    }
    return found;
}

complaints check_pf_links(const source& file) {
    if (file.top_folder() != "model" || file.path().starts_with("model/pf/")) {
        return {};
    }
    static const std::regex use(
        R"((?:\.|->)\s*((?:statekey|inp_pf_sk|sk_inp|sk_reverse)\b|pf\s*\.\s*inp\b))");
    return complain_of_matches(file, file.code(), use, "touches a link of model/pf: ");
}

complaints check_banned_names(const source& file) {
    complaints found;
    for (const ban& b : bans) {
        if (!is_excepted(file.path(), b.name)) {
            const complaints more =
                complain_of_matches(file, file.code(), std::regex(b.pattern), b.why);
            found.insert(found.end(), more.begin(), more.end());
        }
    }
    return found;
}

complaints check_unfinished_marks(const source& file) {
    static const std::regex mark(R"(\b(TODO|FIXME)\b)");
    return complain_of_matches(file, file.code_and_comments(), mark, "work put off: ");
}

complaints check_macros(const source& file) {
    if (is_excepted(file.path(), "macro")) {
        return {};
    }
    static const std::regex macro(
        R"(^[ \t]*#[ \t]*define[ \t]+(?!HEDDLE_|_GNU_SOURCE\b|_POSIX_C_SOURCE\b)(\w+))",
        std::regex::multiline);
    return complain_of_matches(file, file.code(), macro, "macro without HEDDLE_: ");
}

complaints check_header_opening(const source& file) {
    const std::string opening = "// " + std::string(file.file_name()) + " - ";
    if (!file.is_header() || file.text().starts_with(opening)) {
        return {};
    }
    return {{file.path(), 1, "a header begins with '" + opening + "'"}};
}

complaints check_machine_paths(const source& file) {
    static const std::regex path(R"((?:^|[^\w.])(/(?:work|tmp|home|root)(?=[/"'\s]|$)))",
                                 std::regex::multiline);
    return complain_of_matches(file, file.text(), path, "a path of one machine: ");
}

complaints check_readme_line(const source& file, const std::string& readme) {
    const std::string name(file.file_name());
    const std::string stem = name.substr(0, name.rfind('.'));
    if (has_name(readme, name)) {
        return {};
    }
    if (name.ends_with(".cc")) {
        for (const char* pair : {".h, .cc", ".h/.cc", ".h`, `.cc", ".{h,cc}", ".{h, cc}"}) {
            if (has_name(readme, stem + pair)) {
                return {};
            }
        }
    }
    if (file.is_header() &&
        (has_name(readme, stem + ".{h,cc}") || has_name(readme, stem + ".{h, cc}"))) {
        return {};
    }
    return {{file.path(), 1, "has no line in the README.md of its folder"}};
}

complaints check_readme_tables(const source& readme,
                               const std::function<bool(const std::string&)>& exists) {
    static const std::regex row(R"(^\|([^|\n]*)\|)", std::regex::multiline);
    static const std::regex name(
        R"(`([\w./-]+(?:\.(?:h|cc|c|cmake|def|dict|list|patch|race|txt)|/))`)");
    const std::string& text = readme.text();
    const std::string folder = readme.path().substr(0, readme.path().rfind('/') + 1);
    complaints found;
    for (std::sregex_iterator at(text.begin(), text.end(), row), end; at != end; ++at) {
        const std::string cell = at->str(1);
        const size_t line = readme.line_at(static_cast<size_t>(at->position(1)));
        for (std::sregex_iterator n(cell.begin(), cell.end(), name); n != end; ++n) {
            if (!exists(folder + n->str(1))) {
                found.push_back({readme.path(), line, "names what is not there: " + n->str(1)});
            }
        }
    }
    return found;
}

}  // namespace tidy
