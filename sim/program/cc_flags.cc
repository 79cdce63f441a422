#include "sim/program/cc_flags.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "sim/machine/layout.h"

namespace sim {
namespace {

namespace fs = std::filesystem;
using words = std::vector<std::string>;

void append(words& to, const words& more) {
    to.insert(to.end(), more.begin(), more.end());
}

// The user may say otherwise: function points and line numbers get worse, nothing becomes wrong.
const words& pinned_flags() {
    static const words flags = {
        "-O1",
        "-g",
        "-fno-inline",                  // an inlined function is no point
        "-fno-omit-frame-pointer",      // call stacks
        "-fno-optimize-sibling-calls",  // a tail call would leave its function before its time
        "-U_FORTIFY_SOURCE",
        "-D_GLIBCXX_ASSERTIONS",  // also keeps std::string's code in the module before C++20
    };
    return flags;
}

// Without these the machine would be blind or the module would not load.
words required_flags(bool clang) {
    words flags = {
        "-fsanitize=thread",
        "-fno-builtin",  // a 6 byte memcpy must stay a call
        "-fPIC",
        "-fvisibility=hidden",  // the executable's copies of inline functions are uninstrumented
        "-mcx16",               // 16 byte atomics reach their hook instead of libatomic
        "-DHEDDLE_SUBJECT=1",
    };
    if (clang) {
        flags.emplace_back("-Wno-atomic-alignment");  // of atomics that our archive guards
    } else {
        flags.emplace_back("-fno-gnu-unique");  // unique symbols would bind across modules
        flags.emplace_back("-Wno-tsan");        // "fences are not supported": here they are
    }
    return flags;
}

// Paths must not depend on where the tree or heddle lies. A seed of the user's own replaces ours: the
// compiler writes every one that it is given into the debug information.
void append_path_flags(words& command, const cc_request& request, const cc_input& input,
                       const subject_files& files, const std::string& folder) {
    const bool seeded =
        std::any_of(request.compile_flags.begin(), request.compile_flags.end(),
                    [](const std::string& f) { return f.starts_with("-frandom-seed="); });
    if (!seeded) {
        command.push_back("-frandom-seed=" + input.path);
    }
    command.push_back("-ffile-prefix-map=" + files.include_dir + "/=");
    command.push_back("-ffile-prefix-map=" + fs::path(files.prefix).parent_path().string() +
                      "=heddle");
    command.push_back("-ffile-prefix-map=" + folder + "=.");
}

// The compiler derives these from -o, which names a temporary file here.
void append_depfile_flags(words& command, const cc_request& request) {
    if (!request.wants_depfile) {
        return;
    }
    if (!request.names_depfile) {
        fs::path depfile = request.output;
        append(command, {"-MF", depfile.replace_extension(".d").string()});
    }
    if (!request.names_deptarget) {
        append(command, {"-MT", request.output});
    }
}

const std::string& driver(const cc_request& request, cc_language language) {
    return language == cc_language::c ? request.c_compiler : request.cxx_compiler;
}

// A program in C alone is linked without the C++ library. Objects may be anything.
cc_language link_language(const cc_request& request) {
    for (const cc_input& input : request.inputs) {
        if (input.language != cc_language::c) {
            return cc_language::cxx;
        }
    }
    return cc_language::c;
}

void append_wraps(words& command) {
#define HEDDLE_WRAP(name) command.push_back("-Wl,--wrap=" #name);
#include "sim/program/runtime/wrapped_here.def"
#include "sim/program/wrapped.def"
#undef HEDDLE_WRAP
}

}  // namespace

subject_files find_subject_files() {
    std::error_code ignored;
    const fs::path top = fs::read_symlink("/proc/self/exe", ignored).parent_path().parent_path();
    const fs::path beside = top / "lib" / "heddle";
    if (fs::exists(beside / "libheddle_subject.a", ignored)) {
        return {beside / "libheddle_subject.a", beside / "subject_prefix.h",
                top / "include" / "heddle"};
    }
    return {HEDDLE_SUBJECT_ARCHIVE, HEDDLE_SUBJECT_PREFIX, HEDDLE_SUBJECT_INCLUDE_DIR};
}

std::vector<std::string> compile_command(const cc_request& request, const subject_files& files,
                                         const cc_input& input, const std::string& object,
                                         const std::string& folder) {
    words command = {driver(request, input.language)};
    if (input.language == cc_language::cxx) {
        command.emplace_back("-std=gnu++20");
    }
    append(command, pinned_flags());
    append_path_flags(command, request, input, files, folder);
    if (!request.clang) {
        append(command, {"-include", files.prefix});
    }
    append(command, request.compile_flags);
    append_depfile_flags(command, request);
    append(command, {"-idirafter", files.include_dir});
    append(command, required_flags(request.clang));
    append(command, {"-c", input.path, "-o", object});
    return command;
}

std::vector<std::string> link_command(const cc_request& request, const subject_files& files,
                                      const std::vector<std::string>& objects,
                                      const std::string& output) {
    words command = {driver(request, link_language(request)), "-shared"};
    append(command,
           {"-fuse-ld=bfd",    // to others -Ttext-segment means something else
            "-Wl,-Bsymbolic",  // what the module defines it uses, whoever else has it
            "-Wl,-z,now",      // no symbol is bound while a context runs
            "-Wl,--build-id=sha1", "-Wl,-Ttext-segment=" + slot_address_text(request.slot)});
    append_wraps(command);
    append(command, objects);
    append(command, request.link_flags);
    append(command, {files.archive, "-pthread", "-o", output});
    return command;
}

std::string slot_address_text(unsigned slot) {
    return fmt::format("{:#x}", region_base + slot * module_slot_size);
}

}  // namespace sim
