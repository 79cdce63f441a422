// The allotment routing table with the prefixes of a full table, in small: against a linear scan, and with readers
// beside a writer. In full size it is measured, and compared with a binary trie, in test/bench.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "model/kern/smr.h"
#include "model/net/art.h"
#include "model/net/route.h"
#include "test/model/full_table.h"
#include "test/model/together.h"

namespace kern = model::kern;
using namespace model::net;
using namespace model_test;

namespace {

bool covers(const table_prefix& p, uint32_t key) {
    return ((p.key ^ key) & plen_to_mask(p.plen)) == 0;
}

// The length of the longest prefix among prefixes[first..] that covers it; -1: none does.
int linear_length(const std::vector<table_prefix>& prefixes, size_t first, uint32_t key) {
    int longest = -1;
    for (size_t n = first; n < prefixes.size(); ++n) {
        if (prefixes[n].plen > longest && covers(prefixes[n], key)) {
            longest = prefixes[n].plen;
        }
    }
    return longest;
}

int length_of(const art_node* an, uint32_t key) {
    EXPECT_TRUE(an == nullptr || covers({an->an_key, an->an_plen}, key));
    return an == nullptr ? -1 : an->an_plen;
}

std::unique_ptr<art_node> node_of(const table_prefix& p) {
    auto an = std::make_unique<art_node>();
    an->an_key = p.key;
    an->an_plen = p.plen;
    return an;
}

}  // namespace

TEST(art_full_table, agrees_with_a_linear_scan) {
    const std::vector<table_prefix> prefixes = full_table(10000, 1);
    std::vector<std::unique_ptr<art_node>> nodes;
    art_root root;
    for (const table_prefix& p : prefixes) {
        nodes.push_back(node_of(p));
        ASSERT_EQ(art_insert_locked(root, *nodes.back()), nodes.back().get());
    }
    // All, then without the first half, then without any.
    random_numbers random(2);
    size_t gone = 0;
    unsigned found = 0;
    for (const size_t first : {size_t{0}, prefixes.size() / 2, prefixes.size()}) {
        for (; gone < first; ++gone) {
            art_tables_free(art_delete_locked(root, *nodes[gone]));
        }
        for (int probe = 0; probe < 300; ++probe) {
            const table_prefix& near =
                prefixes[random.below(static_cast<uint32_t>(prefixes.size()))];
            const uint32_t inside = near.key | (random.next() & ~plen_to_mask(near.plen));
            const uint32_t key = probe % 2 == 0 ? inside : full_table_address(random);
            const int length = linear_length(prefixes, first, key);
            ASSERT_EQ(length_of(art_match(root, key), key), length);
            found += length >= 0 ? 1 : 0;
        }
    }
    EXPECT_GT(found, 200U);
    EXPECT_EQ(art_tables_count(root), 1U);
}

namespace {

struct dead {
    kern::smr_entry smr;
    std::unique_ptr<art_node> node;
    art_table* tables = nullptr;
};

void dead_free(void* argument) {
    const std::unique_ptr<dead> d(static_cast<dead*>(argument));
    art_tables_free(d->tables);
}

// Takes prefixes out and puts them in again, those from `first` on.
void churn(art_root& root, kern::smr_state& smr, const std::vector<table_prefix>& prefixes,
           std::vector<std::unique_ptr<art_node>>& nodes, size_t first) {
    random_numbers random(3);
    for (unsigned step = 0; step < 8000; ++step) {
        const size_t n = first + random.below(static_cast<uint32_t>(prefixes.size() - first));
        if (nodes[n] == nullptr) {
            nodes[n] = node_of(prefixes[n]);
            ASSERT_EQ(art_insert_locked(root, *nodes[n]), nodes[n].get());
            continue;
        }
        auto* d = new dead;
        d->node = std::move(nodes[n]);
        d->tables = art_delete_locked(root, *d->node);
        kern::smr_call(smr, d->smr, dead_free, d);
    }
}

}  // namespace

TEST(art_full_table, readers_beside_a_writer_find_what_stays_or_better) {
    std::vector<table_prefix> prefixes = full_table(3000, 4);
    prefixes[0] = {0, 0};
    const size_t staying = 1000;
    std::vector<std::unique_ptr<art_node>> nodes;
    art_root root;
    for (const table_prefix& p : prefixes) {
        nodes.push_back(node_of(p));
        ASSERT_EQ(art_insert_locked(root, *nodes.back()), nodes.back().get());
    }
    const std::vector<table_prefix> kept(prefixes.begin(), prefixes.begin() + staying);
    kern::smr_state smr(3);
    smr.start();
    std::atomic<bool> done{false};
    together(0, 3, [&](unsigned cpu) {
        if (cpu == 0) {
            churn(root, smr, prefixes, nodes, staying);
            done.store(true);
            return;
        }
        random_numbers random(cpu);
        for (unsigned reads = 0; reads < 500 || !done.load(std::memory_order_relaxed); ++reads) {
            const table_prefix& near =
                prefixes[random.below(static_cast<uint32_t>(prefixes.size()))];
            const uint32_t key = near.key | (random.next() & ~plen_to_mask(near.plen));
            const int at_least = linear_length(kept, 0, key);
            kern::smr_read_enter(smr);
            EXPECT_GE(length_of(art_match(root, key), key), at_least);
            kern::smr_read_leave(smr);
        }
    });
    smr.stop();
}
