// picture.h - where everything of an event graph stands: the story laid out as boxes and lines.
// Shapes:  see scene.h; one lane per CPU, then changes of state and the note of the finding.
// Locks:   none; pure function.
// Errors:  none.
#pragma once

#include "sim/trace/trace.h"
#include "viz/phrase.h"
#include "viz/scene.h"
#include "viz/story.h"

namespace viz {

// `s` must be told from `t`, without rows for calls.
scene picture_of(const sim::trace& t, const story& s, const plumbing_files& plumbing);

}  // namespace viz
