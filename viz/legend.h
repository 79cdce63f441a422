// legend.h - what stands above and below the rows of a picture: title, counts, replay command, key.
// Shapes:  adds boxes and lines to a scene and widens it; y grows down.
// Locks:   none.
// Errors:  none.
#pragma once

#include "sim/trace/trace.h"
#include "viz/scene.h"
#include "viz/story.h"

namespace viz {

// Adds the title at the top left; returns the y below it.
double add_title(scene& to, const sim::trace& t, const story& s, double margin);

// What is explained only where it is drawn.
struct legend_keys {
    bool reads = false;     // by a memory model
    bool stale = false;     // some of an old value
    bool not_seen = false;  // writes that were not
};
// Adds the key at `y`; returns the y below it.
double add_legend(scene& to, double left, double y, const legend_keys& keys);

}  // namespace viz
