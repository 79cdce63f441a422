#include "scenarios/runner/object_cache.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>
#include <utility>
#include <vector>

#include "scenarios/runner/model_objects.h"
#include "scenarios/runner/sha1.h"

namespace scenario {
namespace {

namespace fs = std::filesystem;

// "" if it cannot be read.
std::string sum_of_file(const std::string& path) {
    std::string text;
    std::error_code failure;
    return fs::is_regular_file(path, failure) && read_text(path, text) ? sha1_of(text) : "";
}

}  // namespace

object_cache::object_cache(std::string folder, std::string made_with, const model_tree& tree,
                           const include_graph& includes)
    : folder_(std::move(folder)),
      made_with_(std::move(made_with)),
      tree_(tree),
      includes_(includes) {}

std::string object_cache::key_of(const std::string& source) const {
    sha1 sum;
    sum.add_field(made_with_);
    sum.add_field(source);
    for (const std::string& name : includes_.read_by(source)) {
        const auto file = tree_.find(name);
        sum.add_field(name);
        sum.add_field(file == tree_.end() ? "" : file->second.sum);
    }
    return sum.hex();
}

const std::string& object_cache::sum_outside(const std::string& path) {
    const auto [at, is_new] = sums_.try_emplace(path);
    if (is_new) {
        at->second = sum_of_file(path);
    }
    return at->second;
}

bool object_cache::find(const std::string& source, std::string& object) {
    const std::string stem = folder_ + "/" + key_of(source);
    std::string text;
    if (!read_text(stem + ".reads", text)) {
        return false;
    }
    std::istringstream lines(text);
    std::string line;
    if (!std::getline(lines, line) || line.empty() || line != sum_of_file(stem + ".o")) {
        return false;
    }
    while (std::getline(lines, line)) {
        const size_t blank = line.find(' ');
        if (blank == line.npos ||
            line.compare(0, blank, sum_outside(line.substr(blank + 1))) != 0) {
            return false;
        }
    }
    object = stem + ".o";
    std::error_code ignored;
    fs::last_write_time(object, fs::file_time_type::clock::now(), ignored);
    return true;
}

// What KEY.reads is to say. False: the includes did not foresee a file of the tree, or one outside may
// have changed since the compiler read it.
bool object_cache::describe(const fresh_object& object, std::string& reads) {
    std::error_code failure;
    const fs::file_time_type begun =
        fs::last_write_time(fs::path(object.tree) / object.source, failure);
    std::string text;
    reads = sum_of_file(object.path);
    if (failure || reads.empty() || !read_text(object.path + ".d", text)) {
        return false;
    }
    reads += "\n";
    const std::set<std::string> foreseen = includes_.read_by(object.source);
    std::set<std::string> outside;
    bool names_itself = false;
    for (const std::string& dependency : parse_depfile(text)) {
        const fs::path path = fs::absolute(dependency, failure).lexically_normal();
        const std::string name = path.lexically_relative(object.tree);
        if (!name.starts_with("model/")) {
            outside.insert(path);
        } else if (!foreseen.contains(name)) {
            return false;
        }
        names_itself |= name == object.source;
    }
    for (const std::string& path : outside) {
        if (sum_outside(path).empty() || fs::last_write_time(path, failure) >= begun || failure) {
            return false;
        }
        reads += sum_outside(path) + " " + path + "\n";
    }
    return names_itself;
}

void object_cache::keep(fresh_object& object) {
    std::string reads;
    std::error_code failure;
    fs::create_directories(folder_, failure);
    const std::string written = object.path + ".reads";
    if (failure || !describe(object, reads) || !write_text(written, reads)) {
        return;
    }
    const std::string stem = folder_ + "/" + key_of(object.source);
    fs::rename(object.path, stem + ".o", failure);
    if (failure) {
        return;
    }
    object.path = stem + ".o";
    fs::rename(written, stem + ".reads", failure);
}

void object_cache::remove_old() const {
    std::vector<std::pair<fs::file_time_type, fs::path>> objects;
    std::error_code ignored;
    for (fs::directory_iterator at(folder_, ignored), last; !ignored && at != last;
         at.increment(ignored)) {
        if (at->path().extension() == ".o") {
            objects.emplace_back(at->last_write_time(ignored), at->path());
        }
    }
    std::sort(objects.rbegin(), objects.rend());
    for (size_t i = objects_max; i < objects.size(); ++i) {
        fs::remove(fs::path(objects[i].second).replace_extension(".reads"), ignored);
        fs::remove(objects[i].second, ignored);
    }
}

}  // namespace scenario
