// choices.h - the choices of one execution, appended to at every step.
// Source:  ours: a vector's growth in the subject's name would take memory from the arena, and its
//          checks cost more than the store.
// Shapes:  a byte a choice: a context id, or choice_is_data and an alternative.
// Locks:   none.
// Errors:  none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sim {

// The choices of one execution, to be taken again.
struct recorded_choices : std::vector<uint8_t> {
    using std::vector<uint8_t>::vector;
    uint32_t visible = 0;  // how many locations were visible: there are scheduling points at them
};

class choice_list {
  public:
    choice_list() { grow(); }
    choice_list(const choice_list&) = delete;
    choice_list& operator=(const choice_list&) = delete;

    void push_back(uint8_t choice) {
        if (__builtin_expect(size_ == capacity_, 0)) {
            grow();
        }
        data_[size_++] = choice;
    }
    void resize(size_t size) { size_ = static_cast<uint32_t>(size); }  // only to shrink
    [[nodiscard]] size_t size() const { return size_; }
    [[nodiscard]] const uint8_t* begin() const { return data_; }
    [[nodiscard]] const uint8_t* end() const { return data_ + size_; }
    [[nodiscard]] recorded_choices recorded() const;

  private:
    void grow();

    uint8_t* data_ = nullptr;
    uint32_t size_ = 0;
    uint32_t capacity_ = 0;
};

}  // namespace sim
