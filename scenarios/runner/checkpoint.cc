#include "scenarios/runner/checkpoint.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

#include "scenarios/runner/sha1.h"
#include "sim/explore/bytes.h"

namespace scenario {

namespace {

// To be counted up when the bytes of anything that goes into the state change.
const std::string first_line = "heddle checkpoint 6";

}  // namespace

bool write_checkpoint(const std::string& path, const std::string& about, const std::string& state,
                      std::string& error) {
    sim::byte_writer body;
    body.put_text(about);
    body.put_text(state);
    const std::string beside = path + ".new";
    std::ofstream out(beside, std::ios::binary | std::ios::trunc);
    out << first_line << '\n' << sha1_of(body.bytes()) << '\n' << body.bytes();
    out.close();
    if (!out || std::rename(beside.c_str(), path.c_str()) != 0) {
        error = fmt::format("{}: cannot be written: {}", path, std::strerror(errno));
        std::remove(beside.c_str());
        return false;
    }
    return true;
}

bool read_checkpoint(const std::string& path, const std::string& about, std::string& state,
                     std::string& error) {
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        error = fmt::format("{}: cannot be read: {}", path, std::strerror(errno));
        return false;
    }
    std::string version;
    std::string sum;
    std::getline(in, version);
    std::getline(in, sum);
    std::ostringstream rest;
    rest << in.rdbuf();
    const std::string bytes = rest.str();
    if (version.rfind("heddle checkpoint ", 0) != 0) {
        error = path + ": is no checkpoint";
        return false;
    }
    if (version != first_line) {
        error = fmt::format("{}: was written by another version of heddle ('{}', not '{}')", path,
                            version, first_line);
        return false;
    }
    sim::byte_reader body(bytes);
    const std::string written_about = body.get_text();
    state = body.get_text();
    if (sum != sha1_of(bytes) || !body.whole()) {
        error = path + ": is damaged: its sum is not that of its contents";
        return false;
    }
    if (written_about != about) {
        error = fmt::format(
            "{}: is about another exploration: the program and its arguments, or the race and its "
            "variant, and what is checked must be as they were",
            path);
        return false;
    }
    return true;
}

}  // namespace scenario
