#include "model/kern/invariant.h"

#include <cstdarg>
#include <cstdio>

#include "sim/annotate.h"

namespace model::kern {

int broken(const char* format, ...) {
    char text[160];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    heddle_note(text);
    return 0;
}

}  // namespace model::kern
