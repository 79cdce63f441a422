// smr_ptr.h - a pointer that is read in read sections and written under a lock.
// Source:  SMR_PTR_GET(9), SMR_PTR_GET_LOCKED(9), SMR_PTR_SET_LOCKED(9) of OpenBSD.
// Shapes:  also for tagged values of the size of a pointer.
// Locks:   [S] written under the owner's lock, read in an SMR read section or under that lock.
// Errors:  none.
#pragma once

namespace model::kern {

template <typename T>
class smr_ptr {
  public:
    smr_ptr() = default;
    explicit smr_ptr(T value) : value_(value) {}
    smr_ptr(const smr_ptr&) = delete;
    smr_ptr& operator=(const smr_ptr&) = delete;

    // In a read section. The store of a writer and this load take part in the one order of
    // sequentially consistent accesses that smr_barrier depends on.
    [[nodiscard]] T get() const { return __atomic_load_n(&value_, __ATOMIC_SEQ_CST); }

    // By a writer: nobody else writes, so this needs no atomic.
    [[nodiscard]] T get_locked() const { return value_; }

    // By a writer: what it points at is complete before anybody sees it.
    void set_locked(T value) { __atomic_store_n(&value_, value, __ATOMIC_SEQ_CST); }

    // Before the object that contains it is published.
    void init(T value) { value_ = value; }

  private:
    T value_{};
};

}  // namespace model::kern
