// journal.h - what checkers remember of an execution, put back when the machine is.
// Source:  ours: an undo log for host memory, as snapshot.cc has one for the subject's.
// Shapes:  a change is logged with what was there before; a mark is a length of the log.
// Locks:   none.
// Errors:  none. Values outlive the log: they are globals.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <vector>

namespace sim {

// Taken back: called with what was given with it.
struct journal_entry {
    void (*undo)(void* of, size_t index, const void* before);
    void* of;
    size_t index;
    size_t before;  // where the bytes from before are kept
};

void journal_log(void (*undo)(void*, size_t, const void*), void* of, size_t index,
                 const void* before, size_t size);
size_t journal_mark();
void journal_undo(size_t mark);

template <typename Value>
class journalled {
    static_assert(std::is_trivially_copyable_v<Value>);

  public:
    journalled() = default;
    explicit journalled(const Value& value) : value_(value) {}
    [[nodiscard]] const Value& get() const { return value_; }
    void set(const Value& value) {
        journal_log(put_back, this, 0, &value_, sizeof value_);
        value_ = value;
    }

  private:
    static void put_back(void* of, size_t, const void* before) {
        std::memcpy(&static_cast<journalled*>(of)->value_, before, sizeof(Value));
    }
    Value value_{};
};

template <typename Value>
class journalled_list {
    static_assert(std::is_trivially_copyable_v<Value>);

  public:
    [[nodiscard]] size_t size() const { return values_.size(); }
    [[nodiscard]] bool empty() const { return values_.empty(); }
    [[nodiscard]] const Value& operator[](size_t i) const { return values_[i]; }
    [[nodiscard]] const Value& back() const { return values_.back(); }
    [[nodiscard]] auto begin() const { return values_.begin(); }
    [[nodiscard]] auto end() const { return values_.end(); }
    void push_back(const Value& value) {
        journal_log(take_off, this, 0, nullptr, 0);
        values_.push_back(value);
    }
    void set(size_t i, const Value& value) {
        journal_log(put_back, this, i, &values_[i], sizeof(Value));
        values_[i] = value;
    }
    void erase(size_t i) {
        journal_log(put_in, this, i, &values_[i], sizeof(Value));
        values_.erase(values_.begin() + static_cast<std::ptrdiff_t>(i));
    }

  private:
    static Value from(const void* bytes) {
        Value value;
        std::memcpy(&value, bytes, sizeof value);
        return value;
    }
    static void take_off(void* of, size_t, const void*) {
        static_cast<journalled_list*>(of)->values_.pop_back();
    }
    static void put_back(void* of, size_t i, const void* before) {
        static_cast<journalled_list*>(of)->values_[i] = from(before);
    }
    static void put_in(void* of, size_t i, const void* before) {
        auto& values = static_cast<journalled_list*>(of)->values_;
        values.insert(values.begin() + static_cast<std::ptrdiff_t>(i), from(before));
    }
    std::vector<Value> values_;
};

}  // namespace sim
