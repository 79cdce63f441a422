// Links between routers of one process, without a device of the host.
#include "model/host/link.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <array>
#include <string>

#include "model/host/router.h"

namespace model::host {

namespace {

bool readable(const cable& end) {
    pollfd wanted = {end.descriptor(), POLLIN, 0};
    return poll(&wanted, 1, 0) == 1;
}

TEST(link, carries_frames_both_ways_in_their_order) {
    auto [left, right] = make_link("r1:em1", "r2:em0");
    EXPECT_EQ(left->name(), "r2:em0");
    EXPECT_EQ(right->name(), "r1:em1");
    std::array<uint8_t, 100> frame = {};
    EXPECT_FALSE(readable(*right));
    EXPECT_EQ(right->read(frame.data(), frame.size()), 0);
    for (uint8_t n = 1; n <= 3; ++n) {
        frame[0] = n;
        EXPECT_TRUE(left->write(frame.data(), 60U + n));
    }
    EXPECT_FALSE(readable(*left));
    for (uint8_t n = 1; n <= 3; ++n) {
        EXPECT_EQ(readable(*right), n == 1) << "all are taken at once";
        EXPECT_EQ(right->read(frame.data(), frame.size()), 60 + n);
        EXPECT_EQ(frame[0], n);
    }
    EXPECT_EQ(right->read(frame.data(), frame.size()), 0);
    EXPECT_TRUE(right->write(frame.data(), frame.size()));
    EXPECT_EQ(left->read(frame.data(), 10), 10) << "what has room";
    EXPECT_EQ(left->read(frame.data(), frame.size()), 0);
}

TEST(link, loses_what_it_has_no_room_for) {
    auto [left, right] = make_link("a", "b");
    const std::array<uint8_t, 60> frame = {};
    for (size_t n = 0; n < link_frames_max; ++n) {
        ASSERT_TRUE(left->write(frame.data(), frame.size()));
    }
    EXPECT_FALSE(left->write(frame.data(), frame.size()));
    std::array<uint8_t, 60> got = {};
    EXPECT_EQ(right->read(got.data(), got.size()), 60);
    EXPECT_TRUE(left->write(frame.data(), frame.size()));
    right.reset();
    EXPECT_TRUE(left->write(frame.data(), frame.size())) << "nobody reads, and nobody minds";
}

// What the command prints; it must do it.
std::string done(router& r, const std::string& line) {
    std::string said;
    EXPECT_EQ(r.command(line, said), 0) << line << ": " << said;
    return said;
}

TEST(link, joins_routers) {
    std::array<router, 3> chain = {router("r0", nullptr, "", {}), router("r1", nullptr, "", {}),
                                   router("r2", nullptr, "", {})};
    std::string error;
    for (size_t n = 0; n < 2; ++n) {
        auto [left, right] = make_link("left", "right");
        ASSERT_EQ(chain[n].plug("em1", std::move(left), error), 0) << error;
        ASSERT_EQ(chain[n + 1].plug("em0", std::move(right), error), 0) << error;
        const std::string net = "10.0." + std::to_string(n) + ".";
        done(chain[n], "ifconfig em1 inet " + net + "1/24");
        done(chain[n + 1], "ifconfig em0 inet " + net + "2/24");
    }
    done(chain[0], "route add 10.0.1.0/24 10.0.0.2");
    done(chain[1], "sysctl net.inet.ip.forwarding=1");
    done(chain[2], "route add 10.0.0.0/24 10.0.1.1");
    for (router& r : chain) {
        r.start();
    }
    EXPECT_NE(done(chain[0], "ping -c 3 -s 4000 10.0.1.2").find("ttl=254"), std::string::npos);
    auto [again, other] = make_link("left", "right");
    EXPECT_EQ(chain[0].plug("em1", std::move(again), error), EBUSY);
    EXPECT_EQ(chain[0].plug("em16", std::move(other), error), EINVAL);
    for (router& r : chain) {
        r.stop();
    }
    const port_statistics there = chain[0].statistics()[0];
    const port_statistics here = chain[1].statistics()[0];
    EXPECT_EQ(there.sent, here.received);
    EXPECT_EQ(here.sent, there.received);
    EXPECT_EQ(there.lost + here.lost + there.refused + here.refused, 0U);
}

}  // namespace

}  // namespace model::host
