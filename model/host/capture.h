// capture.h - writes all frames of a router to a pcapng file, in the order in which they were seen.
// Source:  pcapng: a section, a description of each interface, an enhanced packet block a frame with its direction.
// Shapes:  interfaces are numbered in the order in which they are added; times are nanoseconds of the host's clock.
// Locks:   [M] mtx, a leaf: receive threads and whoever sends write blocks.
// Errors:  open says; a later error of the disk is told by close.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string>

namespace model::host {

enum class direction : uint8_t { in = 1, out = 2 };

class capture {
  public:
    capture() = default;
    ~capture();
    capture(const capture&) = delete;
    capture& operator=(const capture&) = delete;

    [[nodiscard]] bool open(const std::string& path, std::string& error);
    // False: something could not be written.
    [[nodiscard]] bool close();

    // Its number.
    unsigned add_interface(const std::string& name);
    void write(unsigned interface, direction way, const uint8_t* frame, size_t length);

  private:
    void block_locked(uint32_t type, const std::string& body);

    std::mutex mtx_;
    FILE* file_ = nullptr;     // [M]
    unsigned interfaces_ = 0;  // [M]
    bool failed_ = false;      // [M]
};

}  // namespace model::host
