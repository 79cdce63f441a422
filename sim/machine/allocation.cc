// Allocation by the subject goes to its arena. operator new is taken over by name, since code inside
// libstdc++ calls it too; malloc by the linker's --wrap in the subject alone, so that what libc and
// ld.so allocate for themselves stays on the host's heap.
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <new>

#include "sim/check/unwritten.h"
#include "sim/machine/access.h"
#include "sim/machine/faults.h"
#include "sim/machine/interpose.h"
#include "sim/machine/snapshot.h"

namespace sim {

namespace {

bool in_arena() {
    return g.in_subject;
}

// What the subject asks for, which the explorer may say is not there.
void* allocate_or_null(size_t size, size_t align, uint64_t pc) {
    return allocation_fails(pc) ? nullptr : subject_allocate(size, align, pc);
}

// Who has no other way than an exception is taken to wait for memory, as a kernel's M_WAITOK does.
void* allocate_or_throw(size_t size, size_t align, uint64_t pc) {
    void* p = in_arena() ? subject_allocate(size, align, pc)
              : align > alignof(max_align_t)
                  ? std::aligned_alloc(align, (size + align - 1) / align * align)
                  : std::malloc(size != 0 ? size : 1);
    if (p == nullptr) {
        throw std::bad_alloc();
    }
    return p;
}

// The machine has filled that.
void* written(void* p, size_t size) {
    if (in_region(p) && size != 0) {
        mark_written_range(address_of(p) - region_base, size);
    }
    return p;
}

void release(void* p, uint64_t pc) {
    if (p == nullptr) {
        return;
    }
    if (in_heap_area(address_of(p))) {
        subject_free(p, pc);
    } else if (in_region(p)) {
        subject_free(p, pc);  // reports an invalid free
    } else {
        std::free(p);
    }
}

}  // namespace

}  // namespace sim

using namespace sim;

void* operator new(size_t size) {
    return allocate_or_throw(size, 16, HEDDLE_CALLER);
}
void* operator new[](size_t size) {
    return allocate_or_throw(size, 16, HEDDLE_CALLER);
}
void* operator new(size_t size, std::align_val_t a) {
    return allocate_or_throw(size, static_cast<size_t>(a), HEDDLE_CALLER);
}
void* operator new[](size_t size, std::align_val_t a) {
    return allocate_or_throw(size, static_cast<size_t>(a), HEDDLE_CALLER);
}
void* operator new(size_t size, const std::nothrow_t&) noexcept {
    return in_arena() ? allocate_or_null(size, 16, HEDDLE_CALLER) : std::malloc(size);
}
void* operator new[](size_t size, const std::nothrow_t&) noexcept {
    return in_arena() ? allocate_or_null(size, 16, HEDDLE_CALLER) : std::malloc(size);
}
void operator delete(void* p) noexcept {
    release(p, HEDDLE_CALLER);
}
void operator delete[](void* p) noexcept {
    release(p, HEDDLE_CALLER);
}
void operator delete(void* p, size_t) noexcept {
    release(p, HEDDLE_CALLER);
}
void operator delete[](void* p, size_t) noexcept {
    release(p, HEDDLE_CALLER);
}
void operator delete(void* p, std::align_val_t) noexcept {
    release(p, HEDDLE_CALLER);
}
void operator delete[](void* p, std::align_val_t) noexcept {
    release(p, HEDDLE_CALLER);
}
void operator delete(void* p, size_t, std::align_val_t) noexcept {
    release(p, HEDDLE_CALLER);
}
void operator delete[](void* p, size_t, std::align_val_t) noexcept {
    release(p, HEDDLE_CALLER);
}
void operator delete(void* p, const std::nothrow_t&) noexcept {
    release(p, HEDDLE_CALLER);
}
void operator delete[](void* p, const std::nothrow_t&) noexcept {
    release(p, HEDDLE_CALLER);
}

extern "C" {

void* __wrap_malloc(size_t size) {
    return in_arena() ? allocate_or_null(size, 16, HEDDLE_CALLER) : std::malloc(size);
}

void* __wrap_calloc(size_t n, size_t size) {
    size_t bytes = 0;
    if (__builtin_mul_overflow(n, size, &bytes)) {
        errno = ENOMEM;
        return nullptr;
    }
    if (!in_arena()) {
        return std::calloc(n, size);
    }
    void* p = allocate_or_null(bytes, 16, HEDDLE_CALLER);
    return p != nullptr ? written(std::memset(p, 0, bytes), bytes) : nullptr;
}

void* __wrap_realloc(void* p, size_t size) {
    if (p != nullptr && !in_region(p)) {
        return std::realloc(p, size);
    }
    if (!in_arena()) {
        return std::realloc(p, size);
    }
    const uint64_t pc = HEDDLE_CALLER;
    return allocation_fails(pc) ? nullptr : subject_reallocate(p, size, pc);
}

void* __wrap_reallocarray(void* p, size_t n, size_t size) {
    size_t bytes = 0;
    if (__builtin_mul_overflow(n, size, &bytes)) {
        errno = ENOMEM;
        return nullptr;
    }
    return __wrap_realloc(p, bytes);
}

void __wrap_free(void* p) {
    release(p, HEDDLE_CALLER);
}

void* __wrap_aligned_alloc(size_t align, size_t size) {
    return in_arena() ? allocate_or_null(size, align, HEDDLE_CALLER)
                      : std::aligned_alloc(align, size);
}

void* __wrap_memalign(size_t align, size_t size) {
    return in_arena() ? allocate_or_null(size, align, HEDDLE_CALLER)
                      : std::aligned_alloc(align, size);
}

void* __wrap_valloc(size_t size) {
    return in_arena() ? allocate_or_null(size, 4096, HEDDLE_CALLER)
                      : std::aligned_alloc(4096, (size + 4095) & ~size_t{4095});
}

int __wrap_posix_memalign(void** p, size_t align, size_t size) {
    access_range(p, sizeof *p, true, HEDDLE_CALLER);
    *p = __wrap_memalign(align, size);
    return *p != nullptr ? 0 : ENOMEM;
}

size_t __wrap_malloc_usable_size(void* p) {
    return p == nullptr ? 0 : subject_block_size(p);
}

char* __wrap_strdup(const char* s) {
    size_t size = std::strlen(s) + 1;
    access_range(s, size, false, HEDDLE_CALLER);
    auto* p = static_cast<char*>(__wrap_malloc(size));
    return p != nullptr ? static_cast<char*>(written(std::memcpy(p, s, size), size)) : nullptr;
}

char* __wrap_strndup(const char* s, size_t n) {
    size_t size = strnlen(s, n);
    access_range(s, size, false, HEDDLE_CALLER);
    auto* p = static_cast<char*>(__wrap_malloc(size + 1));
    if (p != nullptr) {
        std::memcpy(p, s, size);
        p[size] = '\0';
        written(p, size + 1);
    }
    return p;
}

// Exception objects are the subject's too, or an abandoned execution would leak them. In front of the
// object lies the header of the C++ ABI.
constexpr size_t exception_header = 128;  // in libstdc++ on this platform
void* heddle_allocate_exception(size_t size) asm("__cxa_allocate_exception");
void* heddle_allocate_exception(size_t size) {
    char* p =
        static_cast<char*>(in_arena() ? subject_allocate(size + exception_header, 16, HEDDLE_CALLER)
                                      : std::malloc(size + exception_header));
    if (p == nullptr) {
        std::abort();
    }
    written(std::memset(p, 0, exception_header), exception_header);
    if (sim::in_region(p)) {
        sim::exception_made();
    }
    return p + exception_header;
}

void heddle_free_exception(void* object) asm("__cxa_free_exception");
void heddle_free_exception(void* object) {
    char* p = static_cast<char*>(object) - exception_header;
    if (sim::in_region(p)) {
        sim::exception_freed();
    }
    release(p, HEDDLE_CALLER);
}

}  // extern "C"
