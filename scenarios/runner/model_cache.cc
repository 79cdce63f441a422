#include "scenarios/runner/model_cache.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

namespace scenario {
namespace {

namespace fs = std::filesystem;

bool lock_file(int descriptor, int how) {
    while (flock(descriptor, how) != 0) {
        if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

}  // namespace

model_cache::~model_cache() {
    if (lock_ >= 0) {
        close(lock_);
    }
}

std::string model_cache::objects_in(const std::string& folder) {
    return folder + "/objects";
}

std::string model_cache::module_of(const std::string& key) const {
    return folder_ + "/" + key + "/model.so";
}

bool model_cache::find(const std::string& key, std::string& module) const {
    std::error_code failure;
    if (!fs::exists(module_of(key), failure)) {
        return false;
    }
    module = module_of(key);
    fs::last_write_time(folder_ + "/" + key, fs::file_time_type::clock::now(), failure);
    return true;
}

bool model_cache::lock(const std::function<void()>& waiting, std::string& error) {
    std::error_code failure;
    fs::create_directories(folder_, failure);
    const std::string path = folder_ + "/lock";
    lock_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (lock_ >= 0 && lock_file(lock_, LOCK_EX | LOCK_NB)) {
        return true;
    }
    if (lock_ >= 0 && errno == EWOULDBLOCK) {
        waiting();
        if (lock_file(lock_, LOCK_EX)) {
            return true;
        }
    }
    error = path + ": " + std::strerror(errno) + "; modules of variants are made there";
    return false;
}

bool model_cache::begin(const std::string& key, std::string& folder, std::string& error) const {
    folder = folder_ + "/" + key;
    std::error_code failure;
    fs::remove_all(folder, failure);
    fs::create_directories(folder, failure);
    if (failure) {
        error = folder + ": " + failure.message();
    }
    return !failure;
}

void model_cache::end(const std::string& key) const {
    std::error_code ignored;
    if (!fs::exists(module_of(key), ignored)) {
        fs::remove_all(folder_ + "/" + key, ignored);
        return;
    }
    std::vector<fs::path> left;
    for (fs::directory_iterator at(folder_ + "/" + key, ignored), last; !ignored && at != last;
         at.increment(ignored)) {
        if (at->path() != module_of(key)) {
            left.push_back(at->path());
        }
    }
    for (const fs::path& path : left) {
        fs::remove_all(path, ignored);
    }
    remove_old();
}

// A folder without a module was left by a maker that died.
void model_cache::remove_old() const {
    std::vector<std::pair<fs::file_time_type, fs::path>> folders;
    std::error_code ignored;
    for (fs::directory_iterator at(folder_, ignored), last; !ignored && at != last;
         at.increment(ignored)) {
        if (at->is_directory(ignored) && at->path() != objects_in(folder_)) {
            const bool made = fs::exists(at->path() / "model.so", ignored);
            folders.emplace_back(made ? at->last_write_time(ignored) : fs::file_time_type::min(),
                                 at->path());
        }
    }
    std::sort(folders.rbegin(), folders.rend());
    for (size_t i = 0; i < folders.size(); ++i) {
        if (i >= modules_max || folders[i].first == fs::file_time_type::min()) {
            fs::remove_all(folders[i].second, ignored);
        }
    }
}

}  // namespace scenario
