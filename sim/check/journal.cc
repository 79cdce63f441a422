#include "sim/check/journal.h"

namespace sim {

namespace {

std::vector<journal_entry> entries;
std::vector<uint8_t> bytes;

}  // namespace

void journal_log(void (*undo)(void*, size_t, const void*), void* of, size_t index,
                 const void* before, size_t size) {
    entries.push_back({undo, of, index, bytes.size()});
    const auto* from = static_cast<const uint8_t*>(before);
    bytes.insert(bytes.end(), from, from + size);
}

size_t journal_mark() {
    return entries.size();
}

void journal_undo(size_t mark) {
    while (entries.size() > mark) {
        const journal_entry e = entries.back();
        e.undo(e.of, e.index, bytes.data() + e.before);
        bytes.resize(e.before);
        entries.pop_back();
    }
}

}  // namespace sim
