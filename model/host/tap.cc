#include "model/host/tap.h"

#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace model::host {

tap::~tap() {
    if (fd_ >= 0) {
        close(fd_);
    }
}

int tap::open(const std::string& name, std::string& error) {
    if (name.empty() || name.size() >= IFNAMSIZ) {
        error = "'" + name + "' is no name of an interface: 1 to 15 letters";
        return EINVAL;
    }
    fd_ = ::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd_ < 0) {
        const int why = errno;
        error = std::string("/dev/net/tun: ") + std::strerror(why);
        return why;
    }
    ifreq request = {};
    name.copy(request.ifr_name, IFNAMSIZ - 1);
    request.ifr_flags = IFF_TAP | IFF_NO_PI;
    if (ioctl(fd_, TUNSETIFF, &request) != 0) {
        const int why = errno;
        error = "TAP device " + name + ": " + std::strerror(why);
        close(fd_);
        fd_ = -1;
        return why;
    }
    name_ = request.ifr_name;
    return 0;
}

long tap::read(uint8_t* frame, size_t size) {
    ssize_t length = -1;
    do {
        length = ::read(fd_, frame, size);
    } while (length < 0 && errno == EINTR);
    return length < 0 && errno == EAGAIN ? 0 : length;
}

bool tap::write(const uint8_t* frame, size_t length) {
    ssize_t written = -1;
    do {
        written = ::write(fd_, frame, length);
    } while (written < 0 && errno == EINTR);
    return written == static_cast<ssize_t>(length);
}

}  // namespace model::host
