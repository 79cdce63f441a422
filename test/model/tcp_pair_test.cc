// TCP between two routers: what one sends the other receives, whatever the order of what programs do.
#include <gtest/gtest.h>

#include "model/admin/observe.h"
#include "model/netinet/in_var.h"
#include "model/netinet/tcp_var.h"
#include "test/model/network.h"
#include "test/model/together.h"

namespace {

using namespace model_test;
namespace kern = model::kern;

// a is 10.0.1.1 and b is 10.0.1.9, on one wire.
struct pair_of_routers {
    pair_of_routers() {
        a.run("ifconfig em0 inet 10.0.1.1/24 lladdr 02:00:00:00:01:01");
        a.run("arp -s 10.0.1.9 02:00:00:00:01:09");
        b.run("ifconfig em0 inet 10.0.1.9/24 lladdr 02:00:00:00:01:09");
        b.run("arp -s 10.0.1.1 02:00:00:00:01:01");
        b.run("socket tcp bind *.80 as L");
        b.run("listen L");
        a.forget_wires();
        b.forget_wires();
    }
    ~pair_of_routers() {
        b.run("close L");
        carry_all();
        a.pass(60);
        b.pass(60);
        for (network* n : {&a, &b}) {
            EXPECT_EQ(kern::pool_live(n->st.inpcb_pool), 0);
            EXPECT_EQ(kern::pool_live(n->st.socket_pool), 0);
            EXPECT_EQ(kern::pool_live(n->st.mbuf_pool), 0);
        }
    }
    // What has been sent arrives; whether there was something.
    bool carry(network& from, network& to) {
        const std::vector<bytes> frames = from.sent(0);
        for (const bytes& f : frames) {
            EXPECT_EQ(model::net::if_input(to.st, "em0", f.data(), f.size(), 0), 0);
        }
        return !frames.empty();
    }
    void carry_all() {
        for (bool something = true; something;) {
            const bool there = carry(a, b);
            something = carry(b, a) || there;
        }
    }
    static std::string observe(network& n, std::string_view what, std::string_view name) {
        const std::string_view words[] = {what, name};
        std::string out;
        EXPECT_TRUE(model::admin::observe(n.st, words, out));
        return out;
    }
    void expect_states(std::string_view of_a, std::string_view of_b) {
        EXPECT_EQ(observe(a, "state", "C"), of_a);
        EXPECT_EQ(observe(b, "state", "D"), of_b);
    }
    void connect() {
        a.run("socket tcp connect 10.0.1.9.80 as C");
        carry_all();
        b.run("accept L as D");
        expect_states("ESTABLISHED", "ESTABLISHED");
    }

    network a;
    network b;
};

TEST(tcp_pair, both_ends_close_in_every_order) {
    pair_of_routers p;
    p.connect();
    p.a.run("close C");
    p.expect_states("FIN_WAIT_1", "ESTABLISHED");
    p.carry_all();
    p.expect_states("FIN_WAIT_2", "CLOSE_WAIT");
    p.b.run("close D");
    p.expect_states("FIN_WAIT_2", "LAST_ACK");
    p.carry_all();
    p.expect_states("TIME_WAIT", "none");

    pair_of_routers q;
    q.connect();
    q.a.run("close C");
    q.b.run("close D");
    q.expect_states("FIN_WAIT_1", "FIN_WAIT_1");
    q.carry(q.a, q.b);
    q.expect_states("FIN_WAIT_1", "CLOSING");
    q.carry_all();
    q.expect_states("TIME_WAIT", "TIME_WAIT");

    pair_of_routers r;
    r.connect();
    r.a.run("close C abort");
    r.carry_all();
    r.expect_states("none", "none");
    r.b.run("close D");
}

TEST(tcp_pair, nobody_listens) {
    pair_of_routers p;
    p.a.run("socket tcp connect 10.0.1.9.81 as C");
    p.carry_all();
    EXPECT_EQ(p.a.fails("connect C"), "connect: C: Connection refused\n");
    p.a.run("close C");
}

// What a program has sent, its end of the connection, and what the other one has read.
struct direction {
    network* from = nullptr;
    network* to = nullptr;
    std::string send_name;
    std::string recv_name;
    size_t sent = 0;
    size_t read = 0;
    bool over = false;
};

void send_some(direction& d, random_numbers& random) {
    const size_t length = random.below(3000);
    const auto* tp = [&] {
        model::netinet::socket* so = model::netinet::socket_of_name(d.from->st, d.send_name);
        const auto* found = so->so_pcb->inp_ppcb;
        model::netinet::sorele(d.from->st, so);
        return found;
    }();
    if (!d.over && tp->snd_data.size() + length <= model::netinet::tcp_sendspace) {
        d.from->run("send " + d.send_name + " " + std::to_string(length));
        d.sent += length;
    }
}

void read_some(direction& d) {
    if (!pair_of_routers::observe(*d.to, "queued", d.recv_name).empty()) {
        const std::string said = d.to->run("recv " + d.recv_name);
        d.read += std::stoul(said.substr(said.find(':') + 1));
    }
}

TEST(tcp_pair, all_that_is_sent_arrives) {
    for (uint64_t seed = 1; seed <= 30; ++seed) {
        SCOPED_TRACE(seed);
        pair_of_routers p;
        p.connect();
        random_numbers random(seed);
        direction there = {&p.a, &p.b, "C", "D"};
        direction back = {&p.b, &p.a, "D", "C"};
        for (unsigned n = 0; n < 300; ++n) {
            direction& d = random.below(2) == 0 ? there : back;
            switch (random.below(5)) {
                case 0:
                case 1:
                    send_some(d, random);
                    break;
                case 2:
                case 3:
                    read_some(d);
                    break;
                default:
                    p.carry(*d.from, *d.to);
                    break;
            }
        }
        for (direction* d : {&there, &back}) {
            d->from->run("shutdown " + d->send_name);
        }
        p.carry_all();
        for (direction* d : {&there, &back}) {
            while (d->read < d->sent) {
                const size_t before = d->read;
                read_some(*d);
                p.carry_all();
                ASSERT_TRUE(d->read > before || d->sent == d->read) << d->read << " of " << d->sent;
            }
            EXPECT_EQ(d->to->run("recv " + d->recv_name), "end\n");
            EXPECT_EQ(d->read, d->sent);
        }
        p.a.run("close C");
        p.b.run("close D");
    }
}

}  // namespace
