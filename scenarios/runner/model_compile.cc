#include "scenarios/runner/model_compile.h"

#include <filesystem>
#include <mutex>
#include <sstream>
#include <string_view>
#include <thread>
#include <utility>

#include "sim/program/cc.h"

namespace scenario {
namespace {

namespace fs = std::filesystem;

void replace_all(std::string& text, const std::string& from, const std::string& to) {
    for (size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

// A broken variant may well leave something unused.
bool is_warning_flag(std::string_view flag) {
    return flag.starts_with("-W") && !(flag.size() > 3 && flag[3] == ',');
}

}  // namespace

model_compiler::model_compiler(const model_manifest& manifest, std::string tree,
                               std::string objects)
    : manifest_(manifest), tree_(std::move(tree)), objects_(std::move(objects)) {}

std::vector<std::string> model_compiler::flags_that_matter(const model_manifest& manifest) {
    std::vector<std::string> flags;
    for (const std::string& flag : manifest.flags) {
        if (!is_warning_flag(flag)) {
            flags.push_back(flag);
        }
    }
    return flags;
}

std::string model_compiler::object_of(const std::string& name) const {
    return objects_ + "/" + name + ".o";
}

std::vector<std::string> model_compiler::compile_words(const std::string& name) const {
    std::vector<std::string> words = {"-c", "--compiler", manifest_.compiler, "-w", "-I" + tree_};
    for (std::string flag : flags_that_matter(manifest_)) {
        replace_all(flag, manifest_.root + "/model", tree_ + "/model");
        words.push_back(std::move(flag));
    }
    // The copy may lie inside the source tree: of two maps that fit, g++ takes the last one, clang the
    // longer one.
    words.push_back("-ffile-prefix-map=" + manifest_.root + "/=");
    words.push_back("-ffile-prefix-map=" + tree_ + "/=");
    words.push_back("-frandom-seed=" + name);
    const std::string object = object_of(name);
    words.insert(words.end(),
                 {"-MD", "-MF", object + ".d", "-MT", object, "-o", object, tree_ + "/" + name});
    return words;
}

std::string model_compiler::as_in_source_tree(std::string text) const {
    replace_all(text, tree_ + "/", "");
    replace_all(text, objects_ + "/", "");
    return text;
}

bool model_compiler::compile(const std::vector<std::string>& names,
                             const std::function<void(const std::string&)>& starting,
                             std::string& failed, std::string& error) const {
    std::mutex mutex;  // guards what follows, and the observer
    size_t next = 0;
    size_t first_failure = names.size();
    std::string complaint;
    // Names are handed out in order, and none after a failure: the first failure is always the same.
    const auto work = [&] {
        for (;;) {
            std::unique_lock lock(mutex);
            if (next == names.size() || first_failure != names.size()) {
                return;
            }
            const size_t mine = next++;
            starting(names[mine]);
            lock.unlock();

            std::error_code ignored;
            fs::create_directories(fs::path(object_of(names[mine])).parent_path(), ignored);
            std::ostringstream out;
            std::ostringstream err;
            const int status = sim::run_cc(compile_words(names[mine]), out, err);

            lock.lock();
            if (status != 0 && mine < first_failure) {
                first_failure = mine;
                complaint = err.str();
            }
        }
    };
    if (names.size() > 1) {
        std::thread second(work);
        work();
        second.join();
    } else {
        work();
    }
    if (first_failure == names.size()) {
        return true;
    }
    failed = names[first_failure];
    error = as_in_source_tree(complaint);
    return false;
}

bool model_compiler::link(const std::vector<std::string>& objects, const std::string& module,
                          std::string& error) const {
    std::vector<std::string> words = {
        "--compiler", manifest_.compiler, "--slot", manifest_.slot, "-o", module};
    words.insert(words.end(), objects.begin(), objects.end());
    words.insert(words.end(), manifest_.link_flags.begin(), manifest_.link_flags.end());
    std::ostringstream out;
    std::ostringstream err;
    if (sim::run_cc(words, out, err) == 0) {
        return true;
    }
    error = as_in_source_tree(err.str());
    return false;
}

}  // namespace scenario
