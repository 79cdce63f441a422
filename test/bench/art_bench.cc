// The allotment routing table with 500,000 prefixes of a full table beside a plain binary trie: lookups, bytes, changes.
// Every lookup that is timed is compared, too.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <vector>

#include "model/net/art.h"
#include "model/net/route.h"
#include "test/model/full_table.h"

namespace {

using namespace model::net;
using model_test::full_table;
using model_test::random_numbers;
using model_test::table_prefix;

constexpr size_t prefixes_many = 500000;
constexpr size_t lookups_many = 4000000;

double processor_seconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

// One node a bit, no compression: what a textbook does first. Nodes stand in one array, so that nothing but their
// number counts.
class binary_trie {
  public:
    binary_trie() : nodes_(1) {}

    void insert(const table_prefix& p) {
        uint32_t at = 0;
        for (unsigned bit = 0; bit < p.plen; ++bit) {
            uint32_t next = nodes_[at].child[p.key >> (31 - bit) & 1];
            if (next == 0) {
                next = take();
                nodes_[at].child[p.key >> (31 - bit) & 1] = next;
            }
            at = next;
        }
        nodes_[at].plen = static_cast<int8_t>(p.plen);
    }

    // Nodes that lead nowhere any more go.
    void remove(const table_prefix& p) {
        uint32_t path[33] = {};
        for (unsigned bit = 0; bit < p.plen; ++bit) {
            path[bit + 1] = nodes_[path[bit]].child[p.key >> (31 - bit) & 1];
        }
        nodes_[path[p.plen]].plen = -1;
        for (unsigned depth = p.plen; depth > 0 && is_empty(nodes_[path[depth]]); --depth) {
            nodes_[path[depth - 1]].child[p.key >> (32 - depth) & 1] = 0;
            free_.push_back(path[depth]);
        }
    }

    [[nodiscard]] int match(uint32_t key) const {
        int longest = -1;
        uint32_t at = 0;
        for (unsigned bit = 0;; ++bit) {
            longest = nodes_[at].plen >= 0 ? nodes_[at].plen : longest;
            at = bit < 32 ? nodes_[at].child[key >> (31 - bit) & 1] : 0;
            if (at == 0) {
                return longest;
            }
        }
    }

    [[nodiscard]] size_t bytes() const { return (nodes_.size() - free_.size()) * sizeof(node); }

  private:
    struct node {
        uint32_t child[2] = {};
        int8_t plen = -1;  // of the prefix that ends here; -1: none does
    };
    static bool is_empty(const node& n) { return n.plen < 0 && n.child[0] == 0 && n.child[1] == 0; }
    uint32_t take() {
        if (free_.empty()) {
            nodes_.emplace_back();
            return static_cast<uint32_t>(nodes_.size() - 1);
        }
        const uint32_t at = free_.back();
        free_.pop_back();
        nodes_[at] = {};
        return at;
    }

    std::vector<node> nodes_;
    std::vector<uint32_t> free_;
};

// Of a table and all below it: what was asked of the allocator.
size_t bytes_of(const art_table& at) {
    const size_t slots = size_t{2} << at.at_bits;
    size_t bytes = sizeof(art_table) + slots * sizeof(art_heap_entry);
    for (size_t i = slots / 2; i < slots; ++i) {
        const art_slot slot = at.at_heap[i].slot.get_locked();
        bytes += (slot & 1) != 0 ? bytes_of(*reinterpret_cast<art_table*>(slot - 1)) : 0;
    }
    return bytes;
}

void print(const char* what, double art, double trie, const char* unit) {
    std::printf("%-28s %12.2f %12.2f  %-16s %6.2f\n", what, art, trie, unit, art / trie);
}

template <typename Body>
double timed(const Body& body) {
    const double begin = processor_seconds();
    body();
    return processor_seconds() - begin;
}

template <typename Match>
std::vector<int8_t> answers(const std::vector<uint32_t>& keys, double* seconds,
                            const Match& match) {
    std::vector<int8_t> found(keys.size());
    *seconds = timed([&] {
        for (size_t n = 0; n < keys.size(); ++n) {
            found[n] = static_cast<int8_t>(match(keys[n]));
        }
    });
    return found;
}

void compare_lookups(const char* what, const art_root& root, const binary_trie& trie,
                     const std::vector<uint32_t>& keys) {
    double art_seconds = 0;
    double trie_seconds = 0;
    const auto art = answers(keys, &art_seconds, [&](uint32_t key) {
        const art_node* an = art_match(root, key);
        return an == nullptr ? -1 : an->an_plen;
    });
    const auto plain = answers(keys, &trie_seconds, [&](uint32_t key) { return trie.match(key); });
    if (art != plain) {
        std::fprintf(stderr, "%s: the two do not agree\n", what);
        std::exit(1);
    }
    const auto many = static_cast<double>(keys.size()) / 1e6;
    print(what, many / art_seconds, many / trie_seconds, "million a second");
}

// Addresses that prefixes cover, and addresses from the same space.
std::vector<uint32_t> keys_for(const std::vector<table_prefix>& prefixes, bool covered) {
    random_numbers random(7);
    std::vector<uint32_t> keys(lookups_many);
    for (uint32_t& key : keys) {
        const table_prefix& p = prefixes[random.below(static_cast<uint32_t>(prefixes.size()))];
        key = covered ? p.key | (random.next() & ~plen_to_mask(p.plen))
                      : model_test::full_table_address(random);
    }
    return keys;
}

}  // namespace

int main() {
    const std::vector<table_prefix> prefixes = full_table(prefixes_many, 1);
    std::vector<std::unique_ptr<art_node>> nodes;
    for (const table_prefix& p : prefixes) {
        nodes.push_back(std::make_unique<art_node>());
        nodes.back()->an_key = p.key;
        nodes.back()->an_plen = p.plen;
    }
    art_root root;
    binary_trie trie;
    const auto many = static_cast<double>(prefixes_many);
    std::printf("%-28s %12s %12s  %-16s %6s\n", "500,000 prefixes", "ART", "binary trie", "",
                "ratio");
    const double art_insert = timed([&] {
        for (const auto& an : nodes) {
            (void)art_insert_locked(root, *an);
        }
    });
    const double trie_insert = timed([&] {
        for (const table_prefix& p : prefixes) {
            trie.insert(p);
        }
    });
    print("insert", art_insert * 1e9 / many, trie_insert * 1e9 / many, "ns");
    const auto art_bytes =
        static_cast<double>(bytes_of(*root.ar_root) + prefixes_many * sizeof(art_node));
    print("bytes a prefix", art_bytes / many, static_cast<double>(trie.bytes()) / many, "bytes");
    compare_lookups("lookup of what is covered", root, trie, keys_for(prefixes, true));
    compare_lookups("lookup of any address", root, trie, keys_for(prefixes, false));
    const double art_delete = timed([&] {
        for (const auto& an : nodes) {
            art_tables_free(art_delete_locked(root, *an));
        }
    });
    const double trie_delete = timed([&] {
        for (const table_prefix& p : prefixes) {
            trie.remove(p);
        }
    });
    print("delete", art_delete * 1e9 / many, trie_delete * 1e9 / many, "ns");
    return art_tables_count(root) == 1 ? 0 : 1;
}
