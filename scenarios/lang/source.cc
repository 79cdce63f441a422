#include "scenarios/lang/source.h"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <tuple>
#include <utility>

namespace scenario {

namespace {

// Optimal string alignment: insert, delete, change, swap neighbours; case is ignored, since a wrong
// case is the nearest miss of all.
size_t edit_distance(std::string_view a, std::string_view b) {
    auto same = [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) ==
               std::tolower(static_cast<unsigned char>(y));
    };
    std::vector<size_t> before(b.size() + 1);
    std::vector<size_t> last(b.size() + 1);
    std::vector<size_t> row(b.size() + 1);
    std::iota(last.begin(), last.end(), size_t{0});
    for (size_t i = 1; i <= a.size(); i++) {
        row[0] = i;
        for (size_t j = 1; j <= b.size(); j++) {
            size_t change = same(a[i - 1], b[j - 1]) ? 0 : 1;
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1])) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
        std::swap(before, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

std::string quoted_list(const std::vector<std::string>& names) {
    std::string text;
    for (size_t i = 0; i < names.size(); i++) {
        text += i == 0 ? "" : i + 1 == names.size() ? " or " : ", ";
        text += "'" + names[i] + "'";
    }
    return text;
}

}  // namespace

uint32_t sources::add(std::string name, std::string text) {
    files_.push_back({std::move(name), std::move(text)});
    return static_cast<uint32_t>(files_.size() - 1);
}

const std::string& sources::name(uint32_t file) const {
    return files_.at(file).name;
}
const std::string& sources::text(uint32_t file) const {
    return files_.at(file).text;
}

std::string sources::line(uint32_t file, uint32_t number) const {
    if (file >= files_.size() || number == 0) {
        return "";
    }
    const std::string& text = files_[file].text;
    size_t begin = 0;
    for (uint32_t n = 1; n < number; n++) {
        begin = text.find('\n', begin);
        if (begin == std::string::npos) {
            return "";
        }
        begin++;
    }
    size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin && text[end - 1] == '\r') {
        end--;
    }
    return text.substr(begin, end - begin);
}

diagnostic sources::at(const span& where, std::string message, std::string hint) const {
    return {where.file < files_.size() ? files_[where.file].name : "",
            where.line,
            where.column,
            where.length,
            std::move(message),
            std::move(hint),
            line(where.file, where.line)};
}

void diagnostics::add(const span& where, std::string message, std::string hint) {
    if (list_.size() < count_max) {
        list_.push_back({where, texts_.at(where, std::move(message), std::move(hint))});
    }
}

std::vector<diagnostic> diagnostics::take() {
    auto place = [](const entry& e) { return std::tuple(e.at.file, e.at.line, e.at.column); };
    std::stable_sort(list_.begin(), list_.end(),
                     [&](const entry& a, const entry& b) { return place(a) < place(b); });
    std::vector<diagnostic> result;
    for (size_t i = 0; i < list_.size(); i++) {
        if (i == 0 || place(list_[i]) != place(list_[i - 1])) {
            result.push_back(std::move(list_[i].what));
        }
    }
    list_.clear();
    return result;
}

std::string render(const diagnostic& d) {
    std::string place = d.file + ":" + std::to_string(d.line) + ":" + std::to_string(d.column);
    std::string text = place + ": error: " + d.message + "\n";
    std::string number = std::to_string(d.line);
    std::string margin(std::max<size_t>(number.size(), 5), ' ');
    if (d.line > 0) {
        text += margin.substr(number.size()) + number + " | " + d.source_line + "\n";
        text += margin + " | ";
        for (size_t i = 0; i + 1 < d.column; i++) {
            // A tab under a tab keeps the caret in place whatever the terminal's tab stops are.
            text += i < d.source_line.size() && d.source_line[i] == '\t' ? '\t' : ' ';
        }
        text += "^" + std::string(d.length > 1 ? d.length - 1 : 0, '~') + "\n";
    }
    if (!d.hint.empty()) {
        text += margin + " = " + d.hint + "\n";
    }
    return text;
}

std::string render(const std::vector<diagnostic>& list) {
    std::string text;
    for (const diagnostic& d : list) {
        text += render(d);
    }
    return text;
}

std::vector<std::string> near_matches(std::string_view word,
                                      const std::vector<std::string>& candidates) {
    constexpr size_t matches_max = 3;
    constexpr size_t length_max = 64;  // the distance costs the product of both lengths
    std::vector<std::pair<size_t, std::string>> found;
    size_t allowed = std::max<size_t>(1, word.size() / 3);
    for (const std::string& candidate : candidates) {
        if (word.empty() || word.size() > length_max || candidate.size() > length_max) {
            continue;
        }
        size_t distance = edit_distance(word, candidate);
        bool begins = word.size() >= 3 && candidate.compare(0, word.size(), word) == 0;
        bool new_one = std::none_of(found.begin(), found.end(),
                                    [&](const auto& f) { return f.second == candidate; });
        // A word of one letter is not "near" every other word of one letter.
        if (new_one && (begins || (distance <= allowed && distance < word.size()))) {
            found.emplace_back(begins ? std::min(distance, allowed) : distance, candidate);
        }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::string> names;
    for (size_t i = 0; i < found.size() && i < matches_max; i++) {
        names.push_back(found[i].second);
    }
    return names;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
    constexpr size_t shown_max = 8;
    std::vector<std::string> near = near_matches(word, candidates);
    if (!near.empty()) {
        return "did you mean " + quoted_list(near) + "?";
    }
    if (candidates.empty() || candidates.size() > shown_max) {
        return "";
    }
    std::string text = "known: ";
    for (size_t i = 0; i < candidates.size(); i++) {
        text += (i == 0 ? "" : ", ") + candidates[i];
    }
    return text;
}

}  // namespace scenario
