#include "model/admin/error_text.h"

#include <cerrno>

namespace model::admin {

const char* error_text(int error) {
    switch (error) {
        case 0:
            return "Undefined error: 0";
        case EPERM:
            return "Operation not permitted";
        case ENOENT:
            return "No such file or directory";
        case ESRCH:
            return "No such process";
        case ENXIO:
            return "Device not configured";
        case EAGAIN:
            return "Resource temporarily unavailable";
        case ENOMEM:
            return "Cannot allocate memory";
        case EACCES:
            return "Permission denied";
        case EBUSY:
            return "Device busy";
        case EEXIST:
            return "File exists";
        case ENODEV:
            return "Operation not supported by device";
        case EINVAL:
            return "Invalid argument";
        case ENOSPC:
            return "No space left on device";
        case EMSGSIZE:
            return "Message too long";
        case EOPNOTSUPP:
            return "Operation not supported";
        case EADDRINUSE:
            return "Address already in use";
        case EADDRNOTAVAIL:
            return "Can't assign requested address";
        case ENETDOWN:
            return "Network is down";
        case ENETUNREACH:
            return "Network is unreachable";
        case ENOBUFS:
            return "No buffer space available";
        case EHOSTDOWN:
            return "Host is down";
        case EHOSTUNREACH:
            return "No route to host";
        default:
            return "Unknown error";
    }
}

}  // namespace model::admin
