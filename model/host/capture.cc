#include "model/host/capture.h"

#include <cerrno>
#include <chrono>
#include <cstring>

namespace model::host {

namespace {

constexpr uint32_t block_section = 0x0A0D0D0A;
constexpr uint32_t block_interface = 1;
constexpr uint32_t block_packet = 6;

// In the byte order of this host, which the section's magic number tells.
template <typename T>
void put(std::string& to, T value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    to.append(bytes, sizeof value);
}

void pad(std::string& to) {
    to.append((4 - to.size() % 4) % 4, '\0');
}

void put_option(std::string& to, uint16_t code, const std::string& value) {
    put(to, code);
    put(to, static_cast<uint16_t>(value.size()));
    to += value;
    pad(to);
}

void end_options(std::string& to) {
    put(to, uint32_t{0});
}

uint64_t nanoseconds_now() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

}  // namespace

capture::~capture() {
    (void)close();
}

bool capture::open(const std::string& path, std::string& error) {
    const std::lock_guard lock(mtx_);
    file_ = std::fopen(path.c_str(), "wbe");
    if (file_ == nullptr) {
        error = path + ": " + std::strerror(errno);
        return false;
    }
    std::string body;
    put(body, uint32_t{0x1A2B3C4D});
    put(body, uint16_t{1});
    put(body, uint16_t{0});
    put(body, int64_t{-1});
    block_locked(block_section, body);
    return true;
}

bool capture::close() {
    const std::lock_guard lock(mtx_);
    if (file_ == nullptr) {
        return !failed_;
    }
    failed_ = std::fclose(file_) != 0 || failed_;
    file_ = nullptr;
    return !failed_;
}

unsigned capture::add_interface(const std::string& name) {
    const std::lock_guard lock(mtx_);
    std::string body;
    put(body, uint16_t{1});  // Ethernet
    put(body, uint16_t{0});
    put(body, uint32_t{0});  // no limit
    put_option(body, 2, name);
    put_option(body, 9, std::string(1, '\x09'));  // nanoseconds
    end_options(body);
    block_locked(block_interface, body);
    return interfaces_++;
}

void capture::write(unsigned interface, direction way, const uint8_t* frame, size_t length) {
    const std::lock_guard lock(mtx_);
    const uint64_t now = nanoseconds_now();
    std::string body;
    put(body, uint32_t{interface});
    put(body, static_cast<uint32_t>(now >> 32U));
    put(body, static_cast<uint32_t>(now));
    put(body, static_cast<uint32_t>(length));
    put(body, static_cast<uint32_t>(length));
    body.append(reinterpret_cast<const char*>(frame), length);
    pad(body);
    std::string flags;
    put(flags, static_cast<uint32_t>(way));
    put_option(body, 2, flags);
    end_options(body);
    block_locked(block_packet, body);
}

void capture::block_locked(uint32_t type, const std::string& body) {
    if (file_ == nullptr) {
        return;
    }
    std::string whole;
    const auto length = static_cast<uint32_t>(body.size() + 12);
    put(whole, type);
    put(whole, length);
    whole += body;
    put(whole, length);
    failed_ = std::fwrite(whole.data(), 1, whole.size(), file_) != whole.size() || failed_;
}

}  // namespace model::host
