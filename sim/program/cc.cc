#include "sim/program/cc.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <ostream>
#include <utility>

#include "sim/program/cc_flags.h"
#include "sim/program/cc_request.h"
#include "sim/program/subprocess.h"

namespace sim {
namespace {

namespace fs = std::filesystem;

// Removes what was not renamed to its final place, whichever way we leave.
class temporary_files {
  public:
    temporary_files() = default;
    ~temporary_files() {
        std::error_code ignored;
        for (const std::string& path : paths_) {
            fs::remove(path, ignored);
        }
    }
    temporary_files(const temporary_files&) = delete;
    temporary_files& operator=(const temporary_files&) = delete;

    // A name beside the final one, so that the rename at the end stays within one file system.
    std::string beside(const std::string& path, const std::string& ending) {
        paths_.push_back(fmt::format("{}.{}{}", path, getpid(), ending));
        return paths_.back();
    }

  private:
    std::vector<std::string> paths_;
};

// Runs one compiler; passes through what it says.
bool run(const cc_request& request, const std::vector<std::string>& command, std::ostream& out,
         std::ostream& err) {
    if (request.verbose) {
        for (size_t i = 0; i < command.size(); ++i) {
            out << (i == 0 ? "" : " ") << command[i];
        }
        out << "\n";
    }
    const subprocess_result result = run_subprocess(command);
    if (result.spawn_error == ENOENT) {
        err << "heddle cc: the compiler " << command[0] << " is not installed (Debian package "
            << (request.clang ? "clang" : "g++") << ")\n";
        return false;
    }
    if (result.spawn_error != 0) {
        err << "heddle cc: cannot run " << command[0] << ": " << std::strerror(result.spawn_error)
            << "\n";
        return false;
    }
    err << result.output;
    return result.status == 0;
}

bool move_into_place(const std::string& from, const std::string& to, std::ostream& err) {
    std::error_code failure;
    fs::rename(from, to, failure);
    if (failure) {
        err << "heddle cc: cannot write " << to << ": " << failure.message() << "\n";
    }
    return !failure;
}

bool inputs_exist(const cc_request& request, std::ostream& err) {
    std::error_code ignored;
    for (const cc_input& input : request.inputs) {
        if (!fs::exists(input.path, ignored)) {
            err << "heddle cc: " << input.path << ": no such file\n";
            return false;
        }
    }
    return true;
}

int make(const cc_request& request, std::ostream& out, std::ostream& err) {
    const subject_files files = find_subject_files();
    const std::string folder = fs::current_path();
    temporary_files temporaries;
    std::vector<std::string> objects;
    for (const cc_input& input : request.inputs) {
        if (input.language == cc_language::object) {
            objects.push_back(input.path);
            continue;
        }
        objects.push_back(temporaries.beside(request.output, fmt::format(".{}.o", objects.size())));
        if (!run(request, compile_command(request, files, input, objects.back(), folder), out,
                 err)) {
            return 2;
        }
    }
    std::string made = objects[0];
    if (!request.compile_only) {
        made = temporaries.beside(request.output, ".so");
        if (!run(request, link_command(request, files, objects, made), out, err)) {
            return 2;
        }
    }
    return move_into_place(made, request.output, err) ? 0 : 2;
}

}  // namespace

const char* cc_usage() {
    return "usage: heddle cc [-o prog.so] [--slot N] [--compiler g++|clang++] FILES FLAGS\n"
           "       heddle cc -c [-o file.o] FILE FLAGS\n"
           "\n"
           "Compiles a C or C++ program, main and all, into a subject that heddle can explore.\n"
           "FILES are sources (.c .cc .cpp .cxx .c++ .C) and objects made with -c (.o .a);\n"
           "FLAGS go to the compiler: -I -D -std -O -W -MMD -MF -MT -l -L ...\n"
           "\n"
           "  -o FILE          what to make (prog.so; with -c the source's name with .o)\n"
           "  -c               compile one source, do not link\n"
           "  --slot N         address slot; modules loaded together need different ones (0)\n"
           "  --compiler NAME  g++ or clang++; C files go to the C compiler beside it (g++)\n"
           "  --verbose, -v    print the commands\n";
}

int run_cc(const std::vector<std::string>& args, std::ostream& out, std::ostream& err) {
    cc_request request;
    std::string error;
    if (!parse_cc_request(args, request, error)) {
        err << "heddle cc: " << error << "\n"
            << "Try 'heddle cc --help'.\n";
        return 2;
    }
    if (request.help) {
        out << cc_usage();
        return 0;
    }
    if (!inputs_exist(request, err)) {
        return 2;
    }
    return make(request, out, err);
}

}  // namespace sim
