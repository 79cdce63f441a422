// The allotment routing table against a linear scan, alone and with readers beside the writer.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "model/kern/smr.h"
#include "model/net/art.h"
#include "model/net/route.h"
#include "test/model/together.h"

namespace kern = model::kern;
using namespace model::net;
using model_test::random_numbers;

namespace {

struct prefix {
    uint32_t key;
    uint8_t plen;
};

constexpr uint32_t ip(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
    return a << 24 | b << 16 | c << 8 | d;
}

bool covers(const art_node& an, uint32_t key) {
    return ((an.an_key ^ key) & plen_to_mask(an.an_plen)) == 0;
}

// A table and the same set as a plain list.
class both {
  public:
    ~both() {
        for (art_node* an : nodes_) {
            delete an;
        }
    }

    // False if it was there.
    bool insert(uint32_t key, uint8_t plen) {
        auto* an = new art_node;
        an->an_key = key & plen_to_mask(plen);
        an->an_plen = plen;
        art_node* stands = art_insert_locked(root, *an);
        if (stands != an) {
            EXPECT_EQ(stands->an_key, an->an_key);
            EXPECT_EQ(stands->an_plen, an->an_plen);
            delete an;
            return false;
        }
        nodes_.push_back(an);
        return true;
    }

    void remove(size_t n) {
        art_node* an = nodes_[n];
        nodes_.erase(nodes_.begin() + static_cast<long>(n));
        art_tables_free(art_delete_locked(root, *an));
        delete an;
    }

    [[nodiscard]] const art_node* linear_match(uint32_t key) const {
        const art_node* best = nullptr;
        for (const art_node* an : nodes_) {
            if (covers(*an, key) && (best == nullptr || an->an_plen > best->an_plen)) {
                best = an;
            }
        }
        return best;
    }

    [[nodiscard]] const art_node* linear_lookup(uint32_t key, uint8_t plen) const {
        const auto at = std::find_if(nodes_.begin(), nodes_.end(), [&](const art_node* an) {
            return an->an_plen == plen && an->an_key == (key & plen_to_mask(plen));
        });
        return at == nodes_.end() ? nullptr : *at;
    }

    [[nodiscard]] size_t size() const { return nodes_.size(); }
    [[nodiscard]] const art_node& node(size_t n) const { return *nodes_[n]; }

    art_root root;

  private:
    std::vector<art_node*> nodes_;
};

// Addresses and prefixes close to each other, so that they cover one another at every length.
uint32_t near_key(random_numbers& random) {
    const uint32_t bits = random.below(33);
    return ip(10, 0, 0, 0) ^ (bits == 0 ? 0 : random.next() >> (32 - bits) & random.next());
}

}  // namespace

TEST(art, empty_table_matches_nothing) {
    art_root root;
    EXPECT_EQ(art_match(root, ip(10, 0, 0, 1)), nullptr);
    EXPECT_EQ(art_lookup_locked(root, 0, 0), nullptr);
    EXPECT_EQ(art_tables_count(root), 1U);
}

TEST(art, longest_prefix_wins_at_every_length) {
    both t;
    const uint32_t key = ip(10, 170, 85, 51);
    for (unsigned plen = 0; plen <= 32; ++plen) {
        EXPECT_TRUE(t.insert(key, static_cast<uint8_t>(plen)));
        EXPECT_FALSE(t.insert(key, static_cast<uint8_t>(plen)));
        EXPECT_EQ(art_match(t.root, key)->an_plen, plen);
    }
    for (unsigned bit = 0; bit < 32; ++bit) {
        EXPECT_EQ(art_match(t.root, key ^ 1U << bit)->an_plen, 31 - bit);
    }
    while (t.size() > 0) {
        t.remove(t.size() - 1);
        EXPECT_EQ(art_match(t.root, key), t.linear_match(key));
    }
    EXPECT_EQ(art_tables_count(t.root), 1U);
}

TEST(art, shorter_prefix_added_later_fills_the_gaps_only) {
    both t;
    t.insert(ip(10, 1, 2, 0), 24);
    t.insert(ip(10, 0, 0, 0), 8);
    t.insert(ip(10, 1, 0, 0), 16);
    EXPECT_EQ(art_match(t.root, ip(10, 1, 2, 3))->an_plen, 24);
    EXPECT_EQ(art_match(t.root, ip(10, 1, 3, 3))->an_plen, 16);
    EXPECT_EQ(art_match(t.root, ip(10, 2, 2, 3))->an_plen, 8);
    EXPECT_EQ(art_match(t.root, ip(11, 2, 2, 3)), nullptr);
}

TEST(art, exact_lookup_wants_the_length) {
    both t;
    t.insert(ip(10, 0, 0, 0), 8);
    EXPECT_NE(art_lookup_locked(t.root, ip(10, 0, 0, 0), 8), nullptr);
    EXPECT_EQ(art_lookup_locked(t.root, ip(10, 0, 0, 0), 9), nullptr);
    EXPECT_EQ(art_lookup_locked(t.root, ip(10, 0, 0, 0), 7), nullptr);
    EXPECT_EQ(art_lookup_locked(t.root, ip(10, 0, 0, 0), 32), nullptr);
}

TEST(art, tables_come_and_go_with_their_prefixes) {
    both t;
    t.insert(ip(10, 0, 0, 0), 8);
    EXPECT_EQ(art_tables_count(t.root), 1U);
    t.insert(ip(10, 0, 2, 2), 32);
    EXPECT_EQ(art_tables_count(t.root), 7U);
    t.insert(ip(10, 0, 2, 0), 24);
    EXPECT_EQ(art_tables_count(t.root), 7U);
    t.remove(1);
    EXPECT_EQ(art_tables_count(t.root), 5U);
    EXPECT_EQ(art_match(t.root, ip(10, 0, 2, 2))->an_plen, 24);
    t.remove(1);
    EXPECT_EQ(art_tables_count(t.root), 1U);
    EXPECT_EQ(art_match(t.root, ip(10, 0, 2, 2))->an_plen, 8);
}

TEST(art, agrees_with_a_linear_scan_under_random_changes) {
    for (uint64_t seed = 1; seed <= 4; ++seed) {
        both t;
        random_numbers random(seed);
        for (int step = 0; step < 10000; ++step) {
            const uint32_t key = near_key(random);
            const auto plen = static_cast<uint8_t>(random.below(33));
            if (t.size() > 150 || (t.size() > 0 && random.below(5) < 2)) {
                t.remove(random.below(static_cast<uint32_t>(t.size())));
            } else {
                const bool fresh = t.linear_lookup(key, plen) == nullptr;
                ASSERT_EQ(t.insert(key, plen), fresh);
            }
            const uint32_t probe = near_key(random);
            ASSERT_EQ(art_match(t.root, probe), t.linear_match(probe)) << "step " << step;
            ASSERT_EQ(art_match(t.root, key), t.linear_match(key)) << "step " << step;
            ASSERT_EQ(art_lookup_locked(t.root, probe, plen), t.linear_lookup(probe, plen));
        }
        while (t.size() > 0) {
            t.remove(t.size() - 1);
        }
        EXPECT_EQ(art_tables_count(t.root), 1U);
    }
}

// ---- readers beside the writer ------------------------------------------------------------------

namespace {

struct dead {
    kern::smr_entry smr;
    art_node* node = nullptr;
    art_table* tables = nullptr;
};

void dead_free(void* argument) {
    auto* d = static_cast<dead*>(argument);
    art_tables_free(d->tables);
    delete d->node;
    delete d;
}

// What never changes while readers look: each address is covered by one of these at least.
constexpr prefix constant[] = {{0, 0}, {ip(10, 0, 0, 0), 8}, {ip(10, 1, 0, 0), 18}};

art_node* make_node(uint32_t key, uint8_t plen) {
    auto* an = new art_node;
    an->an_key = key & plen_to_mask(plen);
    an->an_plen = plen;
    return an;
}

void change_at_random(art_root& root, kern::smr_state& smr, unsigned steps) {
    random_numbers random(77);
    std::vector<art_node*> changing;
    for (unsigned step = 0; step < steps || !changing.empty(); ++step) {
        if (step < steps && (changing.empty() || random.below(2) == 0)) {
            const uint32_t key = ip(10, 1, random.below(256), random.below(256));
            art_node* an = make_node(key, static_cast<uint8_t>(19 + random.below(14)));
            if (art_insert_locked(root, *an) == an) {
                changing.push_back(an);
            } else {
                delete an;
            }
            continue;
        }
        const size_t n = random.below(static_cast<uint32_t>(changing.size()));
        auto* d = new dead;
        d->node = changing[n];
        changing.erase(changing.begin() + static_cast<long>(n));
        d->tables = art_delete_locked(root, *d->node);
        kern::smr_call(smr, d->smr, dead_free, d);
    }
}

}  // namespace

TEST(art, readers_beside_a_writer_always_find_a_covering_prefix) {
    kern::smr_state smr(4);
    smr.start();
    art_root root;
    std::vector<std::unique_ptr<art_node>> kept;
    for (const prefix& p : constant) {
        kept.emplace_back(make_node(p.key, p.plen));
        ASSERT_EQ(art_insert_locked(root, *kept.back()), kept.back().get());
    }
    std::atomic<bool> done{false};
    model_test::together(0, 4, [&](unsigned cpu) {
        if (cpu == 0) {
            change_at_random(root, smr, 20000);
            done.store(true);
            return;
        }
        random_numbers random(cpu);
        // The writer may be through before a reader has begun: each reads a few times at least.
        for (unsigned reads = 0; reads < 1000 || !done.load(std::memory_order_relaxed); ++reads) {
            const bool inside = random.below(4) != 0;
            const uint32_t key =
                inside ? ip(10, 1, random.below(64), random.below(256)) : random.next();
            kern::smr_read_enter(smr);
            const art_node* an = art_match(root, key);
            ASSERT_NE(an, nullptr);
            EXPECT_TRUE(covers(*an, key));
            EXPECT_GE(an->an_plen, inside ? 18 : 0);
            kern::smr_read_leave(smr);
        }
    });
    smr.stop();
    EXPECT_EQ(art_tables_count(root), 4U);
}
