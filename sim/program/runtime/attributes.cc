// attributes.cc - pthread's attribute objects, written under hooks.
// Source:  pthread.h; what is in such an object is libc's business, so libc's functions work on a copy
//          (__real_) that is then assigned. asm labels make the linker's --wrap names.
// Shapes:  functions that only read an attribute are libc's.
#include <pthread.h>

// Types cannot stand in parentheses.
// NOLINTBEGIN(bugprone-macro-parentheses)
#define HEDDLE_ATTRIBUTE_MADE(type, name)                    \
    int real_##name(type*) __asm__("__real_pthread_" #name); \
    int wrap_##name(type*) __asm__("__wrap_pthread_" #name); \
    int wrap_##name(type* attribute) {                       \
        type fresh = {};                                     \
        const int error = real_##name(&fresh);               \
        *attribute = fresh;                                  \
        return error;                                        \
    }

#define HEDDLE_ATTRIBUTE_CHANGED(type, name, value_type)                 \
    int real_##name(type*, value_type) __asm__("__real_pthread_" #name); \
    int wrap_##name(type*, value_type) __asm__("__wrap_pthread_" #name); \
    int wrap_##name(type* attribute, value_type value) {                 \
        type changed = *attribute;                                       \
        const int error = real_##name(&changed, value);                  \
        *attribute = changed;                                            \
        return error;                                                    \
    }

// NOLINTEND(bugprone-macro-parentheses)

HEDDLE_ATTRIBUTE_MADE(pthread_mutexattr_t, mutexattr_init)
HEDDLE_ATTRIBUTE_MADE(pthread_condattr_t, condattr_init)
HEDDLE_ATTRIBUTE_MADE(pthread_rwlockattr_t, rwlockattr_init)
HEDDLE_ATTRIBUTE_MADE(pthread_attr_t, attr_init)

HEDDLE_ATTRIBUTE_CHANGED(pthread_mutexattr_t, mutexattr_settype, int)
HEDDLE_ATTRIBUTE_CHANGED(pthread_mutexattr_t, mutexattr_setprotocol, int)
HEDDLE_ATTRIBUTE_CHANGED(pthread_mutexattr_t, mutexattr_setpshared, int)
HEDDLE_ATTRIBUTE_CHANGED(pthread_mutexattr_t, mutexattr_setrobust, int)
HEDDLE_ATTRIBUTE_CHANGED(pthread_condattr_t, condattr_setclock, clockid_t)
HEDDLE_ATTRIBUTE_CHANGED(pthread_condattr_t, condattr_setpshared, int)
HEDDLE_ATTRIBUTE_CHANGED(pthread_rwlockattr_t, rwlockattr_setkind_np, int)
HEDDLE_ATTRIBUTE_CHANGED(pthread_rwlockattr_t, rwlockattr_setpshared, int)
HEDDLE_ATTRIBUTE_CHANGED(pthread_attr_t, attr_setdetachstate, int)
HEDDLE_ATTRIBUTE_CHANGED(pthread_attr_t, attr_setstacksize, size_t)
