// icmp_redirect.h - redirects that come in: who is no router may be told of a better one.
// Source:  RFC 792; RFC 1122 3.2.2.2; ICMP_REDIRECT of icmp_input of OpenBSD netinet/ip_icmp.c.
// Shapes:  net.inet.icmp.rediraccept says whether they are followed; who forwards never does. What was made goes when
//          net.inet.icmp.redirtimeout seconds are over, 0: never.
// Locks:   none is held by the caller. Takes conf_lock, may sleep.
// Errors:  a redirect that is not to be believed is counted, and changes nothing.
#pragma once

#include "model/netinet/icmp.h"
#include "model/netinet/ip.h"

namespace model::net {
struct stack;
}

namespace model::netinet {

void icmp_redirect_init(net::stack& st);

// Follows a redirect. Null, or why the message is dropped.
[[nodiscard]] const char* icmp_redirect_input(net::stack& st, const ip_view& ip,
                                              const icmp_view& icmp, unsigned tableid);

}  // namespace model::netinet
