// tap.h - a TAP device of Linux: an Ethernet cable whose other end is an interface of the host.
// Source:  tun(4) of Linux: IFF_TAP without packet information.
// Shapes:  a frame a read and a frame a write; the name is that of the host's interface.
// Locks:   none; one context may read while another writes.
// Errors:  a message, and errno; EPERM: CAP_NET_ADMIN is missing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "model/host/cable.h"

namespace model::host {

class tap final : public cable {
  public:
    tap() = default;
    ~tap() override;
    tap(const tap&) = delete;
    tap& operator=(const tap&) = delete;

    // Makes the device, or takes one that is there and that nobody has open. Returns 0 or an errno and says in `error`
    // what could not be done.
    [[nodiscard]] int open(const std::string& name, std::string& error);

    [[nodiscard]] long read(uint8_t* frame, size_t size) override;
    [[nodiscard]] bool write(const uint8_t* frame, size_t length) override;
    [[nodiscard]] int descriptor() const override { return fd_; }
    [[nodiscard]] const std::string& name() const override { return name_; }

  private:
    int fd_ = -1;
    std::string name_;
};

}  // namespace model::host
