// model_manifest.h - what the build says of the model that it made: sources, objects, flags.
// Source:  lib/heddle/model.manifest, written by heddle_model_manifest() (cmake/heddle_model.cmake)
//          once the module is linked, so that it is newer than every object that it names.
// Shapes:  a line is a word and a value up to the end of the line; all paths but names are absolute.
// Locks:   none; plain values.
// Errors:  no such file, a line nobody knows: a message that tells to build the model again.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace scenario {

struct model_source {
    std::string name;    // "model/net/if.cc"
    std::string object;  // of the fixed build; its dependencies stand in the same name with .d
};

struct model_manifest {
    std::string module;  // the fixed model: beside the manifest, with .so instead of .manifest
    std::string root;    // the folder that holds model/
    std::string cache;   // the folder for what is made from patches
    std::string compiler = "g++";
    std::string slot = "0";
    std::string tool;                         // names what `heddle cc` itself is made of
    std::vector<std::string> flags;           // for every source
    std::vector<std::string> link_flags;      // for the module
    std::vector<model_source> sources;        // in the order in which they are linked
    std::map<std::string, std::string> sums;  // of every file under model/ when it was built
    std::filesystem::file_time_type written;
};

// Where the manifest of the running command is: ../lib/heddle beside its folder.
[[nodiscard]] std::string manifest_of_this_command();

[[nodiscard]] bool read_manifest(const std::string& path, model_manifest& manifest,
                                 std::string& error);

}  // namespace scenario
