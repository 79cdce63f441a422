// number.cc - reading numbers out of text, with hooks for the text and the end pointer.
// Source:  the C library's functions do the work (__real_); asm labels make the linker's --wrap
//          names.
// Shapes:  every byte up to and including the one that stopped the scan counts as read.
#include <cstddef>

extern "C" void __tsan_read_range(const void*, size_t);

#define HEDDLE_NUMBER(type, name, parameters, arguments)                  \
    type real_##name parameters __asm__("__real_" #name);                 \
    type wrap_##name parameters __asm__("__wrap_" #name);                 \
    type wrap_##name parameters {                                         \
        char* stopped = nullptr;                                          \
        char** const wanted = end;                                        \
        end = &stopped;                                                   \
        const type value = real_##name arguments;                         \
        __tsan_read_range(text, static_cast<size_t>(stopped - text) + 1); \
        if (wanted != nullptr) {                                          \
            *wanted = stopped;                                            \
        }                                                                 \
        return value;                                                     \
    }

HEDDLE_NUMBER(long, strtol, (const char* text, char** end, int base), (text, end, base))
HEDDLE_NUMBER(unsigned long, strtoul, (const char* text, char** end, int base), (text, end, base))
HEDDLE_NUMBER(long long, strtoll, (const char* text, char** end, int base), (text, end, base))
HEDDLE_NUMBER(unsigned long long, strtoull, (const char* text, char** end, int base),
              (text, end, base))
HEDDLE_NUMBER(double, strtod, (const char* text, char** end), (text, end))
HEDDLE_NUMBER(float, strtof, (const char* text, char** end), (text, end))
