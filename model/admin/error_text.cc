#include "model/admin/error_text.h"

#include <cerrno>

namespace model::admin {

namespace {

struct error_word {
    int error;
    const char* text;
};

constexpr error_word words[] = {
    {0, "Undefined error: 0"},
    {EPERM, "Operation not permitted"},
    {ENOENT, "No such file or directory"},
    {ESRCH, "No such process"},
    {ENXIO, "Device not configured"},
    {EINTR, "Interrupted system call"},
    {EAGAIN, "Resource temporarily unavailable"},
    {ENOMEM, "Cannot allocate memory"},
    {EBADF, "Bad file descriptor"},
    {EACCES, "Permission denied"},
    {EBUSY, "Device busy"},
    {EEXIST, "File exists"},
    {ENODEV, "Operation not supported by device"},
    {EINVAL, "Invalid argument"},
    {ENOTTY, "Inappropriate ioctl for device"},
    {ENOSPC, "No space left on device"},
    {EPIPE, "Broken pipe"},
    {EINPROGRESS, "Operation now in progress"},
    {EDESTADDRREQ, "Destination address required"},
    {EMSGSIZE, "Message too long"},
    {EPROTONOSUPPORT, "Protocol not supported"},
    {EOPNOTSUPP, "Operation not supported"},
    {EADDRINUSE, "Address already in use"},
    {EADDRNOTAVAIL, "Can't assign requested address"},
    {ENETDOWN, "Network is down"},
    {ENETUNREACH, "Network is unreachable"},
    {ECONNABORTED, "Software caused connection abort"},
    {ECONNRESET, "Connection reset by peer"},
    {ENOBUFS, "No buffer space available"},
    {EISCONN, "Socket is already connected"},
    {ENOTCONN, "Socket is not connected"},
    {ETOOMANYREFS, "Too many references: can't splice"},
    {ESHUTDOWN, "Can't send after socket shutdown"},
    {ETIMEDOUT, "Operation timed out"},
    {ECONNREFUSED, "Connection refused"},
    {EHOSTDOWN, "Host is down"},
    {EHOSTUNREACH, "No route to host"},
    {ENOPROTOOPT, "Protocol not available"},
};

}  // namespace

const char* error_text(int error) {
    for (const error_word& w : words) {
        if (w.error == error) {
            return w.text;
        }
    }
    return "Unknown error";
}

}  // namespace model::admin
