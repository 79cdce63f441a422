// subject_prefix.h - read by g++ before a subject's own text.
// Source:  g++ expands __builtin_memcpy and its kin of constant size without any hook, -fno-builtin
//          or not; the headers of the standard library use these names. clang keeps them as calls.
// Shapes:  the names become calls of the functions that --wrap catches. Constant evaluation keeps
//          the built-in where the standard library evaluates it (memcmp).
#ifndef HEDDLE_SUBJECT_PREFIX_H
#define HEDDLE_SUBJECT_PREFIX_H

#ifdef __cplusplus
#define HEDDLE_NOTHROW noexcept(true)
extern "C" {
#else
#define HEDDLE_NOTHROW
#endif

#if defined(__cplusplus) && __cplusplus < 201103L
#undef HEDDLE_NOTHROW
#define HEDDLE_NOTHROW throw()
#endif

void* heddle_call_memcpy(void*, const void*, __SIZE_TYPE__) HEDDLE_NOTHROW __asm__("memcpy");
void* heddle_call_memmove(void*, const void*, __SIZE_TYPE__) HEDDLE_NOTHROW __asm__("memmove");
void* heddle_call_memset(void*, int, __SIZE_TYPE__) HEDDLE_NOTHROW __asm__("memset");
int heddle_call_memcmp(const void*, const void*, __SIZE_TYPE__) HEDDLE_NOTHROW __asm__("memcmp");

#ifdef __cplusplus
}
#endif
#undef HEDDLE_NOTHROW

// Variadic, because an argument may hold a comma that is not in parentheses: sizeof(pair<A, B>).
#define __builtin_memcpy(...) heddle_call_memcpy(__VA_ARGS__)
#define __builtin_memmove(...) heddle_call_memmove(__VA_ARGS__)
#define __builtin_memset(...) heddle_call_memset(__VA_ARGS__)
#ifdef __cplusplus
#define __builtin_memcmp(...)                                          \
    (__builtin_is_constant_evaluated() ? __builtin_memcmp(__VA_ARGS__) \
                                       : heddle_call_memcmp(__VA_ARGS__))
#else
#define __builtin_memcmp(...) heddle_call_memcmp(__VA_ARGS__)
#endif

#endif
