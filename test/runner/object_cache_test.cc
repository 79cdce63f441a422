// object_cache_test - objects of one variant in another: what is compiled once, what must be compiled
// again, and what becomes of objects that are damaged.

#include "scenarios/runner/object_cache.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>

#include "scenarios/runner/model_cache.h"
#include "test/runner/fake_model.h"

namespace {

namespace fs = std::filesystem;
using words = std::vector<std::string>;

const words nothing;

class object_cache : public ::testing::TestWithParam<const char*> {
  protected:
    object_cache() {
        fake.compiler = GetParam();
        fake.flags.push_back(beside);
        // A header that is not the model's, as sim/ is beside the model.
        fake.write("root/model/start.cc",
                   "#include \"outside/begin.h\"\nint twice(int n);\n\n"
                   "__attribute__((visibility(\"default\"))) int start() {\n"
                   "    return twice(begin());\n}\n");
        write_outside("inline int begin() { return 20; }\n");
        fake.build();
        count = fake.write_patch("races/count.patch", "model/count.cc", "    return n + 1;",
                                 "    return n + 2;");
        twice = fake.write_patch("races/twice.patch", "model/twice.cc",
                                 "    return factor() * count(n);", "    return count(n);");
        factor = fake.write_patch("races/factor.patch", "model/factor.h",
                                  "inline int factor() { return 2; }",
                                  "inline int factor() { return 3; }");
        start = fake.write_patch("races/start.patch", "model/start.cc",
                                 "    return twice(begin());", "    return twice(begin() + 1);");
    }

    // As long ago as the build's own sources, so that only its text tells that it is another.
    void write_outside(const std::string& text) {
        const auto long_ago = fs::file_time_type::clock::now() - std::chrono::hours(1);
        fs::last_write_time(fake.write("beside/outside/begin.h", "#pragma once\n" + text),
                            long_ago);
    }

    [[nodiscard]] words objects(const std::string& ending = ".o") const {
        words found;
        std::error_code none;
        for (const auto& entry : fs::directory_iterator(fake.cache("objects"), none)) {
            if (entry.path().extension() == ending) {
                found.push_back(entry.path());
            }
        }
        return found;
    }

    static std::string bytes_of(const std::string& path) {
        std::string bytes;
        EXPECT_TRUE(scenario::read_text(path, bytes));
        return bytes;
    }

    // What is compiled where no module is left, only objects.
    words make_again(const words& patches) {
        for (const auto& entry : fs::directory_iterator(fake.cache())) {
            if (entry.is_directory() && entry.path().filename() != "objects") {
                fs::remove_all(entry.path());
            }
        }
        words files = fake.make(patches);
        EXPECT_TRUE(fake.made) << fake.error;
        return files;
    }

    fake_model fake;
    const std::string beside = "-I" + fake.path("beside");
    std::string count;
    std::string twice;
    std::string factor;
    std::string start;
};

TEST_P(object_cache, patches_far_apart_are_only_linked) {
    EXPECT_EQ(fake.make({count}), words{"model/count.cc"});
    EXPECT_EQ(fake.make({twice}), words{"model/twice.cc"});
    EXPECT_EQ(fake.make({count, twice}), nothing);
    ASSERT_TRUE(fake.made) << fake.error;
    EXPECT_EQ(fake.said, words{"v: linking"});
    const std::string linked = bytes_of(fake.module);
    EXPECT_EQ(objects().size(), 2U);
    // It is what compiling everything gives, byte for byte.
    fs::remove_all(fake.cache());
    EXPECT_EQ(fake.make({count, twice}), (words{"model/count.cc", "model/twice.cc"}));
    EXPECT_TRUE(bytes_of(fake.module) == linked);
}

TEST_P(object_cache, an_object_is_the_same_from_any_folder) {
    fake.make({count});
    const words first = objects();
    ASSERT_EQ(first.size(), 1U);
    const std::string bytes = bytes_of(first[0]);
    fs::remove_all(fake.cache());
    fake.make({twice, count});  // in another folder: that of another module
    EXPECT_EQ(objects().size(), 2U);
    EXPECT_TRUE(bytes_of(first[0]) == bytes) << "of the same name, so made of the same";
}

TEST_P(object_cache, a_header_that_another_patch_changes_compiles_again) {
    EXPECT_EQ(fake.make({twice}), words{"model/twice.cc"});
    EXPECT_EQ(fake.make({twice, factor}), words{"model/twice.cc"});
    EXPECT_EQ(fake.make({twice, factor, count}), words{"model/count.cc"});
    EXPECT_EQ(make_again({factor, twice}), nothing) << "the order of patches changes no text";
}

TEST_P(object_cache, a_header_of_the_tree_that_is_edited_compiles_again) {
    EXPECT_EQ(fake.make({twice}), words{"model/twice.cc"});
    fake.write("root/model/factor.h", "#pragma once\ninline int factor() { return 5; }\n");
    EXPECT_EQ(fake.make({twice}), words{"model/twice.cc"});
    fake.write("root/model/factor.h", "#pragma once\ninline int factor() { return 2; }\n");
    EXPECT_EQ(make_again({twice}), nothing) << "as it was";
}

TEST_P(object_cache, a_header_outside_of_the_tree_that_is_edited_compiles_again) {
    EXPECT_EQ(fake.make({start}), words{"model/start.cc"});
    EXPECT_EQ(make_again({start}), nothing);
    write_outside("inline int begin() { return 21; }\n");
    EXPECT_EQ(make_again({start}), words{"model/start.cc"});
    EXPECT_EQ(make_again({start}), nothing);
    fs::remove(fake.path("beside/outside/begin.h"));
    fs::remove_all(fs::path(fake.module).parent_path());
    fake.make({start});
    EXPECT_FALSE(fake.made) << "an object was used whose header is gone";
}

// Nobody knows which text the compiler read.
TEST_P(object_cache, what_is_edited_while_the_compiler_runs_is_not_kept) {
    fs::last_write_time(fake.path("beside/outside/begin.h"),
                        fs::file_time_type::clock::now() + std::chrono::hours(1));
    EXPECT_EQ(fake.make({start}), words{"model/start.cc"});
    EXPECT_EQ(objects(), nothing);
    EXPECT_EQ(make_again({start}), words{"model/start.cc"});
}

TEST_P(object_cache, a_damaged_object_is_compiled_again) {
    fake.make({count, twice});
    const std::string good = bytes_of(fake.module);
    for (const std::string& object : objects()) {
        const std::string bytes = bytes_of(object);
        fake.write(fs::path(object).lexically_relative(fake.path("")),
                   bytes.substr(0, bytes.size() / 2));
    }
    EXPECT_EQ(make_again({count, twice}).size(), 2U);
    EXPECT_TRUE(bytes_of(fake.module) == good);
    for (const std::string& reads : objects(".reads")) {
        fake.write(fs::path(reads).lexically_relative(fake.path("")), "x\n");
    }
    EXPECT_EQ(make_again({count, twice}).size(), 2U);
    for (const std::string& reads : objects(".reads")) {
        fs::remove(reads);
    }
    EXPECT_EQ(make_again({count, twice}).size(), 2U);
    for (const std::string& object : objects()) {
        fs::remove(object);
    }
    EXPECT_EQ(make_again({count, twice}).size(), 2U);
    EXPECT_TRUE(bytes_of(fake.module) == good);
    EXPECT_EQ(make_again({count, twice}), nothing);
}

TEST_P(object_cache, other_flags_are_other_objects) {
    EXPECT_EQ(fake.make({count}), words{"model/count.cc"});
    fake.flags = {beside, "-DMORE=1"};
    fake.build();
    EXPECT_EQ(fake.make({count}), words{"model/count.cc"});
    EXPECT_EQ(objects().size(), 2U);
    fake.flags = {"-Wextra", beside};
    fake.build();
    EXPECT_EQ(make_again({count}), nothing) << "warnings change no object";
}

TEST_P(object_cache, what_does_not_compile_is_not_kept) {
    const std::string bad = fake.write_patch("races/bad.patch", "model/count.cc",
                                             "    return n + 1;", "    return m + 1;");
    fake.make({bad});
    EXPECT_FALSE(fake.made);
    EXPECT_EQ(objects(), nothing);
    fake.make({bad});
    EXPECT_FALSE(fake.made);
}

TEST_P(object_cache, it_is_bounded) {
    const auto now = fs::last_write_time(fake.manifest());
    for (size_t i = 0; i < scenario::object_cache::objects_max; ++i) {
        const std::string stem = "root/build/variants/objects/" + std::to_string(i);
        fs::last_write_time(fake.write(stem + ".o", ""), now - std::chrono::seconds(i + 1));
        fake.write(stem + ".reads", "");
    }
    fake.make({count});
    EXPECT_TRUE(fake.made) << fake.error;
    EXPECT_EQ(objects().size(), scenario::object_cache::objects_max);
    EXPECT_EQ(objects(".reads").size(), scenario::object_cache::objects_max);
    EXPECT_TRUE(fs::exists(fake.cache("objects/1022.o")));
    EXPECT_FALSE(fs::exists(fake.cache("objects/1023.o"))) << "used longest ago";
    EXPECT_EQ(make_again({count}), nothing);
}

TEST_P(object_cache, several_processes_at_once) {
    const std::vector<words> combinations = {
        {count}, {count, twice}, {count, factor}, {count, start}};
    for (const words& patches : combinations) {
        if (fork() == 0) {
            const size_t compiled = fake.make(patches).size();
            _exit(fake.made ? static_cast<int>(compiled) : 99);
        }
    }
    int compiled = 0;
    for (size_t i = 0; i < combinations.size(); ++i) {
        int status = 0;
        wait(&status);
        ASSERT_TRUE(WIFEXITED(status));
        compiled += WEXITSTATUS(status);
    }
    // count.cc once; twice.cc as patched, twice.cc with the other factor, start.cc.
    EXPECT_EQ(compiled, 4);
    EXPECT_EQ(make_again({count, twice, start}), nothing);
}

INSTANTIATE_TEST_SUITE_P(compilers, object_cache, ::testing::Values("g++", "clang++"),
                         [](const auto& compiler) {
                             return std::string(compiler.param) == "g++" ? "gcc" : "clang";
                         });

}  // namespace
