#include "model/net/art.h"

#include "model/kern/assert.h"
#include "model/net/object_name.h"
#include "model/net/route.h"
#include "sim/annotate.h"

namespace model::net {

namespace {

constexpr art_slot table_tag = 1;

bool is_table(art_slot slot) {
    return (slot & table_tag) != 0;
}
art_table* slot_table(art_slot slot) {
    return reinterpret_cast<art_table*>(slot - table_tag);
}
art_slot table_slot(const art_table* at) {
    return reinterpret_cast<art_slot>(at) + table_tag;
}
art_node* slot_node(art_slot slot) {
    return reinterpret_cast<art_node*>(slot);
}
art_slot node_slot(const art_node* an) {
    return reinterpret_cast<art_slot>(an);
}

// The bits of the key that a table looks at.
unsigned local_key(const art_table& at, uint32_t key) {
    const unsigned shift = art_key_length - at.at_offset - at.at_bits;
    return key >> shift & ((1U << at.at_bits) - 1);
}

unsigned fringe_index(const art_table& at, uint32_t key) {
    return local_key(at, key) + (1U << at.at_bits);
}

unsigned base_index(const art_table& at, uint32_t key, uint8_t plen) {
    const unsigned local_length = plen - at.at_offset;
    return (local_key(at, key) >> (at.at_bits - local_length)) + (1U << local_length);
}

bool is_fringe(const art_table& at, unsigned index) {
    return index >= 1U << at.at_bits;
}

// Whether a prefix of that length stands in this table and not in a child.
bool ends_in(const art_table& at, uint8_t plen) {
    return plen <= at.at_offset + at.at_bits;
}

// A table that nobody sees yet; its default is what the parent's slot holds.
art_table* table_make(art_table* parent, unsigned index, art_slot slot, uint32_t key) {
    auto* at = new art_table;
    at->at_parent = parent;
    at->at_index = index;
    at->at_level = static_cast<uint8_t>(parent == nullptr ? 0 : parent->at_level + 1);
    at->at_bits = art_strides[at->at_level];
    at->at_offset =
        static_cast<uint8_t>(parent == nullptr ? 0 : parent->at_offset + parent->at_bits);
    at->at_heap = new art_heap_entry[2U << at->at_bits];
    at->at_heap[0].count = 0;
    at->at_heap[1].slot.init(slot);
    const uint32_t above = key & plen_to_mask(at->at_offset);
    heddle_name(at->at_heap, name_of("ART table", above, at->at_offset).text);
    return at;
}

void table_free(art_table* at) {
    delete[] at->at_heap;
    delete at;
}

// With all its children.
void table_free_deep(art_table* at) {
    for (unsigned i = 1U << at->at_bits; i < 2U << at->at_bits; ++i) {
        const art_slot slot = at->at_heap[i].slot.get_locked();
        if (is_table(slot)) {
            table_free_deep(slot_table(slot));
        }
    }
    table_free(at);
}

// Wherever `old_slot` is what covers addresses below `index`, `new_slot` does from now on. A slot
// with something else belongs to a longer prefix, and so does everything below it.
void art_allot(art_table& at, unsigned index, art_slot old_slot, art_slot new_slot) {
    kern::smr_ptr<art_slot>& here = at.at_heap[index].slot;
    const art_slot slot = here.get_locked();
    if (is_table(slot)) {
        kern::smr_ptr<art_slot>& fallback = slot_table(slot)->at_heap[1].slot;
        if (fallback.get_locked() == old_slot) {
            fallback.set_locked(new_slot);
        }
        return;
    }
    if (slot != old_slot) {
        return;
    }
    here.set_locked(new_slot);
    // Entry 1 is looked at where nothing stands below it: what it covers need not be told.
    if (index != 1 && !is_fringe(at, index)) {
        art_allot(at, 2 * index, old_slot, new_slot);
        art_allot(at, 2 * index + 1, old_slot, new_slot);
    }
}

// The table in which the prefix stands, with its parents; makes what is missing.
art_table* table_for(art_root& root, uint32_t key, uint8_t plen) {
    art_table* at = root.ar_root;
    while (!ends_in(*at, plen)) {
        const unsigned index = fringe_index(*at, key);
        const art_slot slot = at->at_heap[index].slot.get_locked();
        if (is_table(slot)) {
            at = slot_table(slot);
            continue;
        }
        art_table* child = table_make(at, index, slot, key);
        at->at_heap[index].slot.set_locked(table_slot(child));
        ++at->at_heap[0].count;
        at = child;
    }
    return at;
}

// What the slot holds for a prefix that ends there.
art_slot slot_value(const art_table& at, unsigned index) {
    const art_slot slot = at.at_heap[index].slot.get_locked();
    return is_table(slot) ? slot_table(slot)->at_heap[1].slot.get_locked() : slot;
}

// Unlinks tables that have become empty, from this one upwards; a parent's slot gets back what the
// table was hung over.
art_table* unlink_empty(art_table* at) {
    art_table* dead = nullptr;
    while (at->at_heap[0].count == 0 && at->at_parent != nullptr) {
        art_table* parent = at->at_parent;
        parent->at_heap[at->at_index].slot.set_locked(at->at_heap[1].slot.get_locked());
        --parent->at_heap[0].count;
        at->at_dead_next = dead;
        dead = at;
        at = parent;
    }
    return dead;
}

}  // namespace

art_root::art_root() : ar_root(table_make(nullptr, 0, 0, 0)) {}

art_root::~art_root() {
    table_free_deep(ar_root);
}

namespace {

// The table on the way of the key that has no child there, and what its slot holds.
art_slot descend(const art_root& root, uint32_t key, const art_table** where) {
    const art_table* at = root.ar_root;
    art_slot slot = at->at_heap[fringe_index(*at, key)].slot.get();
    while (is_table(slot)) {
        at = slot_table(slot);
        slot = at->at_heap[fringe_index(*at, key)].slot.get();
    }
    *where = at;
    return slot;
}

// What stands above that table, nearest first.
art_slot default_above(const art_table* at) {
    art_slot slot = at->at_heap[1].slot.get();
    while (slot == 0 && at->at_parent != nullptr) {
        at = at->at_parent;
        slot = at->at_heap[1].slot.get();
    }
    return slot;
}

}  // namespace

// Each answer is the right one at some moment of the lookup, however many changes overtake it.
//
// A change takes effect for an address with the store to one word of its way; an unlinked table stays as it was then, all
// its slots empty. So a node in a slot is right when it is read. An answer from above is made of several reads: the slot
// and the defaults up to it were empty, each when it was read. Deletions leave empty what is empty, so they still are when
// the last one is read (or when that table was unlinked). Only an insertion fills something behind the reader's back, and
// does harm only if another change follows it, which empties or replaces what the reader comes to. Then ar_inserted is
// another, and the reader looks again. The reader that sees what followed sees the number, too: the store of each slot
// releases it. One insertion may be under way still: nothing follows it yet, and its word was read before or after it.
//
// It ends: each further round is paid for by an insertion that was completed meanwhile.
art_node* art_match(const art_root& root, uint32_t key) {
    uint64_t inserted = root.ar_inserted.load(std::memory_order_acquire);
    for (;;) {
        const art_table* at = nullptr;
        art_slot slot = descend(root, key, &at);
        if (slot != 0) {
            return slot_node(slot);
        }
        slot = default_above(at);
        const uint64_t now = root.ar_inserted.load(std::memory_order_acquire);
        if (now == inserted) {
            return slot_node(slot);
        }
        inserted = now;
    }
}

art_node* art_lookup_locked(const art_root& root, uint32_t key, uint8_t plen) {
    const art_table* at = root.ar_root;
    while (!ends_in(*at, plen)) {
        const art_slot slot = at->at_heap[fringe_index(*at, key)].slot.get_locked();
        if (!is_table(slot)) {
            return nullptr;
        }
        at = slot_table(slot);
    }
    // An allotted slot holds a shorter prefix.
    art_node* an = slot_node(slot_value(*at, base_index(*at, key, plen)));
    return an != nullptr && an->an_plen == plen ? an : nullptr;
}

art_node* art_insert_locked(art_root& root, art_node& node) {
    art_table* at = table_for(root, node.an_key, node.an_plen);
    const unsigned index = base_index(*at, node.an_key, node.an_plen);
    const art_slot covering = slot_value(*at, index);
    if (covering != 0 && slot_node(covering)->an_plen == node.an_plen) {
        return slot_node(covering);
    }
    node.an_table = at;
    node.an_index = index;
    ++at->at_heap[0].count;
    art_allot(*at, index, covering, node_slot(&node));
    // Behind it, and before anything else changes (art_match).
    root.ar_inserted.fetch_add(1, std::memory_order_release);
    return &node;
}

art_table* art_delete_locked(art_root& root, art_node& node) {
    art_table* at = node.an_table;
    kern::kassert(art_lookup_locked(root, node.an_key, node.an_plen) == &node,
                  "art_delete: not in the table");
    const unsigned parent = node.an_index >> 1;
    const art_slot next = parent > 1 ? at->at_heap[parent].slot.get_locked() : 0;
    art_allot(*at, node.an_index, node_slot(&node), next);
    --at->at_heap[0].count;
    node.an_table = nullptr;
    return unlink_empty(at);
}

void art_tables_free(art_table* dead) {
    while (dead != nullptr) {
        art_table* next = dead->at_dead_next;
        table_free(dead);
        dead = next;
    }
}

namespace {

unsigned tables_below(const art_table& at) {
    unsigned count = 1;
    for (unsigned i = 1U << at.at_bits; i < 2U << at.at_bits; ++i) {
        const art_slot slot = at.at_heap[i].slot.get_locked();
        count += is_table(slot) ? tables_below(*slot_table(slot)) : 0;
    }
    return count;
}

}  // namespace

unsigned art_tables_count(const art_root& root) {
    return tables_below(*root.ar_root);
}

}  // namespace model::net
