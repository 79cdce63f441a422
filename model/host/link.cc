#include "model/host/link.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <vector>

#include "model/kern/assert.h"

namespace model::host {

namespace {

using frames = std::vector<std::vector<uint8_t>>;

// One way.
class queue {
  public:
    queue() : filled_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
        kern::kassert(filled_ >= 0, "link: no descriptor is free");
    }
    ~queue() { close(filled_); }
    queue(const queue&) = delete;
    queue& operator=(const queue&) = delete;

    [[nodiscard]] int filled() const { return filled_; }

    bool put(const uint8_t* frame, size_t length) {
        const std::lock_guard lock(mtx_);
        if (waiting_.size() == link_frames_max) {
            return false;
        }
        waiting_.emplace_back(frame, frame + length);
        if (waiting_.size() == 1) {
            const uint64_t one = 1;
            kern::kassert(::write(filled_, &one, sizeof one) == sizeof one, "link: eventfd");
        }
        return true;
    }

    // All that waits, in exchange for `empty`.
    void take(frames& empty) {
        const std::lock_guard lock(mtx_);
        waiting_.swap(empty);
        uint64_t count = 0;
        (void)!::read(filled_, &count, sizeof count);
    }

  private:
    const int filled_;  // readable while something waits
    std::mutex mtx_;
    frames waiting_;  // [Q]
};

class link_end final : public cable {
  public:
    link_end(std::shared_ptr<queue> in, std::shared_ptr<queue> out, std::string name)
        : in_(std::move(in)), out_(std::move(out)), name_(std::move(name)) {}

    long read(uint8_t* frame, size_t size) override {
        if (next_ == taken_.size()) {
            taken_.clear();
            next_ = 0;
            in_->take(taken_);
            if (taken_.empty()) {
                return 0;
            }
        }
        const std::vector<uint8_t>& from = taken_[next_++];
        const size_t length = std::min(size, from.size());
        std::memcpy(frame, from.data(), length);
        return static_cast<long>(length);
    }
    bool write(const uint8_t* frame, size_t length) override { return out_->put(frame, length); }

    [[nodiscard]] int descriptor() const override { return in_->filled(); }
    [[nodiscard]] const std::string& name() const override { return name_; }

  private:
    const std::shared_ptr<queue> in_;
    const std::shared_ptr<queue> out_;
    const std::string name_;
    frames taken_;     // the reader's alone
    size_t next_ = 0;  // the same: of those the first that has not been read
};

}  // namespace

std::pair<std::unique_ptr<cable>, std::unique_ptr<cable>> make_link(const std::string& left,
                                                                    const std::string& right) {
    const auto forth = std::make_shared<queue>();
    const auto back = std::make_shared<queue>();
    return {std::make_unique<link_end>(back, forth, right),
            std::make_unique<link_end>(forth, back, left)};
}

}  // namespace model::host
