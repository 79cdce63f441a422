#include "sim/check/lock_order.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/check/call_sites.h"
#include "sim/check/describe.h"
#include "sim/check/journal.h"
#include "sim/machine/cpus.h"
#include "sim/machine/memory.h"
#include "sim/machine/names.h"
#include "sim/machine/record.h"
#include "sim/program/symbols.h"

namespace sim {

namespace {

struct held_lock {
    uint64_t lock;
    uint32_t calls;
    uint8_t context;
    lock_mode mode;
};

struct named_object {
    uint64_t object;
    uint32_t name;
    bool is_class;  // of heddle_lock_class
};

journalled_list<held_lock> held;
journalled_list<named_object> names;

// "em1 tx" is of the class of "em0 tx".
std::string without_numbers(const std::string& name) {
    std::string text;
    for (const char c : name) {
        if (c < '0' || c > '9') {
            text += c;
        }
    }
    while (!text.empty() && text.back() == ' ') {
        text.pop_back();
    }
    return text.empty() ? name : text;
}

std::string with_offset(const std::string& name, uint64_t offset) {
    return offset == 0 ? name : fmt::format("{}+{}", name, offset);
}

// The name given nearest before the address, in the same block.
const named_object* named_or_null(uint64_t address, const block* b) {
    const named_object* best = nullptr;
    for (const named_object& n : names) {
        const bool inside = b != nullptr && !n.is_class && n.object >= b->address;
        const bool covers = n.object == address || (inside && n.object < address);
        if (covers && (best == nullptr || n.object >= best->object)) {
            best = &n;
        }
    }
    return best;
}

std::string class_of(uint64_t lock) {
    const block* b = find_block_or_null(lock);
    b = b != nullptr && lock < b->address + b->size ? b : nullptr;
    if (const named_object* n = named_or_null(lock, b); n != nullptr) {
        const std::string& name = text_of(n->name);
        return n->is_class ? name : with_offset(without_numbers(name), lock - n->object);
    }
    if (b == nullptr) {
        return without_numbers(describe_address(lock));
    }
    return with_offset("lock allocated" + place_of_calls(fmt::format("{:x}", b->allocated_pc)),
                       lock - b->address);
}

char letter_of(lock_mode mode) {
    return mode == lock_mode::shared ? 's' : 'x';
}

class lock_order_checker : public checker {
  public:
    void forget() override {
        learned_.clear();
        seen_ = seen_hashes();
    }
    void teach(lessons& all) const override { merge_lessons(all, learned_); }

    void named(const context&, uint64_t object, const char* name) override {
        names.push_back({object, number_of_text(name), false});
    }
    void said(const context&, const rule_event& e) override {
        if (e.word == rule_word::lock_class) {
            names.push_back({e.object, number_of_text(e.text), true});
        }
    }
    void wants(const context& c, const lock_event& e) override {
        if (!g.choosing || e.tried) {
            return;
        }
        if (e.sleeps && e.mode == lock_mode::exclusive) {
            learn_writer(e);
        }
        for (const held_lock& h : held) {
            if (h.context == c.id) {
                learn_edge(c, h, e);
            }
        }
    }
    void acquired(const context& c, const lock_event& e) override {
        held.push_back({e.lock, calls_here(c, e.pc), c.id, e.mode});
    }
    void released(const context& c, const lock_event& e) override {
        for (size_t i = held.size(); i-- > 0;) {
            if (held[i].lock == e.lock && held[i].context == c.id) {
                held.erase(i);
                return;
            }
        }
    }
    void ended(execution_end end) override {
        if (end == execution_end::deadlock) {
            learn_deadlock();
        }
    }

  private:
    // What the seen hash of an object must tell apart.
    static uint64_t identity(uint64_t lock) {
        const block* b = find_block_or_null(lock);
        return lock ^ (b != nullptr ? b->allocated_pc << 20 : 0);
    }

    void learn_writer(const lock_event& e) {
        if (seen_.add(mixed(1, identity(e.lock)))) {
            add_lesson(learned_, "writer\t" + class_of(e.lock), "");
        }
    }

    void learn_edge(const context& c, const held_lock& h, const lock_event& e) {
        uint64_t hash = mixed(mixed(2, identity(h.lock)), identity(e.lock));
        hash = mixed(hash, uint64_t{h.calls} << 32 | calls_here(c, e.pc));
        hash = mixed(hash, uint64_t{c.id} << 3 | uint64_t{e.prefers_writers} << 2 |
                               static_cast<uint64_t>(h.mode) << 1 | static_cast<uint64_t>(e.mode));
        for (const held_lock& guard : held) {
            if (guard.context == c.id && guard.lock != h.lock) {
                hash = mixed(hash, identity(guard.lock));
            }
        }
        if (seen_.add(hash)) {
            add_edge(c, h, e);
        }
    }

    void add_edge(const context& c, const held_lock& h, const lock_event& e) {
        std::vector<std::string> guards;
        for (const held_lock& guard : held) {
            if (guard.context == c.id && guard.lock != h.lock && guard.lock != e.lock) {
                guards.push_back(fmt::format("{}@{:x}", class_of(guard.lock), guard.lock));
            }
        }
        std::sort(guards.begin(), guards.end());
        const auto [from, to] = nodes_of(h.lock, e.lock);
        const std::string modes = fmt::format("{}{}{}", letter_of(h.mode), letter_of(e.mode),
                                              e.prefers_writers ? "w" : "-");
        add_lesson(
            learned_,
            joined({"edge", from, to, modes, name_of_context(c.id), joined(guards, '|')}, '\t'),
            calls_as_text(calls_of(h.calls)) + "\t" + calls_as_text(calls_of(calls_here(c, e.pc))));
    }

    // Classes, or the locks themselves if they are of one class.
    static std::pair<std::string, std::string> nodes_of(uint64_t from, uint64_t to) {
        const std::string a = class_of(from);
        const std::string b = class_of(to);
        return a != b ? std::make_pair(a, b)
                      : std::make_pair(one_of_class(a, from), one_of_class(b, to));
    }

    static std::string one_of_class(const std::string& name, uint64_t lock) {
        const std::string address = describe_address(lock);
        return address == name ? name : fmt::format("{} ({})", name, address);
    }

    // The lock that it waits for; 0: it waits for something else.
    static uint64_t wanted_by(const context& c) {
        const operation& op = awaited_by(c);
        const bool locks =
            op.kind == op_kind::lock || op.kind == op_kind::rdlock || op.kind == op_kind::wrlock;
        const bool again = op.kind == op_kind::cond_resume && (c.signalled || c.timed_out);
        return locks || again ? op.object : 0;
    }

    void learn_deadlock() {
        std::vector<std::string> edges;
        for (const held_lock& h : held) {
            const context& c = g.contexts[h.context];
            const uint64_t wanted = c.state == context_state::live ? wanted_by(c) : 0;
            if (wanted != 0) {
                const auto [from, to] = nodes_of(h.lock, wanted);
                edges.push_back(from + ">" + to);
            }
        }
        std::sort(edges.begin(), edges.end());
        if (!edges.empty()) {
            add_lesson(learned_, "deadlock\t" + joined(edges, '\t'), "");
        }
    }

    lessons learned_;
    seen_hashes seen_;
};

}  // namespace

checker& lock_order() {
    static lock_order_checker all;
    return all;
}

}  // namespace sim
