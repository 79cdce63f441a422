#include "scenarios/runner/model_build.h"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "scenarios/runner/model_cache.h"
#include "scenarios/runner/model_compile.h"
#include "scenarios/runner/model_includes.h"
#include "scenarios/runner/model_manifest.h"
#include "scenarios/runner/model_objects.h"
#include "scenarios/runner/model_patch.h"
#include "scenarios/runner/model_tree.h"
#include "scenarios/runner/object_cache.h"
#include "scenarios/runner/sha1.h"
#include "sim/program/subprocess.h"

namespace scenario {
namespace {

namespace fs = std::filesystem;

// What has to be compiled for a tree, and everything that is then linked.
struct build_plan {
    std::vector<model_source>
        sources;  // in link order; those that are to be compiled have no object
    std::vector<std::string> compile;

    [[nodiscard]] std::string& object_of(const std::string& name) {
        return std::find_if(sources.begin(), sources.end(),
                            [&](const model_source& s) { return s.name == name; })
            ->object;
    }
};

class module_maker {
  public:
    module_maker(const model_manifest& manifest, std::string name, std::vector<model_patch> patches,
                 const build_observer& observer, std::string& error)
        : manifest_(manifest),
          name_(std::move(name)),
          patches_(std::move(patches)),
          observer_(observer),
          error_(error) {}

    bool make(std::string& module) {
        if (!read_tree(manifest_.root, tree_, error_)) {
            return false;
        }
        if (tree_.empty() && !patches_.empty()) {
            error_ = manifest_.root + "/model: not there any more; variants are made from it";
            return false;
        }
        if (patches_.empty() && fixed_build_serves()) {
            module = manifest_.module;
            return true;
        }
        if (!name_tools()) {
            return false;
        }
        const std::string key = name_module();
        model_cache cache(manifest_.cache);
        if (cache.find(key, module)) {
            return true;
        }
        if (!cache.lock([&] { say("waiting for another heddle that makes a variant"); }, error_)) {
            return false;
        }
        if (cache.find(key, module)) {
            return true;
        }
        std::string folder;
        const bool made = cache.begin(key, folder, error_) && make_in(folder);
        cache.end(key);
        return made && cache.find(key, module);
    }

  private:
    void say(const std::string& what) const {
        if (observer_) {
            observer_(name_ + ": " + what);
        }
    }

    // Where an installed model has no sources beside it, there is nothing to compare it with.
    [[nodiscard]] bool fixed_build_serves() const {
        std::error_code ignored;
        if (!fs::exists(manifest_.module, ignored)) {
            return false;
        }
        const build_plan p = plan(include_graph(tree_));
        return tree_.empty() || (p.compile.empty() && p.sources.size() == manifest_.sources.size());
    }

    // The hash of all but sources that decides what an object will be.
    bool name_tools() {
        const sim::subprocess_result version =
            sim::run_subprocess({manifest_.compiler, "--version"});
        if (version.spawn_error != 0 || version.status != 0) {
            error_ = fmt::format("the compiler {} {}", manifest_.compiler,
                                 version.spawn_error == ENOENT
                                     ? "is not installed; variants of the model are made with it"
                                     : "does not say its version");
            return false;
        }
        sha1 sum;
        for (const std::string& field :
             {manifest_.compiler, version.output, manifest_.tool, manifest_.root}) {
            sum.add_field(field);
        }
        for (const std::string& flag : model_compiler::flags_that_matter(manifest_)) {
            sum.add_field(flag);
        }
        tools_ = sum.hex();
        return true;
    }

    // The hash of all that decides what the module will be.
    [[nodiscard]] std::string name_module() const {
        sha1 sum;
        sum.add_field(tools_);
        sum.add_field(manifest_.slot);
        sum.add_field(std::to_string(manifest_.link_flags.size()));
        for (const std::string& flag : manifest_.link_flags) {
            sum.add_field(flag);
        }
        for (const model_source& source : manifest_.sources) {
            sum.add_field(source.name);
        }
        sum.add_field("files");
        for (const auto& [name, file] : tree_) {
            sum.add_field(name);
            sum.add_field(file.sum);
        }
        sum.add_field("patches");
        for (const model_patch& patch : patches_) {
            sum.add_field(patch.diff);
        }
        return sum.hex();
    }

    [[nodiscard]] build_plan plan(const include_graph& includes) const {
        build_plan p;
        read_files files(manifest_.root);
        for (const model_source& source : manifest_.sources) {
            if (!tree_.contains(source.name)) {
                continue;
            }
            p.sources.push_back(source);
            if (!object_serves(manifest_, source, tree_, includes, files)) {
                p.sources.back().object.clear();
            }
        }
        for (const model_patch& patch : patches_) {
            for (const patched_file& file : patch.files) {
                const bool known =
                    std::any_of(p.sources.begin(), p.sources.end(),
                                [&](const model_source& s) { return s.name == file.name; });
                if (is_compiled(file.name) && tree_.contains(file.name) && !known) {
                    p.sources.push_back({file.name, ""});
                }
            }
        }
        for (const model_source& source : p.sources) {
            if (source.object.empty()) {
                p.compile.push_back(source.name);
            }
        }
        return p;
    }

    // Patches need no other files than those that they change; what is only linked needs none.
    bool patch_tree(const std::string& copy) {
        model_tree touched;
        for (const model_patch& patch : patches_) {
            for (const patched_file& file : patch.files) {
                if (const auto at = tree_.find(file.name); at != tree_.end()) {
                    touched.insert(*at);
                }
            }
        }
        std::error_code ignored;
        fs::create_directories(copy, ignored);
        return write_tree(touched, copy, error_) &&
               std::all_of(patches_.begin(), patches_.end(), [&](const model_patch& patch) {
                   return apply_patch(patch, copy, tree_, error_);
               });
    }

    bool make_in(const std::string& folder) {
        const std::string copy = folder + "/tree";
        if (!patch_tree(copy)) {
            return false;
        }
        const include_graph includes(tree_);
        build_plan p = plan(includes);
        object_cache kept(model_cache::objects_in(manifest_.cache), tools_, tree_, includes);
        std::erase_if(p.compile, [&](const std::string& source) {
            return kept.find(source, p.object_of(source));
        });
        const model_compiler compiler(manifest_, copy, folder + "/objects");
        if (!p.compile.empty() && !write_tree(tree_, copy, error_)) {
            return false;
        }
        std::string failed;
        const auto starting = [&](const std::string& source) { say("compiling " + source); };
        if (!compiler.compile(p.compile, starting, failed, error_)) {
            error_ = blame() + failed + " does not compile:\n" + error_;
            return false;
        }
        for (const std::string& source : p.compile) {
            fresh_object object = {source, copy, compiler.object_of(source)};
            kept.keep(object);
            p.object_of(source) = object.path;
        }
        kept.remove_old();
        std::vector<std::string> objects;
        for (const model_source& source : p.sources) {
            objects.push_back(source.object);
        }
        say("linking");
        if (!compiler.link(objects, folder + "/model.so", error_)) {
            error_ = blame() + "the model does not link:\n" + error_;
            return false;
        }
        return true;
    }

    // What stands in front of a compiler's complaint.
    [[nodiscard]] std::string blame() const {
        if (patches_.empty()) {
            return "the model has changed since it was built: ";
        }
        std::string names;
        for (const model_patch& patch : patches_) {
            names += (names.empty() ? "" : ", ") + patch.path;
        }
        return names + ": ";
    }

    const model_manifest& manifest_;
    std::string name_;
    std::vector<model_patch> patches_;
    const build_observer& observer_;
    std::string& error_;
    std::string tools_;
    model_tree tree_;
};

}  // namespace

bool model_module(const std::string& name, const std::vector<std::string>& patches,
                  std::string& module, std::string& error, const build_observer& observer) {
    return model_module_from(manifest_of_this_command(), name, patches, module, error, observer);
}

bool model_module_from(const std::string& manifest_path, const std::string& name,
                       const std::vector<std::string>& patches, std::string& module,
                       std::string& error, const build_observer& observer) {
    error.clear();
    model_manifest manifest;
    if (!read_manifest(manifest_path, manifest, error)) {
        return false;
    }
    std::vector<model_patch> read(patches.size());
    for (size_t i = 0; i < patches.size(); ++i) {
        if (!read_patch(patches[i], read[i], error)) {
            return false;
        }
    }
    return module_maker(manifest, name, std::move(read), observer, error).make(module);
}

}  // namespace scenario
