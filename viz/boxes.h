// boxes.h - how each kind of row looks in a picture: its text, colours and size, not yet its place.
// Shapes:  boxes without id, x and y; colours are shared with the legend.
// Locks:   none; pure functions of the trace.
// Errors:  none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/trace/trace.h"
#include "viz/phrase.h"
#include "viz/scene.h"
#include "viz/story.h"

namespace viz {

inline constexpr const char* blue = "#2f5fa8";       // happens before
inline constexpr const char* pale_blue = "#b5bfcd";  // the same, of folded steps
inline constexpr const char* green = "#1e8449";      // takes a value of what does not happen before
inline constexpr const char* brown = "#a0522d";      // a write that was not seen
inline constexpr const char* grey = "#6d7684";       // program order
inline constexpr const char* orange = "#e07b00";     // evidence
inline constexpr const char* red = "#c8102e";        // finding
inline constexpr const char* purple = "#a03fa0";     // preemption
inline constexpr const char* yellow = "#d8c667";     // change of state
inline constexpr const char* lane_fill = "#f3f5f8";

// What a box stands for; decides its colours.
enum class look : uint8_t { step, fold, remark, blocked, change, evidence, finding_step, finding };
void dress(scene_box& box, look as);

// The place of a frame as a link, relative to the root of the sources; a line for each frame.
std::string url_of(const sim::trace_frame& frame);
std::string stack_text(const std::vector<sim::trace_frame>& stack);

// Sets width and height from the text.
void fit(scene_box& box);

// Puts a line of text below what a picture has so far, `margin` from its left edge, and makes the picture as large.
void put_text(scene& picture, double margin, const std::string& id, const std::string& line,
              double size, bool bold);

class box_maker {
  public:
    // Both must outlive the maker.
    box_maker(const sim::trace& t, const plumbing_files& plumbing);

    [[nodiscard]] std::string name_of(uint32_t context) const;

    [[nodiscard]] scene_box header(uint32_t cpu, const std::vector<uint32_t>& contexts) const;
    // `tag` names the context where several share a lane.
    [[nodiscard]] scene_box event(const story_row& row, const std::string& tag) const;
    [[nodiscard]] scene_box fold(const story_row& row, const fold_part& part,
                                 const std::string& tag) const;
    [[nodiscard]] scene_box finding(const story_row& row) const;
    [[nodiscard]] scene_box note(const story_row& row) const;     // tells why, beside the finding
    [[nodiscard]] scene_box changes(const story_row& row) const;  // of state, beside the row
    [[nodiscard]] scene_box preempted() const;  // the mark in the column that was left
    [[nodiscard]] static scene_box label(const std::string& text, const char* ink);  // of an arrow

  private:
    [[nodiscard]] std::string tooltip(const sim::trace_event& event) const;

    const sim::trace& t_;
    const plumbing_files& plumbing_;
    bool orders_tell_ = false;  // somebody reads what another wrote, by a memory model
};

}  // namespace viz
