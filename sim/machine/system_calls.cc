// What a program asks the operating system for and would be answered differently each time: numbers of
// processes and threads, addresses of fresh pages, and the same questions asked by number.
#include "sim/machine/system_calls.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>

#include "sim/machine/clock.h"
#include "sim/machine/interpose.h"
#include "sim/machine/spin.h"

namespace sim {

namespace {

constexpr pid_t process_number = 1000;  // and of its first thread
constexpr size_t page_size = 4096;

pid_t thread_number() {
    return process_number + g.current->id;
}

long clock_into(clockid_t clock, timespec* to, uint64_t pc) {
    spin_wrote(*g.current);  // who looks at the clock is in no loop of spin.h
    const uint64_t now = clock_base(clock) + g.now_ns;
    access_range(to, sizeof *to, true, pc);
    *to = {static_cast<time_t>(now / second_ns), static_cast<long>(now % second_ns)};
    return 0;
}

// Fresh pages that nobody else has, wherever they are: memory like any other.
bool is_plain_memory(const void* wanted, int flags) {
    constexpr int where = MAP_FIXED | MAP_FIXED_NOREPLACE;
    return wanted == nullptr && (flags & MAP_ANONYMOUS) != 0 && (flags & where) == 0;
}

void* fresh_pages(size_t size, uint64_t pc) {
    void* p = size != 0 ? subject_allocate(size, page_size, pc) : nullptr;
    if (p == nullptr) {
        errno = size == 0 ? EINVAL : ENOMEM;
        return MAP_FAILED;
    }
    return std::memset(p, 0, size);
}

}  // namespace

bool system_call_answered(long number, const long* arguments, uint64_t pc, long& result) {
    switch (number) {
        case SYS_getrandom:
            random_fill(reinterpret_cast<void*>(arguments[0]), static_cast<size_t>(arguments[1]),
                        pc);
            result = arguments[1];
            return true;
        case SYS_clock_gettime:
            result = clock_into(static_cast<clockid_t>(arguments[0]),
                                reinterpret_cast<timespec*>(arguments[1]), pc);
            return true;
        case SYS_getpid:
            result = process_number;
            return true;
        case SYS_gettid:
            result = thread_number();
            return true;
        default:
            return false;
    }
}

}  // namespace sim

using namespace sim;

HEDDLE_INTERPOSE(pid_t, getpid, ()) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(getpid);
    }
    return process_number;
}

HEDDLE_INTERPOSE(pid_t, gettid, ()) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(gettid);
    }
    return thread_number();
}

HEDDLE_INTERPOSE(void*, mmap,
                 (void* wanted, size_t size, int protection, int flags, int file, off_t offset)) {
    if (!simulated() || !is_plain_memory(wanted, flags)) {
        HEDDLE_FALL_THROUGH(mmap, wanted, size, protection, flags, file, offset);
    }
    return fresh_pages(size, HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(void*, mmap64,
                 (void* wanted, size_t size, int protection, int flags, int file, off_t offset)) {
    if (!simulated() || !is_plain_memory(wanted, flags)) {
        HEDDLE_FALL_THROUGH(mmap64, wanted, size, protection, flags, file, offset);
    }
    return fresh_pages(size, HEDDLE_CALLER);
}

// Pages that are given back in parts stay.
HEDDLE_INTERPOSE(int, munmap, (void* p, size_t size)) {
    if (!simulated(p)) {
        HEDDLE_FALL_THROUGH(munmap, p, size);
    }
    const block* b = find_block_or_null(address_of(p));
    if (b != nullptr && b->address == address_of(p) && size >= b->size) {
        subject_free(p, HEDDLE_CALLER);
    }
    return 0;
}
