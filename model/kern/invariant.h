// invariant.h - why an invariant does not hold, in words.
// Shapes:  an invariant is a function for heddle_invariant: what it notes is told with the finding.
// Locks:   none.
// Errors:  none.
#pragma once

namespace model::kern {

// Says, in the words of printf, what does not fit; 0, as of an invariant that does not hold.
[[gnu::format(printf, 1, 2)]] int broken(const char* format, ...);

}  // namespace model::kern
