#include "scenarios/lang/expand.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <string>
#include <utility>

#include "scenarios/lang/word_cursor.h"

namespace scenario {

namespace {

constexpr size_t files_deep_max = 16;
constexpr uint64_t copies_max = 1000;
constexpr size_t statements_max = 20'000;
constexpr uint64_t values_max = 10'000;  // of one parameter

using values = std::map<std::string, uint64_t>;

// "scenarios/races/a.race" + "b.race" -> "scenarios/races/b.race".
std::string beside(const std::string& including, const std::string& name) {
    size_t slash = including.rfind('/');
    bool absolute = !name.empty() && name[0] == '/';
    return slash == std::string::npos || absolute ? name : including.substr(0, slash + 1) + name;
}

class expander {
  public:
    expander(const parse_options& options, std::vector<parameter>& parameters, diagnostics& out)
        : options_(options), parameters_(parameters), out_(out) {}

    structure read(uint32_t file) {
        std::vector<statement_node> list = with_includes(file);
        if (!balanced_) {
            return {{}, false};
        }
        values known;
        std::vector<statement_node> rest;
        for (statement_node& node : list) {
            if (node.words[0].is("param")) {
                read_parameter(node, known);
            } else {
                rest.push_back(std::move(node));
            }
        }
        check_given(known);
        std::vector<statement_node> result;
        copy(rest, known, result);
        return {std::move(result), true};
    }

  private:
    std::vector<statement_node> with_includes(uint32_t file) {
        open_files_.push_back(out_.texts().name(file));
        structure text = read_structure(file, out_);
        balanced_ = balanced_ && text.balanced;
        std::vector<statement_node> list = replace_includes(std::move(text.statements));
        open_files_.pop_back();
        return list;
    }

    // Recursive: blocks are at most 32 deep.
    std::vector<statement_node> replace_includes(std::vector<statement_node> list) {
        std::vector<statement_node> result;
        for (statement_node& node : list) {
            if (node.words[0].is("include")) {
                for (statement_node& inner : included(node)) {
                    result.push_back(std::move(inner));
                }
                continue;
            }
            node.block = replace_includes(std::move(node.block));
            result.push_back(std::move(node));
        }
        return result;
    }

    // Recursive: files are at most 16 deep.
    std::vector<statement_node> included(const statement_node& node) {
        word_cursor words(node.words, node.end(), out_);
        words.expect("include");
        word name = words.take_word("the name of a file");
        words.finish();
        if (!words.ok()) {
            return {};
        }
        std::string path = beside(open_files_.back(), name.text);
        if (std::find(open_files_.begin(), open_files_.end(), path) != open_files_.end()) {
            out_.add(name.at, "'" + path + "' includes itself");
            return {};
        }
        if (open_files_.size() >= files_deep_max) {
            out_.add(name.at, "files include each other more than " +
                                  std::to_string(files_deep_max) + " deep");
            return {};
        }
        std::optional<std::string> text;
        if (options_.read_file) {
            text = options_.read_file(path);
        }
        if (!text) {
            out_.add(name.at, "cannot read '" + path + "'");
            return {};
        }
        return with_includes(out_.texts().add(path, std::move(*text)));
    }

    // param NAME FIRST..LAST [value N]
    void read_parameter(const statement_node& node, values& known) {
        word_cursor words(node.words, node.end(), out_);
        parameter p;
        words.expect("param");
        p.name = words.take_name("the name of a parameter");
        read_range(words, words.take_word("the values: 1..3"), p);
        if (words.take("value")) {
            p.value = words.take_number("the value", p.first, p.last);
            p.given = true;
        }
        words.finish();
        if (words.ok() && known.count(p.name.text) != 0) {
            words.fail_at(p.name.at, "parameter '" + p.name.text + "' declared twice");
        }
        auto given = options_.parameters.find(p.name.text);
        if (words.ok() && given != options_.parameters.end()) {
            if (given->second < p.first || given->second > p.last) {
                words.fail_at(p.name.at, "parameter '" + p.name.text + "' cannot be " +
                                             std::to_string(given->second));
            }
            p.value = given->second;
        }
        known[p.name.text] = p.value;  // also after a mistake: its uses are none
        if (words.ok()) {
            parameters_.push_back(p);
        }
    }

    static void read_range(word_cursor& words, const word& w, parameter& p) {
        size_t dots = w.text.find("..");
        std::string_view text = w.text;
        std::optional<uint64_t> first = parse_number(text.substr(0, dots));
        std::optional<uint64_t> last =
            dots == std::string::npos ? first : parse_number(text.substr(dots + 2));
        if (!first || !last || *first > *last || *last - *first >= values_max) {
            words.fail_at(w.at, "'" + w.text + "' is not a range of numbers", "FIRST..LAST: 1..3");
            return;
        }
        p.first = *first;
        p.last = *last;
        p.value = *first;
    }

    void check_given(const values& known) {
        for (const auto& [name, value] : options_.parameters) {
            if (known.count(name) == 0) {
                out_.add({0, 1, 1, 1}, "the scenario has no parameter '" + name + "'",
                         did_you_mean(name, names_of(known)));
            }
        }
    }

    static std::vector<std::string> names_of(const values& known) {
        std::vector<std::string> names;
        for (const auto& [name, value] : known) {
            names.push_back(name);
        }
        return names;
    }

    // Recursive: blocks are at most 32 deep.
    void copy(const std::vector<statement_node>& list, const values& known,
              std::vector<statement_node>& result) {
        for (const statement_node& node : list) {
            if (++statements_ > statements_max) {
                if (!too_many_) {
                    out_.add(node.words[0].at,
                             "more than " + std::to_string(statements_max) + " statements");
                }
                too_many_ = true;
                return;
            }
            statement_node one = node;
            one.block.clear();
            for (word& w : one.words) {
                replace_values(w, known);
            }
            if (one.words[0].is("repeat")) {
                repeat(one, node.block, known, result);
                continue;
            }
            copy(node.block, known, one.block);
            result.push_back(std::move(one));
        }
    }

    // Recursive: blocks are at most 32 deep.
    void repeat(const statement_node& node, const std::vector<statement_node>& block,
                const values& known, std::vector<statement_node>& result) {
        word_cursor words(node.words, node.end(), out_);
        words.expect("repeat");
        uint64_t count = words.take_number("a count", 0, copies_max);
        words.finish();
        if (words.ok() && !node.has_block) {
            words.fail("'repeat' needs a block", "repeat 3 { ... }");
        }
        values inside = known;
        for (uint64_t i = 1; words.ok() && i <= count && !too_many_; i++) {
            inside["i"] = i;
            copy(block, inside, result);
        }
    }

    // "P$i" -> "P3".
    void replace_values(word& w, const values& known) {
        size_t dollar = w.quoted ? std::string::npos : w.text.find('$');
        while (dollar != std::string::npos) {
            size_t end = dollar + 1;
            while (end < w.text.size() &&
                   (std::isalnum(static_cast<unsigned char>(w.text[end])) || w.text[end] == '_')) {
                end++;
            }
            std::string name = w.text.substr(dollar + 1, end - dollar - 1);
            auto found = known.find(name);
            if (found == known.end()) {
                out_.add(w.at, "unknown parameter '$" + name + "'",
                         did_you_mean(name, names_of(known)));
                return;
            }
            std::string value = std::to_string(found->second);
            w.text.replace(dollar, end - dollar, value);
            dollar = w.text.find('$', dollar + value.size());
        }
    }

    const parse_options& options_;
    std::vector<parameter>& parameters_;
    diagnostics& out_;
    std::vector<std::string> open_files_;
    bool balanced_ = true;
    size_t statements_ = 0;
    bool too_many_ = false;
};

}  // namespace

structure read_expanded(uint32_t file, const parse_options& options,
                        std::vector<parameter>& parameters, diagnostics& out) {
    return expander(options, parameters, out).read(file);
}

}  // namespace scenario
