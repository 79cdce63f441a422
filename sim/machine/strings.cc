// Memory and string functions as the subject calls them (the linker's --wrap): the ranges that they
// touch are checked and logged, then libc does the work.
#include <strings.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "sim/machine/access.h"
#include "sim/machine/interpose.h"

namespace {

void reads(const void* p, size_t size, uint64_t pc) {
    sim::access_range(p, size, false, pc);
}
void writes(const void* p, size_t size, uint64_t pc) {
    sim::access_range(p, size, true, pc);
}

// A string and its terminator are read. The length is found without hooks: a string in bad memory is
// reported for its first byte before it is looked at.
size_t reads_string(const char* s, uint64_t pc) {
    reads(s, 1, pc);
    size_t n = std::strlen(s);
    reads(s, n + 1, pc);
    return n;
}

size_t reads_bounded(const char* s, size_t max, uint64_t pc) {
    size_t n = strnlen(s, max);
    reads(s, n < max ? n + 1 : n, pc);
    return n;
}

int print_to(char* to, size_t size, bool bounded, const char* format, va_list arguments,
             uint64_t pc) {
    reads_string(format, pc);
    va_list again;
    va_copy(again, arguments);
    int n = std::vsnprintf(nullptr, 0, format, again);
    va_end(again);
    if (n < 0) {
        return n;
    }
    size_t written = static_cast<size_t>(n) + 1;
    if (bounded && written > size) {
        written = size;
    }
    writes(to, written, pc);
    return std::vsnprintf(to, bounded ? size : written, format, arguments);
}

}  // namespace

extern "C" {

void* __wrap_memcpy(void* to, const void* from, size_t n) {
    reads(from, n, HEDDLE_CALLER);
    writes(to, n, HEDDLE_CALLER);
    return std::memcpy(to, from, n);
}

void* __wrap_memmove(void* to, const void* from, size_t n) {
    reads(from, n, HEDDLE_CALLER);
    writes(to, n, HEDDLE_CALLER);
    return std::memmove(to, from, n);
}

void* __wrap_mempcpy(void* to, const void* from, size_t n) {
    reads(from, n, HEDDLE_CALLER);
    writes(to, n, HEDDLE_CALLER);
    return static_cast<char*>(std::memcpy(to, from, n)) + n;
}

void* __wrap_memset(void* to, int value, size_t n) {
    writes(to, n, HEDDLE_CALLER);
    return std::memset(to, value, n);
}

void __wrap_bzero(void* to, size_t n) {
    writes(to, n, HEDDLE_CALLER);
    std::memset(to, 0, n);
}

void __wrap_bcopy(const void* from, void* to, size_t n) {
    reads(from, n, HEDDLE_CALLER);
    writes(to, n, HEDDLE_CALLER);
    std::memmove(to, from, n);
}

int __wrap_memcmp(const void* a, const void* b, size_t n) {
    reads(a, n, HEDDLE_CALLER);
    reads(b, n, HEDDLE_CALLER);
    return std::memcmp(a, b, n);
}

int __wrap_bcmp(const void* a, const void* b, size_t n) {
    reads(a, n, HEDDLE_CALLER);
    reads(b, n, HEDDLE_CALLER);
    return std::memcmp(a, b, n);
}

void* __wrap_memchr(const void* p, int value, size_t n) {
    const void* at = std::memchr(p, value, n);
    reads(p, at != nullptr ? sim::address_of(at) - sim::address_of(p) + 1 : n, HEDDLE_CALLER);
    return const_cast<void*>(at);
}

void* __wrap_memrchr(const void* p, int value, size_t n) {
    reads(p, n, HEDDLE_CALLER);
    return const_cast<void*>(memrchr(p, value, n));
}

void* __wrap_rawmemchr(const void* p, int value) {
    const void* at = rawmemchr(p, value);
    reads(p, sim::address_of(at) - sim::address_of(p) + 1, HEDDLE_CALLER);
    return const_cast<void*>(at);
}

size_t __wrap_strlen(const char* s) {
    return reads_string(s, HEDDLE_CALLER);
}
size_t __wrap_strnlen(const char* s, size_t n) {
    return reads_bounded(s, n, HEDDLE_CALLER);
}

int __wrap_strcmp(const char* a, const char* b) {
    reads_string(a, HEDDLE_CALLER);
    reads_string(b, HEDDLE_CALLER);
    return std::strcmp(a, b);
}

int __wrap_strncmp(const char* a, const char* b, size_t n) {
    reads_bounded(a, n, HEDDLE_CALLER);
    reads_bounded(b, n, HEDDLE_CALLER);
    return std::strncmp(a, b, n);
}

int __wrap_strcasecmp(const char* a, const char* b) {
    reads_string(a, HEDDLE_CALLER);
    reads_string(b, HEDDLE_CALLER);
    return strcasecmp(a, b);
}

int __wrap_strncasecmp(const char* a, const char* b, size_t n) {
    reads_bounded(a, n, HEDDLE_CALLER);
    reads_bounded(b, n, HEDDLE_CALLER);
    return strncasecmp(a, b, n);
}

char* __wrap_strchr(const char* s, int value) {
    reads_string(s, HEDDLE_CALLER);
    return const_cast<char*>(std::strchr(s, value));
}

char* __wrap_strrchr(const char* s, int value) {
    reads_string(s, HEDDLE_CALLER);
    return const_cast<char*>(std::strrchr(s, value));
}

char* __wrap_strstr(const char* s, const char* what) {
    reads_string(s, HEDDLE_CALLER);
    reads_string(what, HEDDLE_CALLER);
    return const_cast<char*>(std::strstr(s, what));
}

char* __wrap_strcpy(char* to, const char* from) {
    writes(to, reads_string(from, HEDDLE_CALLER) + 1, HEDDLE_CALLER);
    return std::strcpy(to, from);
}

char* __wrap_stpcpy(char* to, const char* from) {
    writes(to, reads_string(from, HEDDLE_CALLER) + 1, HEDDLE_CALLER);
    return stpcpy(to, from);
}

char* __wrap_strncpy(char* to, const char* from, size_t n) {
    size_t length = reads_bounded(from, n, HEDDLE_CALLER);
    writes(to, n, HEDDLE_CALLER);
    std::memset(to, 0, n);
    std::memcpy(to, from, length);
    return to;
}

char* __wrap_strcat(char* to, const char* from) {
    size_t at = reads_string(to, HEDDLE_CALLER);
    writes(to + at, reads_string(from, HEDDLE_CALLER) + 1, HEDDLE_CALLER);
    return std::strcat(to, from);
}

char* __wrap_strncat(char* to, const char* from, size_t n) {
    size_t at = reads_string(to, HEDDLE_CALLER);
    size_t length = reads_bounded(from, n, HEDDLE_CALLER);
    writes(to + at, length + 1, HEDDLE_CALLER);
    std::memcpy(to + at, from, length);
    to[at + length] = '\0';
    return to;
}

int __wrap_vsnprintf(char* to, size_t size, const char* format, va_list arguments) {
    return print_to(to, size, true, format, arguments, HEDDLE_CALLER);
}

int __wrap_vsprintf(char* to, const char* format, va_list arguments) {
    return print_to(to, 0, false, format, arguments, HEDDLE_CALLER);
}

int __wrap_snprintf(char* to, size_t size, const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int n = print_to(to, size, true, format, arguments, HEDDLE_CALLER);
    va_end(arguments);
    return n;
}

int __wrap_sprintf(char* to, const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int n = print_to(to, 0, false, format, arguments, HEDDLE_CALLER);
    va_end(arguments);
    return n;
}

}  // extern "C"
