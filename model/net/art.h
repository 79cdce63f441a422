// art.h - allotment routing table: longest-prefix match for readers without locks.
// Source:  Y. Hariguchi, "Allotment Routing Table"; names after OpenBSD net/art.c.
// Shapes:  IPv4 in 7 levels of strides 8, 4, 4, 4, 4, 4, 4. A table of stride s is a heap of
//          2^(s+1) entries: 0 counts what is in the table, 1 is its default (what the parent's slot
//          held before the table was hung there), the upper half are fringe slots. A slot is
//          empty, a node, or, on the fringe, a child table marked by its lowest bit.
// Locks:   [S] the owner's lock to write, SMR to read  [C] the owner's lock  [I] immutable
//          [a] written with the owner's lock, read by anybody
// Errors:  none; art_insert returns the node that was there.
#pragma once

#include <atomic>
#include <cstdint>

#include "model/kern/smr_ptr.h"

namespace model::net {

struct rtentry;
struct art_table;

inline constexpr unsigned art_levels = 7;
inline constexpr uint8_t art_strides[art_levels] = {8, 4, 4, 4, 4, 4, 4};
inline constexpr uint8_t art_key_length = 32;

// A destination: a prefix and what hangs on it.
struct art_node {
    uint32_t an_key = 0;                // [I] host order, masked
    uint8_t an_plen = 0;                // [I]
    kern::smr_ptr<rtentry*> an_rtlist;  // [S] routes to it, best priority first
    art_table* an_table = nullptr;      // [C] where it stands
    unsigned an_index = 0;              // [C]
};

using art_slot = uintptr_t;

union art_heap_entry {
    art_heap_entry() : slot() {}
    kern::smr_ptr<art_slot> slot;  // [S] entries 1 and up
    uintptr_t count;               // [C] entry 0: nodes and child tables in the table
};

struct art_table {
    art_table* at_parent = nullptr;     // [I] null: the root
    unsigned at_index = 0;              // [I] the parent's slot it hangs in
    uint8_t at_level = 0;               // [I]
    uint8_t at_bits = 0;                // [I] stride
    uint8_t at_offset = 0;              // [I] bits of the key before this table
    art_table* at_dead_next = nullptr;  // [C] list of unlinked tables
    art_heap_entry* at_heap = nullptr;  // [I]
};

struct art_root {
    art_root();
    ~art_root();  // frees the tables; nodes are the owner's
    art_root(const art_root&) = delete;
    art_root& operator=(const art_root&) = delete;

    art_table* ar_root;                    // [I]
    std::atomic<uint64_t> ar_inserted{0};  // [a] insertions that are complete
};

// Longest prefix that covers `key`, at some moment between call and return; null if none did. In an SMR read section.
[[nodiscard]] art_node* art_match(const art_root& root, uint32_t key);

// Exactly this prefix; null if it is not there. By writers.
[[nodiscard]] art_node* art_lookup_locked(const art_root& root, uint32_t key, uint8_t plen);

// Hangs the node in. A reader sees the old or the new covering node for each address while that
// goes on. Returns the node, or the one that stands there already.
art_node* art_insert_locked(art_root& root, art_node& node);

// Takes the node out. Tables that became empty are unlinked and returned as a list (at_dead_next):
// they, and the node, may be freed after a grace period.
[[nodiscard]] art_table* art_delete_locked(art_root& root, art_node& node);

// Frees a list of tables.
void art_tables_free(art_table* dead);

// Number of tables, the root included. For tests; runs alone.
[[nodiscard]] unsigned art_tables_count(const art_root& root);

}  // namespace model::net
