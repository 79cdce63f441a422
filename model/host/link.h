// link.h - a cable from one router of this process to another: what is written at one end is read at the other.
// Source:  ours.
// Shapes:  a queue each way, of at most link_frames_max frames that have not been read.
// Locks:   [Q] the queue's mutex, a leaf: taken with the mutex of a wire. The receive thread takes all that has come at once.
// Errors:  a frame for which the queue has no room is lost.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "model/host/cable.h"

namespace model::host {

inline constexpr size_t link_frames_max = 512;

// Both ends, each with the name of the other. They may go in any order.
[[nodiscard]] std::pair<std::unique_ptr<cable>, std::unique_ptr<cable>> make_link(
    const std::string& left, const std::string& right);

}  // namespace model::host
