// factor.h - what three.patch changes.
#pragma once

inline int factor() {
    return 2;
}
