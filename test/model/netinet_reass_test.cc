// Fragments for us: what becomes of them, their limits, and whatever order and overlap against a map of bytes.
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <random>

#include "model/netinet/in_var.h"
#include "model/netinet/socket.h"
#include "test/model/network.h"
#include "test/model/together.h"

namespace {

using namespace model_test;
using namespace model::netinet;
using model::net::counter;

constexpr uint32_t us = ip(10, 0, 1, 1);

// Bytes [at, at + size) of what stands behind an IP header, as a packet of their own.
bytes fragment_of(const bytes& whole, size_t at, size_t size, bool more, uint16_t id = 77,
                  uint8_t tos = 0) {
    bytes f(whole.begin(), whole.begin() + 14 + 20);
    f.insert(f.end(), whole.begin() + static_cast<ptrdiff_t>(34 + at),
             whole.begin() + static_cast<ptrdiff_t>(34 + at + size));
    const ip_view ip = ip_of(f);
    ip.set_total_size(f.size() - 14);
    ip.set_id(id);
    ip.set_tos(tos);
    ip.set_off(static_cast<uint16_t>(at / 8 | (more ? ip_mf : 0)));
    ip.update_sum();
    return f;
}

class reass : public testing::Test {
  protected:
    reass() { n.set_up(); }
    ~reass() override { n.expect_conserved(); }

    network n;
    const bytes echo = echo_request(sender, us, 56);  // 64 bytes behind the header
};

TEST_F(reass, whatever_the_order_it_is_one_packet) {
    const size_t starts[][3] = {{0, 24, 48}, {48, 24, 0}, {24, 0, 48}, {24, 48, 0}, {48, 0, 24}};
    uint16_t id = 100;
    for (const auto& order : starts) {
        ++id;
        uint32_t first = 0;
        for (const size_t at : order) {
            n.input("em0", fragment_of(echo, at, at == 48 ? 16 : 24, at != 48, id));
            first = at == 0 ? n.last_packet() : first;
        }
        // Whichever comes last: the first one's number is the packet's.
        for (uint32_t packet = n.last_packet() - 2; packet <= n.last_packet(); ++packet) {
            EXPECT_EQ(n.fate(packet), packet == first ? "delivered icmp" : "delivered reassembled");
        }
        std::vector<bytes> replies = n.sent(0);
        ASSERT_EQ(replies.size(), 1U);
        EXPECT_EQ(ip_of(replies[0]).total_size(), 84U);
        EXPECT_TRUE(icmp_view(ip_of(replies[0]).payload()).sum_is_right());
        EXPECT_TRUE(std::ranges::equal(icmp_view(ip_of(replies[0]).payload()).data(),
                                       bytes(echo.begin() + 42, echo.end())));
    }
    EXPECT_EQ(n.count(counter::ips_fragments), 15);
    EXPECT_EQ(n.count(counter::ips_reassembled), 5);
    EXPECT_EQ(n.count(counter::ips_fragdropped), 0);
    EXPECT_EQ(n.st.ip->reass.list, nullptr);
}

TEST_F(reass, what_is_malformed_does_not_wait) {
    EXPECT_EQ(n.input("em0", fragment_of(echo, 0, 23, true)), "dropped badfrag");
    EXPECT_EQ(n.input("em0", fragment_of(echo, 0, 0, true)), "dropped badfrag");
    EXPECT_EQ(n.count(counter::ips_badfrags), 2);
    bytes end = fragment_of(echo, 0, 8, false);
    ip_of(end).set_off(0x1fff);  // 65528, and 8 bytes and a header behind
    ip_of(end).update_sum();
    EXPECT_EQ(n.input("em0", end), "dropped toolong");
    EXPECT_EQ(n.count(counter::ips_toolong), 1);
    EXPECT_EQ(n.st.ip->reass.fragments, 0U);
}

TEST_F(reass, packets_are_told_apart_by_four_things) {
    EXPECT_EQ(n.input("em0", fragment_of(echo, 0, 48, true, 1)), "held");
    EXPECT_EQ(n.input("em0", fragment_of(echo, 48, 16, false, 2)), "held");
    bytes other = fragment_of(echo, 48, 16, false, 1);
    ip_of(other).set_source(sender + 1);
    ip_of(other).update_sum();
    EXPECT_EQ(n.input("em0", other), "held");
    other = fragment_of(echo, 48, 16, false, 1);
    ip_of(other).set_destination(ip(10, 0, 2, 1));
    ip_of(other).update_sum();
    EXPECT_EQ(n.input("em0", other), "held");
    other = fragment_of(echo, 48, 16, false, 1);
    other[14 + 9] = ipproto_udp;
    ip_of(other).update_sum();
    EXPECT_EQ(n.input("em0", other), "held");
    EXPECT_EQ(n.input("em0", fragment_of(echo, 48, 16, false, 1)), "delivered reassembled");
    EXPECT_EQ(n.sent(0).size(), 1U);
    EXPECT_EQ(n.st.ip->reass.fragments, 4U);
}

TEST_F(reass, the_time_of_a_packet_runs_out) {
    EXPECT_EQ(n.input("em0", fragment_of(echo, 0, 24, true, 1)), "held");
    n.pass(20);
    EXPECT_EQ(n.input("em0", fragment_of(echo, 48, 16, false, 1)), "held");
    EXPECT_EQ(n.input("em0", fragment_of(echo, 0, 24, true, 2)), "held");
    const uint32_t last = n.last_packet();
    n.pass(10);
    EXPECT_EQ(n.fate(last - 2), "dropped fragtimeout");
    EXPECT_EQ(n.fate(last - 1), "dropped fragtimeout");  // the time is that of the first one
    EXPECT_EQ(n.fate(last), "held");
    EXPECT_EQ(n.count(counter::ips_fragtimeout), 1);
    n.pass(20);
    EXPECT_EQ(n.fate(last), "dropped fragtimeout");
    EXPECT_FALSE(model::kern::timeout_pending(n.st.timeouts, n.st.ip->reass.slowtimo));
    EXPECT_TRUE(n.sent(0).empty());  // the sender is not told
}

TEST_F(reass, too_many_throw_the_newest_packets_out) {
    n.run("sysctl net.inet.ip.maxqueue=8");
    for (uint16_t id = 1; id <= 8; ++id) {
        EXPECT_EQ(n.input("em0", fragment_of(echo, 0, 24, true, id)), "held");
    }
    const uint32_t eighth = n.last_packet();
    EXPECT_EQ(n.input("em0", fragment_of(echo, 0, 24, true, 9)), "dropped fragflood");
    EXPECT_EQ(n.st.ip->reass.fragments, 6U);
    EXPECT_EQ(n.fate(eighth), "dropped fragflush");
    EXPECT_EQ(n.fate(eighth - 1), "dropped fragflush");
    EXPECT_EQ(n.fate(eighth - 2), "held");
    EXPECT_EQ(n.count(counter::ips_rcvmemdrop), 1);
    EXPECT_EQ(n.count(counter::ips_fragdropped), 2);
    n.run("sysctl net.inet.ip.maxqueue=0");
    EXPECT_EQ(n.input("em0", fragment_of(echo, 24, 24, true, 1)), "dropped fragflood");
    EXPECT_EQ(n.st.ip->reass.fragments, 0U);
}

TEST_F(reass, together_they_may_be_too_long) {
    n.run("socket raw 253 as S");
    ip_packet p;
    p.header.protocol = 253;
    p.header.destination = us;
    p.payload = 65528;
    const bytes whole = p.frame();
    for (size_t at = 0; at < 65504; at += 1424) {
        EXPECT_EQ(n.input("em0", fragment_of(whole, at, 1424, true)), "held");
    }
    EXPECT_EQ(n.input("em0", fragment_of(whole, 65504, 11, false)), "delivered reassembled");
    EXPECT_EQ(n.count(counter::ips_reassembled), 1);
    // Each fits; with the options of the first one the whole does not.
    bytes first = fragment_of(whole, 0, 1424, true);
    first[14] = 0x46;
    first.insert(first.begin() + 34, {1, 1, 1, 0});
    ip_of(first).set_total_size(first.size() - 14);
    ip_of(first).update_sum();
    EXPECT_EQ(n.input("em0", first), "held");
    for (size_t at = 1424; at < 65504; at += 1424) {
        EXPECT_EQ(n.input("em0", fragment_of(whole, at, 1424, true)), "held");
    }
    EXPECT_EQ(n.input("em0", fragment_of(whole, 65504, 11, false)), "dropped toolong");
    EXPECT_EQ(n.count(counter::ips_toolong), 1);
}

// The bits of congestion: those of two fragments, and what becomes of the second one (RFC 3168 5.3).
TEST_F(reass, marks_are_kept) {
    struct {
        uint8_t first, second;
        const char* fate;
        int marked;  // of the packet: -1 none came
    } const cases[] = {
        {0, 0, "delivered reassembled", 0}, {2, 2, "delivered reassembled", 2},
        {2, 3, "delivered reassembled", 3}, {3, 2, "delivered reassembled", 3},
        {3, 3, "delivered reassembled", 3}, {0, 3, "dropped fragdup", -1},
        {3, 0, "dropped fragdup", -1},      {2, 0, "dropped fragdup", -1},
    };
    n.run("socket raw icmp as S");
    uint16_t id = 1;
    ip_packet p;
    p.header.protocol = 253;
    p.header.destination = us;
    p.payload = 32;
    for (const auto& c : cases) {
        ++id;
        EXPECT_EQ(n.input("em0", fragment_of(p.frame(), 0, 16, true, id, c.first)), "held");
        EXPECT_EQ(n.input("em0", fragment_of(p.frame(), 16, 16, false, id, c.second)), c.fate);
        // Nobody wants protocol 253: the error quotes the packet as it became.
        std::vector<bytes> errors = n.sent(0);
        ASSERT_EQ(errors.size(), c.marked < 0 ? 0U : 1U);
        if (c.marked >= 0) {
            const ip_view quoted(icmp_view(ip_of(errors[0]).payload()).data());
            EXPECT_EQ(quoted.tos(), c.marked) << int{c.first} << int{c.second};
            EXPECT_EQ(quoted.total_size(), 52U);
            EXPECT_EQ(in_cksum(quoted.header()), 0);
        }
    }
}

// Each CPU brings one fragment of every packet, while time runs out and others flood.
TEST(reass_together, who_brings_the_last_one_has_the_packet) {
    network n(4);
    n.set_up();
    const bytes echo = echo_request(sender, us, 56);
    constexpr uint16_t packets = 300;
    n.run("sysctl net.inet.ip.maxqueue=10000");
    together(0, 3, [&](unsigned cpu) {
        for (uint16_t id = 1; id <= packets; ++id) {
            const bytes f = fragment_of(echo, cpu * 24U, cpu == 2 ? 16 : 24, cpu != 2, id);
            EXPECT_EQ(model::net::if_input(n.st, "em0", f.data(), f.size(), 0), 0);
        }
    });
    EXPECT_EQ(n.count(counter::ips_reassembled), packets);
    EXPECT_EQ(n.count(counter::icps_reflect), packets);
    n.expect_conserved();
    n.run("sysctl net.inet.ip.maxqueue=4");
    together(0, 4, [&](unsigned cpu) {
        for (uint16_t id = 1; id <= packets; ++id) {
            if (cpu == 3) {
                model::kern::timeout_fire(n.st.timeouts, "ip_slowtimo");
                continue;
            }
            const bytes f = fragment_of(echo, cpu * 24U, cpu == 2 ? 16 : 24, cpu != 2, id);
            EXPECT_EQ(model::net::if_input(n.st, "em0", f.data(), f.size(), 0), 0);
        }
    });
    n.pass(60);  // and softclock has done with what was fired
    EXPECT_EQ(n.st.ip->reass.fragments, 0U);
    n.expect_conserved();
}

// ---- against a map of bytes ---------------------------------------------------------------------

// Who has each byte: a fragment that begins later than a new one gives way to it, others stay.
class byte_map {
  public:
    struct piece {
        size_t at, size;
        bool more;
        uint8_t fill;
    };

    // What stands behind the header, if that was the last one that was missing.
    std::optional<bytes> add(const piece& p) {
        std::map<size_t, size_t> begins;  // of each piece that has a byte: its first
        for (size_t at = owner_.size(); at-- > 0;) {
            if (owner_[at] != none) {
                begins[owner_[at]] = at;
            }
        }
        const size_t number = pieces_.size();
        pieces_.push_back(p);
        owner_.resize(std::max(owner_.size(), p.at + p.size), none);
        for (size_t at = p.at; at < p.at + p.size; ++at) {
            if (owner_[at] == none || begins[owner_[at]] > p.at) {
                owner_[at] = number;
            }
        }
        while (!owner_.empty() && owner_.back() == none) {
            owner_.pop_back();
        }
        if (owner_.empty() || std::ranges::count(owner_, none) != 0 ||
            pieces_[owner_.back()].more) {
            return std::nullopt;
        }
        bytes whole;
        for (const size_t who : owner_) {
            whole.push_back(pieces_[who].fill);
        }
        pieces_.clear();
        owner_.clear();
        return whole;
    }

  private:
    static constexpr size_t none = ~size_t{0};
    std::vector<piece> pieces_;
    std::vector<size_t> owner_;
};

TEST(reass_oracle, random_fragments_become_what_a_map_of_bytes_says) {
    std::mt19937 random(20);
    const auto upto = [&](unsigned most) { return random() % (most + 1); };
    size_t wholes = 0;
    size_t compared = 0;
    for (int round = 0; round < 400; ++round) {
        network n;
        n.set_up();
        n.run("socket raw 253 as S");
        byte_map naive;
        const size_t units = 2 + upto(4);
        for (int step = 0; step < 60; ++step) {
            byte_map::piece p;
            p.at = 8 * upto(static_cast<unsigned>(units - 1));
            const bool last = upto(4) == 0;
            p.size = 8 * (1 + upto(3));
            p.more = !last;
            if (last && upto(3) != 0) {  // where the packet may really end
                p.at = 8 * (units - 1 - upto(1));
                p.size = 8 * units - p.at;
            } else if (!last && upto(19) != 0 && p.at + p.size >= 8 * units) {
                p.at = 0;
            }
            p.size -= last ? upto(7) : 0;
            p.fill = static_cast<uint8_t>(step + 1);
            bytes f =
                ip_packet{{.ttl = 64, .protocol = 253, .source = sender, .destination = us}, p.size}
                    .frame();
            std::fill(f.begin() + 34, f.end(), p.fill);
            ip_of(f).set_off(static_cast<uint16_t>(p.at / 8 | (p.more ? ip_mf : 0)));
            ip_of(f).update_sum();
            if (p.at == 0 && !p.more) {
                continue;  // is none
            }
            const int64_t before = n.count(counter::ips_reassembled);
            n.input("em0", f);
            const std::optional<bytes> expected = naive.add(p);
            ASSERT_EQ(n.count(counter::ips_reassembled) - before, expected ? 1 : 0)
                << "round " << round << " step " << step;
            ++compared;
            if (expected) {
                ++wholes;
                model::netinet::socket* so = socket_of_name(n.st, "S");
                ASSERT_EQ(so->so_rcv.sb_count, 1U);
                sockrecord* record = nullptr;
                ASSERT_EQ(sbreceive(so->so_rcv, &record), 0);
                const bytes got(record->m->data + 20, record->m->data + record->m->len);
                sbrecord_free(n.st, record);
                sorele(n.st, so);
                ASSERT_EQ(got, *expected) << "round " << round << " step " << step;
            }
        }
        n.run("close S");
        n.expect_conserved();
    }
    EXPECT_GT(wholes, 400U);
    EXPECT_GT(compared, 20000U);
}

}  // namespace
