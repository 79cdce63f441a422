#include "scenarios/runner/model_patch.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <string_view>

#include "scenarios/lang/source.h"
#include "scenarios/runner/sha1.h"
#include "sim/program/subprocess.h"

namespace scenario {
namespace {

namespace fs = std::filesystem;

// ---- reading -------------------------------------------------------------------------------------

// What stands for a file that does not exist on one side.
constexpr std::string_view no_file = "/dev/null";

constexpr std::array<std::string_view, 6> refused_lines = {
    "rename from ", "rename to ", "copy from ", "copy to ", "GIT binary patch", "Binary files "};

// "a/model/net/if.cc<TAB>date" -> "model/net/if.cc"
std::string name_in(std::string_view header) {
    header = header.substr(0, header.find_first_of("\t\r"));
    if (header == no_file) {
        return std::string(header);
    }
    const size_t slash = header.find('/');
    return std::string(header.substr(slash == header.npos ? 0 : slash + 1));
}

bool is_in_model(const std::string& name) {
    const fs::path path(name);
    return name.starts_with("model/") && path.lexically_normal().native() == name;
}

// Reads "12" or "12,3" behind `sign`; without a count it is 1.
bool take_range(std::string_view& text, char sign, size_t& count) {
    const char* const end = text.data() + text.size();
    size_t ignored = 0;
    if (text.empty() || text[0] != sign) {
        return false;
    }
    auto [at, failure] = std::from_chars(text.data() + 1, end, ignored);
    if (failure != std::errc()) {
        return false;
    }
    count = 1;
    if (at != end && *at == ',') {
        const auto second = std::from_chars(at + 1, end, count);
        if (second.ec != std::errc()) {
            return false;
        }
        at = second.ptr;
    }
    if (at == end || *at != ' ') {
        return false;
    }
    text.remove_prefix(static_cast<size_t>(at - text.data()) + 1);
    return true;
}

// "@@ -10,7 +10,6 @@ function"
bool parse_hunk_head(std::string_view line, size_t& old_lines, size_t& new_lines) {
    line.remove_prefix(3);
    return take_range(line, '-', old_lines) && take_range(line, '+', new_lines) &&
           line.starts_with("@@");
}

class patch_reader {
  public:
    patch_reader(const std::string& text, model_patch& patch, std::string& error)
        : patch_(patch), error_(error) {
        std::istringstream in(text);
        for (std::string line; std::getline(in, line);) {
            lines_.push_back(line);
        }
    }

    bool read() {
        while (at_ < lines_.size()) {
            const std::string& line = lines_[at_];
            if (line.starts_with("--- ") && at_ + 1 < lines_.size() &&
                lines_[at_ + 1].starts_with("+++ ")) {
                if (!take_names()) {
                    return false;
                }
            } else if (line.starts_with("@@ ")) {
                if (!take_hunk()) {
                    return false;
                }
            } else if (std::any_of(refused_lines.begin(), refused_lines.end(),
                                   [&](auto start) { return line.starts_with(start); })) {
                return fail(at_,
                            "a variant's patch changes text, it does not move or copy files: '" +
                                line + "'");
            } else {
                ++at_;
            }
        }
        for (const patched_file& file : patch_.files) {
            if (file.hunk_lines.empty()) {
                return fail(file.line - 1, "changes nothing in " + file.name);
            }
        }
        if (patch_.files.empty()) {
            error_ = patch_.path + ": changes nothing: there is no '--- a/model/...' in it";
        }
        return !patch_.files.empty();
    }

  private:
    bool fail(size_t at, const std::string& what) {
        error_ = fmt::format("{}:{}: {}", patch_.path, at + 1, what);
        return false;
    }

    bool take_names() {
        const std::string before = name_in(std::string_view(lines_[at_]).substr(4));
        const std::string after = name_in(std::string_view(lines_[at_ + 1]).substr(4));
        patched_file file{before, at_ + 1, before == no_file, after == no_file, {}};
        if (file.added) {
            file.name = after;
        }
        if (!is_in_model(file.name)) {
            return fail(at_, file.name +
                                 " is not part of the model: a variant's patch changes "
                                 "files a/model/... only");
        }
        if (!is_source(file.name)) {
            return fail(at_, file.name + " is no C or C++ file");
        }
        if (!file.added && !file.removed && before != after) {
            return fail(at_, "names two files, " + before + " and " + after);
        }
        if (std::any_of(patch_.files.begin(), patch_.files.end(),
                        [&](const patched_file& f) { return f.name == file.name; })) {
            return fail(at_, "names " + file.name + " a second time");
        }
        patch_.diff += "--- " + (file.added ? std::string(no_file) : "a/" + file.name) + "\n";
        patch_.diff += "+++ " + (file.removed ? std::string(no_file) : "b/" + file.name) + "\n";
        patch_.files.push_back(std::move(file));
        at_ += 2;
        return true;
    }

    bool take_hunk() {
        const size_t head = at_;
        size_t old_lines = 0;
        size_t new_lines = 0;
        if (!parse_hunk_head(lines_[at_], old_lines, new_lines)) {
            return fail(head, "not the head of a hunk: '" + lines_[at_] + "'");
        }
        if (patch_.files.empty()) {
            return fail(head, "a hunk before any '--- a/model/...'");
        }
        patch_.files.back().hunk_lines.push_back(head + 1);
        patch_.diff += lines_[at_++] + "\n";
        // A line that begins with a backslash belongs to the line before it.
        while (old_lines + new_lines > 0 ||
               (at_ < lines_.size() && lines_[at_].starts_with("\\"))) {
            if (at_ == lines_.size()) {
                return fail(head, "the hunk is shorter than its head says");
            }
            // Mail programs cut the blank off an empty line of context.
            const std::string line = lines_[at_].empty() ? " " : lines_[at_];
            const size_t from_old = line[0] == ' ' || line[0] == '-' ? 1 : 0;
            const size_t from_new = line[0] == ' ' || line[0] == '+' ? 1 : 0;
            if (from_old > old_lines || from_new > new_lines ||
                (from_old + from_new == 0 && line[0] != '\\')) {
                return fail(at_, "the hunk is shorter than its head says");
            }
            old_lines -= from_old;
            new_lines -= from_new;
            patch_.diff += line + "\n";
            ++at_;
        }
        return ends_here(head);
    }

    // What `patch` would take for prose and ignore. "-- " is how a mail is signed.
    bool ends_here(size_t head) {
        if (at_ == lines_.size() || lines_[at_].empty()) {
            return true;
        }
        const std::string& line = lines_[at_];
        const bool goes_on = line[0] == '+' || line[0] == ' ' ||
                             (line[0] == '-' && line != "-- " && !line.starts_with("--- "));
        return !goes_on || fail(head, "the hunk is longer than its head says");
    }

    model_patch& patch_;
    std::string& error_;
    std::vector<std::string> lines_;
    size_t at_ = 0;  // the line to be read next; messages count from 1
};

std::string similar_patches(const std::string& path) {
    std::vector<std::string> names;
    std::error_code failure;
    fs::path folder = fs::path(path).parent_path();
    for (fs::directory_iterator at(folder.empty() ? "." : folder, failure), end;
         !failure && at != end; at.increment(failure)) {
        if (at->path().extension() == ".patch") {
            names.push_back(at->path().filename());
        }
    }
    std::sort(names.begin(), names.end());
    const std::string hint = did_you_mean(fs::path(path).filename().string(), names);
    return hint.empty() ? "" : "; " + hint;
}

// ---- applying ------------------------------------------------------------------------------------

bool targets_exist(const model_patch& patch, const model_tree& tree, std::string& error) {
    std::vector<std::string> names;
    for (const auto& [name, file] : tree) {
        names.push_back(name);
    }
    for (const patched_file& file : patch.files) {
        const bool there = tree.contains(file.name);
        if (there == file.added) {
            const std::string hint = there ? "" : did_you_mean(file.name, names);
            error = fmt::format("{}:{}: does not apply: the model {} {}{}{}", patch.path, file.line,
                                there ? "already has a" : "has no", file.name,
                                hint.empty() ? "" : "; ", hint);
            return false;
        }
    }
    return true;
}

// The line of the patch that begins the first hunk of which `patch` says `outcome`, for instance
// "FAILED"; `name` is set to the file.
size_t hunk_with(const model_patch& patch, const std::string& said, std::string_view outcome,
                 std::string& name) {
    std::istringstream in(said);
    const patched_file* file = &patch.files[0];
    for (std::string line; std::getline(in, line);) {
        for (const patched_file& f : patch.files) {
            if (line.starts_with("patching file ") || line.starts_with("checking file ")) {
                file = line.substr(14) == f.name ? &f : file;
            }
        }
        size_t number = 0;
        if (line.starts_with("Hunk #") && line.find(outcome) != line.npos) {
            std::from_chars(line.data() + 6, line.data() + line.size(), number);
        }
        if (number > 0 && number <= file->hunk_lines.size()) {
            name = file->name;
            return file->hunk_lines[number - 1];
        }
    }
    name = file->name;
    return file->line;
}

sim::subprocess_result run_patch(const std::string& diff, const std::string& folder,
                                 const std::vector<std::string>& more) {
    // --force: nothing is asked of a person, and a patch is not tried the other way round.
    std::vector<std::string> words = {"patch",           "-p1",
                                      "--force",         "--no-backup-if-mismatch",
                                      "--reject-file=-", "--directory=" + folder,
                                      "--input=" + diff};
    words.insert(words.end(), more.begin(), more.end());
    return sim::run_subprocess(words);
}

// The patch failed: says where, and whether some lines of context would have to be ignored.
void explain_failure(const model_patch& patch, const sim::subprocess_result& failed,
                     const std::string& diff, const std::string& folder, std::string& error) {
    const sim::subprocess_result with_fuzz = run_patch(diff, folder, {"--fuzz=2", "--dry-run"});
    const bool fuzz = with_fuzz.spawn_error == 0 && with_fuzz.status == 0;
    const std::string& said = fuzz ? with_fuzz.output : failed.output;
    std::string name;
    const size_t line = hunk_with(patch, said, fuzz ? "with fuzz" : "FAILED", name);
    error = fmt::format("{}:{}: {} {}{}:\n{}", patch.path, line,
                        fuzz ? "applies only with fuzz to" : "does not apply to", name,
                        fuzz ? ", whose lines around the change are others by now" : "", said);
}

}  // namespace

bool read_patch(const std::string& path, model_patch& patch, std::string& error) {
    patch = {};
    patch.path = path;
    std::error_code ignored;
    if (!fs::exists(path, ignored)) {
        error = path + ": no such file" + similar_patches(path);
        return false;
    }
    std::string text;
    if (!fs::is_regular_file(path, ignored) || !read_text(path, text)) {
        error = path + ": not a file that can be read";
        return false;
    }
    return patch_reader(text, patch, error).read();
}

bool apply_patch(const model_patch& patch, const std::string& folder, model_tree& tree,
                 std::string& error) {
    if (!targets_exist(patch, tree, error)) {
        return false;
    }
    const std::string diff = folder + ".diff";
    if (!write_text(diff, patch.diff)) {
        error = diff + ": cannot be written";
        return false;
    }
    const sim::subprocess_result result = run_patch(fs::absolute(diff), folder, {"--fuzz=0"});
    if (result.spawn_error != 0) {
        error = result.spawn_error == ENOENT
                    ? "the tool patch is not installed (Debian package patch)"
                    : std::string("cannot run patch: ") + std::strerror(result.spawn_error);
        return false;
    }
    if (result.status != 0) {
        // Some files may be changed already: the second try begins with what was there.
        if (write_tree(tree, folder, error)) {
            explain_failure(patch, result, diff, folder, error);
        }
        return false;
    }
    for (const patched_file& file : patch.files) {
        const std::string path = folder + "/" + file.name;
        std::error_code ignored;
        if (!fs::exists(path, ignored)) {
            tree.erase(file.name);
            continue;
        }
        model_file& changed = tree[file.name];
        if (!read_text(path, changed.text)) {
            error = path + ": cannot be read";
            return false;
        }
        changed.sum = sha1_of(changed.text);
    }
    return true;
}

}  // namespace scenario
