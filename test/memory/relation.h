// relation.h - relations between few events, as rows of bits.
// Source:  ours; the operators are those in which memory models are written down.
// Shapes:  at most events_max events, by number.
// Locks:   none.
// Errors:  none.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace sim::test {

class relation {
  public:
    static constexpr size_t events_max = 64;

    explicit relation(size_t n) : size_(n) {}

    // [S]: each event of which `holds` says yes, with itself.
    template <typename Predicate>
    static relation each(size_t n, Predicate holds) {
        relation r(n);
        for (size_t a = 0; a < n; ++a) {
            if (holds(a)) {
                r.add(a, a);
            }
        }
        return r;
    }

    // The pairs of which `holds` says yes.
    template <typename Predicate>
    static relation pairs(size_t n, Predicate holds) {
        relation r(n);
        for (size_t a = 0; a < n; ++a) {
            for (size_t b = 0; b < n; ++b) {
                if (holds(a, b)) {
                    r.add(a, b);
                }
            }
        }
        return r;
    }

    void add(size_t a, size_t b) { rows_[a] |= uint64_t{1} << b; }
    [[nodiscard]] bool has(size_t a, size_t b) const { return (rows_[a] >> b & 1) != 0; }
    [[nodiscard]] size_t size() const { return size_; }

    friend relation operator|(relation a, const relation& b) {
        for (size_t i = 0; i < a.size(); ++i) {
            a.rows_[i] |= b.rows_[i];
        }
        return a;
    }
    friend relation operator&(relation a, const relation& b) {
        for (size_t i = 0; i < a.size(); ++i) {
            a.rows_[i] &= b.rows_[i];
        }
        return a;
    }
    friend relation operator-(relation a, const relation& b) {
        for (size_t i = 0; i < a.size(); ++i) {
            a.rows_[i] &= ~b.rows_[i];
        }
        return a;
    }
    // Composition: first a, then b.
    friend relation operator*(const relation& a, const relation& b) {
        relation r(a.size());
        for (size_t i = 0; i < a.size(); ++i) {
            for (size_t k = 0; k < a.size(); ++k) {
                if (a.has(i, k)) {
                    r.rows_[i] |= b.rows_[k];
                }
            }
        }
        return r;
    }
    friend bool operator==(const relation& a, const relation& b) { return a.rows_ == b.rows_; }

    [[nodiscard]] relation inverse() const {
        return pairs(size(), [&](size_t a, size_t b) { return has(b, a); });
    }
    // r?
    [[nodiscard]] relation or_same() const {
        return *this | each(size(), [](size_t) { return true; });
    }
    // r+
    [[nodiscard]] relation plus() const {
        relation r = *this;
        for (size_t k = 0; k < size(); ++k) {
            for (size_t i = 0; i < size(); ++i) {
                if (r.has(i, k)) {
                    r.rows_[i] |= r.rows_[k];
                }
            }
        }
        return r;
    }
    // r*
    [[nodiscard]] relation star() const { return plus().or_same(); }

    [[nodiscard]] bool irreflexive() const {
        for (size_t a = 0; a < size(); ++a) {
            if (has(a, a)) {
                return false;
            }
        }
        return true;
    }
    [[nodiscard]] bool acyclic() const { return plus().irreflexive(); }

  private:
    size_t size_;
    std::array<uint64_t, events_max> rows_ = {};
};

}  // namespace sim::test
