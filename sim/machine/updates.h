// updates.h - what atomic updates make of a value.
// Source:  the hooks of -fsanitize=thread; annotate.h for what is alike.
// Shapes:  apply(old, operand) is the new value; `alike` is what an update commutes with whose result nobody looks at.
// Locks:   none; pure functions.
// Errors:  none.
#pragma once

#include "sim/machine/operation.h"

namespace sim {

struct operation_exchange {
    static constexpr update_meaning alike = update_plain;
    template <typename T>
    static T apply(T, T v) {
        return v;
    }
};
#define HEDDLE_OPERATION(name, meaning, expression)      \
    struct operation_##name {                            \
        static constexpr update_meaning alike = meaning; \
        template <typename T>                            \
        static T apply(T old, T v) {                     \
            return static_cast<T>(expression);           \
        }                                                \
    };
HEDDLE_OPERATION(fetch_add, update_adds, old + v)
HEDDLE_OPERATION(fetch_sub, update_adds, old - v)
HEDDLE_OPERATION(fetch_and, update_ands, old& v)
HEDDLE_OPERATION(fetch_or, update_ors, old | v)
HEDDLE_OPERATION(fetch_xor, update_xors, old ^ v)
HEDDLE_OPERATION(fetch_nand, update_plain, ~(old& v))
#undef HEDDLE_OPERATION

}  // namespace sim
