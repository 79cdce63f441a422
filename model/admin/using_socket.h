// using_socket.h - the socket that a program means by a name.
// Source:  ours: a name is what a program's descriptor is.
// Locks:   that of the table of names, for a moment. What is found is referenced while the object lives.
// Errors:  null: no socket has that name.
#pragma once

#include <string_view>

#include "model/netinet/in_var.h"
#include "model/netinet/socket.h"

namespace model::admin {

// The name fits into a fate, and is one word.
inline bool is_socket_name(std::string_view name) {
    return !name.empty() && name.size() < netinet::inp_namesize;
}

class using_socket {
  public:
    using_socket(net::stack& st, std::string_view name)
        : st_(st), so_(netinet::socket_of_name(st, name)) {}
    ~using_socket() { netinet::sorele(st_, so_); }
    using_socket(const using_socket&) = delete;
    using_socket& operator=(const using_socket&) = delete;

    [[nodiscard]] netinet::socket* get() const { return so_; }

  private:
    net::stack& st_;
    netinet::socket* so_;
};

}  // namespace model::admin
