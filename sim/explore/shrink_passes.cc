#include "sim/explore/shrink_passes.h"

#include <algorithm>

#include "sim/explore/reorder.h"

namespace sim {

namespace {

std::vector<run_block>::iterator at(std::vector<run_block>& blocks, size_t i) {
    return blocks.begin() + static_cast<std::ptrdiff_t>(i);
}

block_schedule without(const block_schedule& s, size_t begin, size_t end) {
    block_schedule shorter = s;
    shorter.blocks.erase(at(shorter.blocks, begin), at(shorter.blocks, end));
    return shorter;
}

// The block's steps are done by the block of the same context before it; empty if there is none.
block_schedule merged_backwards(const block_schedule& s, size_t i) {
    block_schedule shorter = s;
    for (size_t j = i; j-- > 0;) {
        if (shorter.blocks[j].context == shorter.blocks[i].context) {
            shorter.blocks[j].until = shorter.blocks[i].until;
            shorter.blocks.erase(at(shorter.blocks, i));
            return shorter;
        }
    }
    return {};
}

// Places at which a context stood in the course of an execution.
std::vector<place> places_of(const std::vector<trail_step>& trail, uint8_t context) {
    std::vector<place> all;
    for (const trail_step& s : trail) {
        if (s.context == context) {
            all.push_back(s.where);
        }
    }
    return all;
}

bool remove_by(failing_runs& runs, size_t size) {
    bool shorter = false;
    for (size_t i = 0; i < runs.best().blocks.size() && !runs.exhausted();) {
        const size_t end = std::min(i + size, runs.best().blocks.size());
        if (runs.improves(without(runs.best(), i, end)) ||
            (size == 1 && runs.improves(merged_backwards(runs.best(), i)))) {
            shorter = true;
        } else {
            i += size;
        }
    }
    return shorter;
}

}  // namespace

bool reorder_pass(failing_runs& runs) {
    const std::vector<run_block> blocks = with_few_preemptions(runs.trail(), runs.stands());
    return !blocks.empty() && runs.improves({blocks, runs.best().picks});
}

bool leave_contexts_pass(failing_runs& runs) {
    bool shorter = false;
    for (unsigned c = 0; c < contexts_max; ++c) {
        block_schedule rest = runs.best();
        std::erase_if(rest.blocks, [&](const run_block& b) { return b.context == c; });
        if (rest.blocks.size() != runs.best().blocks.size()) {
            shorter |= runs.improves(rest);
        }
    }
    return shorter;
}

bool remove_blocks_pass(failing_runs& runs) {
    bool shorter = false;
    for (size_t size = runs.best().blocks.size() / 2; size > 1; size /= 2) {
        shorter |= remove_by(runs, size);
    }
    while (!runs.exhausted() && remove_by(runs, 1)) {
        shorter = true;
    }
    return shorter;
}

bool first_alternatives_pass(failing_runs& runs) {
    bool shorter = false;
    for (size_t i = 0; i < runs.best().picks.size();) {
        block_schedule s = runs.best();
        s.picks.erase(s.picks.begin() + static_cast<std::ptrdiff_t>(i));
        if (runs.improves(s)) {
            shorter = true;
        } else {
            ++i;
        }
    }
    return shorter;
}

namespace {

// Every other place for one block's end, in a schedule that lacks a preemption.
bool try_places(failing_runs& runs, const block_schedule& s, size_t block) {
    const uint32_t before = runs.cost().preemptions;
    for (const place& p : places_of(runs.trail(), s.blocks[block].context)) {
        block_schedule other = s;
        other.blocks[block].until = p;
        if (runs.improves(other) && runs.cost().preemptions < before) {
            return true;
        }
        if (runs.exhausted()) {
            return false;
        }
    }
    return false;
}

}  // namespace

bool exchange_pass(failing_runs& runs) {
    const block_schedule from = runs.best();
    for (size_t i = 0; i < from.blocks.size(); ++i) {
        for (block_schedule s : {without(from, i, i + 1), merged_backwards(from, i)}) {
            for (size_t k = 0; k < s.blocks.size(); ++k) {
                if (try_places(runs, s, k)) {
                    return true;
                }
                if (runs.exhausted()) {
                    return false;
                }
            }
        }
    }
    return false;
}

namespace {

// All ends of a context's blocks, moved to earlier places by the same distance; false: one has none.
bool move_ends(block_schedule& s, uint8_t context, const std::vector<place>& places,
               size_t distance) {
    for (run_block& b : s.blocks) {
        if (b.context != context || b.until.pc == 0) {
            continue;
        }
        const auto here = std::find(places.begin(), places.end(), b.until);
        if (here == places.end() || static_cast<size_t>(here - places.begin()) < distance) {
            return false;
        }
        b.until = *(here - static_cast<std::ptrdiff_t>(distance));
    }
    return true;
}

// The farthest first.
bool move_context(failing_runs& runs, uint8_t context) {
    const std::vector<place> places = places_of(runs.trail(), context);
    for (size_t distance = places.size(); distance > 0 && !runs.exhausted(); --distance) {
        block_schedule s = runs.best();
        if (move_ends(s, context, places, distance) && s != runs.best() && runs.keeps(s)) {
            return true;
        }
    }
    return false;
}

bool move_one(failing_runs& runs, size_t block) {
    const run_block b = runs.best().blocks[block];
    for (const place& p : places_of(runs.trail(), b.context)) {
        if (p == b.until || runs.exhausted()) {
            return false;
        }
        block_schedule s = runs.best();
        s.blocks[block].until = p;
        if (runs.keeps(s)) {
            return true;
        }
    }
    return false;
}

}  // namespace

bool earliest_places_pass(failing_runs& runs) {
    bool moved = false;
    for (uint8_t c = 0; c < contexts_max; ++c) {
        moved |= move_context(runs, c);
    }
    for (size_t i = 0; i < runs.best().blocks.size(); ++i) {
        moved |= runs.best().blocks[i].until.pc != 0 && move_one(runs, i);
    }
    return moved;
}

}  // namespace sim
