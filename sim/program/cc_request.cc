#include "sim/program/cc_request.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "sim/machine/layout.h"

namespace sim {
namespace {

template <size_t N>
bool contains(const std::array<std::string_view, N>& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

// Options of the compiler whose argument is the next word.
constexpr std::array<std::string_view, 14> two_word_compile_flags = {
    "-I",         "-D",       "-U",        "-include", "-imacros", "-isystem", "-iquote",
    "-idirafter", "-iprefix", "-isysroot", "-MF",      "-MT",      "-MQ",      "-Xclang"};
constexpr std::array<std::string_view, 3> two_word_link_flags = {"-L", "-l", "-Xlinker"};

// What would make something other than a subject.
constexpr std::array<std::string_view, 8> refused_flags = {
    "-shared", "-static", "-E", "-S", "-x", "-fsyntax-only", "-r", "-flto"};

bool ends_with_any(std::string_view path, std::initializer_list<std::string_view> endings) {
    return std::any_of(endings.begin(), endings.end(),
                       [&](std::string_view e) { return path.ends_with(e); });
}

bool set_compiler(const std::string& name, cc_request& request, std::string& error) {
    const size_t slash = name.rfind('/');
    const std::string folder = slash == std::string::npos ? "" : name.substr(0, slash + 1);
    const std::string base = name.substr(folder.size());
    const auto versioned = [&](std::string_view stem) {
        return base == stem || base.starts_with(std::string(stem) + "-");
    };
    struct family {
        std::string cxx;
        std::string c;
        bool clang;
    };
    for (const family& f : {family{"clang++", "clang", true}, family{"g++", "gcc", false}}) {
        if (versioned(f.cxx) || versioned(f.c)) {
            const std::string version = base.substr((versioned(f.cxx) ? f.cxx : f.c).size());
            request.cxx_compiler = fmt::format("{}{}{}", folder, f.cxx, version);
            request.c_compiler = fmt::format("{}{}{}", folder, f.c, version);
            request.clang = f.clang;
            return true;
        }
    }
    error = "--compiler " + name +
            ": not one of g++, gcc, clang++, clang (a folder before it and a version behind it are "
            "fine)";
    return false;
}

bool set_slot(const std::string& text, cc_request& request, std::string& error) {
    if (!text.empty() && text.size() <= 3 &&
        std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
        request.slot = static_cast<unsigned>(std::stoul(text));
        if (request.slot < module_slots_max) {
            return true;
        }
    }
    error = "--slot " + text + ": not a number below " + std::to_string(module_slots_max);
    return false;
}

// "--name value" and "--name=value"; true when `i` was at one of ours.
bool own_option(const std::vector<std::string>& args, size_t& i, std::string_view name,
                std::string& value, std::string& error) {
    const std::string& word = args[i];
    if (word == name) {
        if (i + 1 == args.size()) {
            error = word + " needs an argument";
            return true;
        }
        value = args[++i];
        return true;
    }
    if (name.starts_with("--") && word.starts_with(std::string(name) + "=")) {
        value = word.substr(name.size() + 1);
        return true;
    }
    return false;
}

void note_depfile_flags(const std::string& word, cc_request& request) {
    request.wants_depfile |= word == "-MD" || word == "-MMD";
    request.names_depfile |= word.starts_with("-MF");
    request.names_deptarget |= word.starts_with("-MT") || word.starts_with("-MQ");
}

bool add_compiler_flag(const std::vector<std::string>& args, size_t& i, cc_request& request,
                       std::string& error) {
    const std::string& word = args[i];
    if (contains(refused_flags, word) || word.starts_with("-flto=")) {
        error = word + " cannot be used: heddle cc makes a shared object of instrumented code";
        return false;
    }
    if (word.starts_with("-fsanitize=")) {
        error = word + " cannot be used: the simulator takes the sanitizer's place";
        return false;
    }
    note_depfile_flags(word, request);
    const bool link = word.starts_with("-l") || word.starts_with("-L") ||
                      word.starts_with("-Wl,") || word == "-Xlinker";
    std::vector<std::string>& list = link ? request.link_flags : request.compile_flags;
    list.push_back(word);
    if (contains(two_word_compile_flags, word) || contains(two_word_link_flags, word)) {
        if (i + 1 == args.size()) {
            error = word + " needs an argument";
            return false;
        }
        list.push_back(args[++i]);
    }
    return true;
}

bool add_input(const std::string& path, cc_request& request, std::string& error) {
    if (ends_with_any(path, {".c"})) {
        request.inputs.push_back({path, cc_language::c});
    } else if (ends_with_any(path, {".cc", ".cpp", ".cxx", ".c++", ".C"})) {
        request.inputs.push_back({path, cc_language::cxx});
    } else if (ends_with_any(path, {".o", ".a"})) {
        request.inputs.push_back({path, cc_language::object});
    } else {
        error = path + ": neither C (.c) nor C++ (.cc .cpp .cxx .c++ .C) nor an object (.o .a)";
        return false;
    }
    return true;
}

// Everything was read: defaults, and what only the whole can tell.
bool finish(cc_request& request, std::string& error) {
    if (request.help) {
        return true;
    }
    if (request.inputs.empty()) {
        error = "no input files";
        return false;
    }
    const bool one_source =
        request.inputs.size() == 1 && request.inputs[0].language != cc_language::object;
    if (request.compile_only && !one_source) {
        error = "-c compiles one source file at a time";
        return false;
    }
    if (request.output.empty()) {
        const std::string& source = request.inputs[0].path;
        const size_t slash = source.rfind('/');
        const std::string base = source.substr(slash == std::string::npos ? 0 : slash + 1);
        request.output = request.compile_only ? base.substr(0, base.rfind('.')) + ".o" : "prog.so";
    }
    return true;
}

}  // namespace

bool parse_cc_request(const std::vector<std::string>& args, cc_request& request,
                      std::string& error) {
    error.clear();
    for (size_t i = 0; i < args.size() && error.empty(); ++i) {
        const std::string& word = args[i];
        std::string value;
        if (word == "-c") {
            request.compile_only = true;
        } else if (word == "--verbose" || word == "-v") {
            request.verbose = true;
        } else if (word == "--help" || word == "-h") {
            request.help = true;
        } else if (own_option(args, i, "-o", value, error)) {
            request.output = value;
        } else if (own_option(args, i, "--slot", value, error)) {
            if (error.empty() && !set_slot(value, request, error)) {
                return false;
            }
        } else if (own_option(args, i, "--compiler", value, error)) {
            if (error.empty() && !set_compiler(value, request, error)) {
                return false;
            }
        } else if (word.starts_with("-") && word != "-") {
            if (!add_compiler_flag(args, i, request, error)) {
                return false;
            }
        } else if (!add_input(word, request, error)) {
            return false;
        }
    }
    return error.empty() && finish(request, error);
}

}  // namespace sim
