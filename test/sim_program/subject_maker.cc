#include "test/sim_program/subject_maker.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "sim/program/cc.h"

namespace fs = std::filesystem;

subject_maker::subject_maker() {
    std::string name = fs::temp_directory_path() / "heddle.XXXXXX";
    if (mkdtemp(name.data()) == nullptr) {
        std::abort();
    }
    folder_ = name;
}

subject_maker::~subject_maker() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

std::string subject_maker::write(const std::string& name, const std::string& text) {
    fs::create_directories(fs::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
}

std::string subject_maker::path(const std::string& name) const {
    return folder_ + "/" + name;
}

int subject_maker::cc(const std::vector<std::string>& args) {
    std::ostringstream out;
    std::ostringstream err;
    const int status = sim::run_cc(args, out, err);
    output = out.str();
    errors = err.str();
    return status;
}

std::string contents_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << in.rdbuf();
    return bytes.str();
}
