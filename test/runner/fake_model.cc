#include "test/runner/fake_model.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "scenarios/runner/model_build.h"
#include "scenarios/runner/model_tree.h"
#include "sim/program/cc.h"

namespace fs = std::filesystem;

namespace {

const std::vector<std::string> compiled = {"model/count.cc", "model/twice.cc", "model/start.cc"};

void cc(const std::vector<std::string>& words) {
    std::ostringstream out;
    std::ostringstream err;
    ASSERT_EQ(sim::run_cc(words, out, err), 0) << err.str();
}

}  // namespace

fake_model::fake_model() {
    std::string name = fs::temp_directory_path() / "heddle.XXXXXX";
    if (mkdtemp(name.data()) == nullptr) {
        std::abort();
    }
    folder_ = name;
    write("root/model/count.h", "#pragma once\nint count(int n);\n");
    write("root/model/factor.h", "#pragma once\ninline int factor() { return 2; }\n");
    write("root/model/count.cc",
          "#include \"model/count.h\"\n\nint count(int n) {\n    return n + 1;\n}\n");
    write("root/model/twice.cc",
          "#include \"model/count.h\"\n#include \"model/factor.h\"\n\n"
          "int twice(int n);\nint twice(int n) {\n    return factor() * count(n);\n}\n");
    write("root/model/start.cc",
          "int twice(int n);\n\n__attribute__((visibility(\"default\"))) int start() {\n"
          "    return twice(20);\n}\n");
    write("root/model/README.md", "not for the compiler\n");
}

fake_model::~fake_model() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

std::string fake_model::path(const std::string& name) const {
    return folder_ + "/" + name;
}

std::string fake_model::write(const std::string& name, const std::string& text) {
    fs::create_directories(fs::path(path(name)).parent_path());
    EXPECT_TRUE(scenario::write_text(path(name), text));
    return path(name);
}

std::string fake_model::write_patch(const std::string& name, const std::string& file,
                                    const std::string& from, const std::string& to) {
    std::string text;
    EXPECT_TRUE(scenario::read_text(path("root/" + file), text));
    std::istringstream in(text);
    std::string hunk;
    size_t lines = 0;
    for (std::string line; std::getline(in, line); ++lines) {
        hunk.append(line == from ? "-" : " ").append(line).append("\n");
        if (line == from) {
            hunk.append("+").append(to).append("\n");
        }
    }
    const std::string range = "1," + std::to_string(lines);
    return write(name, "What the mistake was.\n\n--- a/" + file + "\n+++ b/" + file + "\n@@ -" +
                           range + " +" + range + " @@\n" + hunk);
}

void fake_model::build() {
    std::ostringstream manifest;
    manifest << "heddle model manifest 1\nroot " << path("root") << "\ncache " << cache()
             << "\ncompiler " << compiler << "\nslot 0\ntool 1\n";
    std::vector<std::string> link = {"--compiler", compiler, "-o", path("lib/model.so")};
    fs::create_directories(path("lib"));
    for (const std::string& flag : flags) {
        manifest << "flag " << flag << "\n";
    }
    for (const std::string& source : compiled) {
        const std::string object = path("objects/" + source + ".o");
        fs::create_directories(fs::path(object).parent_path());
        std::vector<std::string> words = {"-c",
                                          "--compiler",
                                          compiler,
                                          "-I" + path("root"),
                                          "-ffile-prefix-map=" + path("root") + "/=",
                                          "-MMD",
                                          "-MF",
                                          object + ".d",
                                          "-MT",
                                          object,
                                          "-o",
                                          object,
                                          path("root/" + source)};
        words.insert(words.end(), flags.begin(), flags.end());
        cc(words);
        link.push_back(object);
        manifest << "source " << source << "\nobject " << object << "\n";
    }
    cc(link);
    scenario::model_tree tree;
    std::string failure;
    ASSERT_TRUE(scenario::read_tree(path("root"), tree, failure)) << failure;
    for (const auto& [name, file] : tree) {
        manifest << "sum " << file.sum << " " << name << "\n";
    }
    write("lib/model.manifest", manifest.str());
}

std::vector<std::string> fake_model::make(const std::vector<std::string>& patches) {
    said.clear();
    made = scenario::model_module_from(manifest(), "v", patches, module, error,
                                       [&](const std::string& what) { said.push_back(what); });
    std::vector<std::string> files;
    for (const std::string& what : said) {
        if (what.starts_with("v: compiling ")) {
            files.push_back(what.substr(13));
        }
    }
    return files;
}
