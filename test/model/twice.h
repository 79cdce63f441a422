// twice.h - a router with the same addresses in two routing domains.
// Shapes:  em0 and em1 as network.h has them; em2 and em3 have the same addresses in domain 1, where no route leads
//          further.
// Locks:   one context.
// Errors:  a failed expectation, also of what must hold of routes and addresses at the end.
#pragma once

#include "model/net/links.h"
#include "test/model/network.h"

namespace model_test {

struct twice : network {
    twice() {
        set_up();
        run("ifconfig em2 rdomain 1");
        run("ifconfig em3 rdomain 1");
        run("ifconfig em2 inet 10.0.1.1/24 lladdr 02:00:00:00:01:01");
        run("ifconfig em3 inet 10.0.2.1/24 lladdr 02:00:00:00:02:01");
        run("arp -V 1 -s 10.0.1.9 02:00:00:00:01:09");
        forget_wires();
    }
    ~twice() {
        EXPECT_TRUE(model::net::addresses_linked(&st));
        EXPECT_TRUE(model::net::routes_linked(&st));
        EXPECT_TRUE(model::net::nexthops_counted(&st));
        EXPECT_TRUE(model::net::clones_have_parents(&st));
    }
};

}  // namespace model_test
