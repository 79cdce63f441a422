#include "scenarios/runner/model_sources.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "scenarios/runner/model_manifest.h"
#include "scenarios/runner/model_patch.h"

namespace scenario {

namespace {

namespace fs = std::filesystem;

// A folder of its own, gone with the object.
class scratch_folder {
  public:
    scratch_folder() : path_((fs::temp_directory_path() / "heddle_sources_XXXXXX").string()) {
        made_ = mkdtemp(path_.data()) != nullptr;
    }
    ~scratch_folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    scratch_folder(const scratch_folder&) = delete;
    scratch_folder& operator=(const scratch_folder&) = delete;

    [[nodiscard]] bool made() const { return made_; }
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
    bool made_ = false;
};

}  // namespace

bool model_sources(const std::vector<std::string>& patches, model_tree& tree, std::string& error) {
    model_manifest manifest;
    if (!read_manifest(manifest_of_this_command(), manifest, error) ||
        !read_tree(manifest.root, tree, error) || patches.empty()) {
        return error.empty();
    }
    const scratch_folder folder;
    if (!folder.made() || !write_tree(tree, folder.path(), error)) {
        error = error.empty() ? folder.path() + ": cannot be made" : error;
        return false;
    }
    for (const std::string& path : patches) {
        model_patch patch;
        if (!read_patch(path, patch, error) || !apply_patch(patch, folder.path(), tree, error)) {
            return false;
        }
    }
    return true;
}

}  // namespace scenario
