// Which outside functions are feared.
#include "sim/program/known_symbols.h"

#include <gtest/gtest.h>

namespace {

TEST(known_symbols, hooks_interposed_wrapped_and_pure_ones_are_known) {
    for (const char* name : {"__tsan_read8",
                             "__tsan_func_entry",
                             "pthread_mutex_lock",
                             "sem_wait",
                             "mtx_lock",
                             "thrd_create",
                             "cnd_signal",
                             "tss_get",
                             "call_once",
                             "syscall",
                             "nanosleep",
                             "clock_gettime",
                             "__cxa_guard_acquire",
                             "__cxa_atexit",
                             "exit",
                             "abort",
                             "__assert_fail",
                             "__tls_get_addr",
                             "__wrap_memcpy",
                             "memcpy",
                             "__wrap_malloc",
                             "strtol",
                             "_Znwm",
                             "_ZdlPvm",
                             "_ZnamSt11align_val_t",
                             "_ZdaPv",
                             "printf",
                             "puts",
                             "sqrt",
                             "fabsf",
                             "isalpha",
                             "_Unwind_Resume",
                             "_ZTISt9exception",
                             "_ZTVN10__cxxabiv117__class_type_infoE",
                             "_ZSt20__throw_length_errorPKc",
                             "_ZSt24__throw_out_of_range_fmtPKcz",
                             "__gxx_personality_v0",
                             "__cxa_throw",
                             "_ZSt4cout",
                             "heddle_name"}) {
        EXPECT_TRUE(sim::is_known_symbol(name)) << name;
    }
}

TEST(known_symbols, writers_through_pointers_are_named_in_order) {
    const std::vector<std::string> undefined = {"printf",         "__isoc99_sscanf",
                                                "pthread_create", "fgets",
                                                "getline",        "read",
                                                "recv",           "qsort",
                                                "localtime_r",    "frexp",
                                                "modf",           "setvbuf",
                                                "_setjmp",        "somebody_elses_library"};
    const std::vector<std::string> expected = {
        "__isoc99_sscanf", "fgets", "getline", "read",    "recv",    "qsort",
        "localtime_r",     "frexp", "modf",    "setvbuf", "_setjmp", "somebody_elses_library"};
    EXPECT_EQ(sim::unseen_writers(undefined), expected);
}

TEST(known_symbols, a_prefix_of_a_known_name_is_not_known) {
    EXPECT_FALSE(sim::is_known_symbol("print"));
    EXPECT_FALSE(sim::is_known_symbol("sqrtx"));
    EXPECT_FALSE(sim::is_known_symbol(""));
}

}  // namespace
