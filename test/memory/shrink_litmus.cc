#include "test/memory/shrink_litmus.h"

#include <utility>

namespace sim::test {

namespace {

// Without the operation, and with what named the others by number.
litmus_thread without_one(const litmus_thread& thread, size_t left_out) {
    litmus_thread rest;
    const int number = static_cast<int>(left_out);
    for (size_t i = 0; i < thread.size(); ++i) {
        litmus_op op = thread[i];
        if (i == left_out || (op.kind == litmus_kind::skip && op.from == number)) {
            continue;
        }
        op.from = op.from == number ? -1 : op.from - (op.from > number ? 1 : 0);
        rest.push_back(op);
    }
    return rest;
}

// A lock is left out with its unlock; an unlock, or something that a skip needs, is not: empty.
litmus_thread without(const litmus_thread& thread, size_t left_out) {
    const litmus_op& op = thread[left_out];
    litmus_thread rest = thread;
    if (op.kind == litmus_kind::unlock) {
        return {};
    }
    if (op.kind == litmus_kind::lock) {
        size_t end = left_out + 1;
        while (thread[end].kind != litmus_kind::unlock || thread[end].location != op.location) {
            ++end;
        }
        rest = without_one(rest, end);
    }
    const size_t before = rest.size();
    rest = without_one(rest, left_out);
    return rest.size() + 1 == before ? rest : litmus_thread{};
}

std::vector<litmus_program> smaller(const litmus_program& program) {
    std::vector<litmus_program> all;
    const auto add = [&](size_t thread, litmus_thread other) {
        litmus_program p = program;
        p[thread] = std::move(other);
        if (p[thread].empty()) {
            p.erase(p.begin() + static_cast<long>(thread));
        }
        if (!p.empty()) {
            all.push_back(std::move(p));
        }
    };
    for (size_t t = 0; t < program.size(); ++t) {
        add(t, {});
    }
    for (size_t t = 0; t < program.size(); ++t) {
        for (size_t i = 0; i < program[t].size(); ++i) {
            const litmus_thread rest = without(program[t], i);
            if (!rest.empty()) {
                add(t, rest);
            }
        }
    }
    for (size_t t = 0; t < program.size(); ++t) {
        for (size_t i = 0; i < program[t].size(); ++i) {
            litmus_thread plain = program[t];
            if (plain[i].order != litmus_order::relaxed && plain[i].kind != litmus_kind::fence &&
                !is_lock(plain[i]) && plain[i].kind != litmus_kind::await) {
                plain[i].order = plain[i].failure = litmus_order::relaxed;
                add(t, plain);
            }
            if (plain[i].kind == litmus_kind::store && plain[i].from >= 0) {
                plain[i].from = -1;
                add(t, plain);
            }
        }
    }
    return all;
}

}  // namespace

litmus_program shrunk(litmus_program program,
                      const std::function<bool(const litmus_program&)>& shows) {
    for (bool smaller_one = true; smaller_one;) {
        smaller_one = false;
        for (const litmus_program& p : smaller(program)) {
            if (shows(p)) {
                program = p;
                smaller_one = true;
                break;
            }
        }
    }
    return program;
}

}  // namespace sim::test
