// fake_model.h - a model of a few lines in a folder that goes away, built as the build would do it.
// Source:  the manifest of scenarios/runner/model_manifest.h, written by the test itself.
// Shapes:  start() calls twice(), which calls count(); two headers, of which one is for twice.cc only.
// Locks:   none.
// Errors:  what cannot be built makes the test fail at once.
#pragma once

#include <string>
#include <vector>

class fake_model {
  public:
    fake_model();
    ~fake_model();
    fake_model(const fake_model&) = delete;
    fake_model& operator=(const fake_model&) = delete;

    // Writes a file, "root/model/count.cc" or "races/x.patch", and returns its path.
    std::string write(const std::string& name, const std::string& text);
    [[nodiscard]] std::string path(const std::string& name) const;
    // A patch that turns `from` into `to` in one line of a file of the model, as git would write it.
    [[nodiscard]] std::string write_patch(const std::string& name, const std::string& file,
                                          const std::string& from, const std::string& to);

    // Compiles all sources, links the module, writes the manifest.
    void build();
    // Makes the variant with these patches; returns what was compiled.
    std::vector<std::string> make(const std::vector<std::string>& patches);

    [[nodiscard]] std::string manifest() const { return path("lib/model.manifest"); }
    // Inside the source tree, as in a checkout.
    [[nodiscard]] std::string cache(const std::string& name = "") const {
        return path("root/build/variants") + (name.empty() ? "" : "/" + name);
    }

    std::vector<std::string> flags = {"-Wall", "-Werror"};
    std::string compiler = "g++";
    bool made = false;
    std::string module;
    std::string error;
    std::vector<std::string> said;  // everything that the observer was told

  private:
    std::string folder_;
};
