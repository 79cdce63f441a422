// token.h - strategies that follow a token, and that write one down.
// Source:  token_text.h says what a token is.
// Shapes:  a position is (context, source function, occurrence), counted as an execution goes on.
// Locks:   none.
// Errors:  what cannot be followed is counted, the default rule holds there.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "sim/explore/token_text.h"
#include "sim/machine/machine.h"

namespace sim {

// Its locations become visible; with the subject loaded and set up. False: one does not exist.
[[nodiscard]] bool make_visible(const token& t, std::string& error);

// Where contexts stand, counted as an execution goes on.
class positions {
  public:
    void clear() {
        counts_.clear();
        witnesses_.clear();
    }
    // The current context has arrived at its next operation.
    deviation arrived(uint8_t context, bool data);

  private:
    std::map<std::pair<std::string, std::string>, uint32_t> counts_;
    std::map<std::tuple<std::string, std::string, std::string, uint32_t>, uint32_t> witnesses_;
};

// The function of the subject's own text in which a context stands: library headers are skipped.
std::string source_function(const context& c);

// Who is called so; contexts_max if nobody is yet.
unsigned context_called(const std::string& name);

// Follows a token. Wherever it says nothing the default rule holds.
class token_strategy final : public strategy {
  public:
    explicit token_strategy(std::vector<deviation> deviations)
        : deviations_(std::move(deviations)) {}
    bool begin() override;
    uint8_t choose(const choice_view& view) override;
    uint32_t pick(const choice_view& view, uint32_t n) override;
    [[nodiscard]] bool wants_forced() const override { return true; }
    // Deviations that could not be followed: the subject has changed too much. 0: all were.
    [[nodiscard]] size_t not_followed() const { return deviations_.size() - followed_; }

  private:
    std::vector<deviation> deviations_;
    positions positions_;
    size_t followed_ = 0;
};

// Follows a list of choices and writes down where it leaves the default rule.
class token_writer final : public strategy {
  public:
    explicit token_writer(recorded_choices choices) : choices_(std::move(choices)) {}
    bool begin() override;
    uint8_t choose(const choice_view& view) override;
    uint32_t pick(const choice_view& view, uint32_t n) override;
    [[nodiscard]] bool wants_forced() const override { return true; }
    [[nodiscard]] const std::vector<deviation>& deviations() const { return deviations_; }
    [[nodiscard]] std::vector<std::string> visible() const;
    [[nodiscard]] bool diverged() const { return diverged_; }

  private:
    recorded_choices choices_;
    std::vector<deviation> deviations_;
    positions positions_;
    size_t at_ = 0;
    bool diverged_ = false;
};

}  // namespace sim
