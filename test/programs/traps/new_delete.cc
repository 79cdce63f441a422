// expect: ok
// All forms of operator new and delete: array, aligned, nothrow, sized; and the C allocators.
#include <cassert>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

struct alignas(64) line {
    char bytes[64];
};

static bool aligned(const void* p, uintptr_t to) {
    return reinterpret_cast<uintptr_t>(p) % to == 0;
}

int main() {
    delete new int(1);
    delete[] new int[3]();
    line* const one = new line;
    line* const many = new line[3];
    assert(aligned(one, 64) && aligned(many, 64));
    delete one;
    delete[] many;
    int* const quiet = new (std::nothrow) int(4);
    assert(quiet != nullptr && *quiet == 4);
    delete quiet;
    ::operator delete(::operator new(10));

    char* zero = static_cast<char*>(calloc(4, 8));
    for (int i = 0; i < 32; ++i) {
        assert(zero[i] == 0);
    }
    memset(zero, 'x', 32);
    zero = static_cast<char*>(realloc(zero, 4096));
    assert(zero[31] == 'x' && aligned(zero, 16));
    free(zero);
    void* page = nullptr;
    assert(posix_memalign(&page, 4096, 100) == 0 && aligned(page, 4096));
    free(page);
    free(nullptr);
    free(aligned_alloc(32, 64));
    return 0;
}
