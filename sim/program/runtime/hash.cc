// hash.cc - the parts of std::unordered_map that libstdc++ keeps to itself, seen by hooks.
// Source:  <bits/hashtable_policy.h>. The table of primes stays libstdc++'s, so that bucket counts
//          and the order of iteration are those of the native program: the real function works on a
//          copy of the policy, and what it changed is written back where hooks see it.
// Shapes:  asm labels make these the __wrap_ and __real_ names of the linker's --wrap.
#include <bits/functional_hash.h>
#include <unordered_map>

using policy = std::__detail::_Prime_rehash_policy;
using std::size_t;

size_t real_next_bucket(const policy*, size_t) __asm__(
    "__real__ZNKSt8__detail20_Prime_rehash_policy11_M_next_bktEm");
std::pair<bool, size_t> real_need_rehash(const policy*, size_t, size_t, size_t) __asm__(
    "__real__ZNKSt8__detail20_Prime_rehash_policy14_M_need_rehashEmmm");
size_t real_hash_bytes(const void*, size_t, size_t) __asm__("__real__ZSt11_Hash_bytesPKvmm");
extern "C" void __tsan_read_range(const void*, size_t);

size_t wrap_next_bucket(const policy* self, size_t n) __asm__(
    "__wrap__ZNKSt8__detail20_Prime_rehash_policy11_M_next_bktEm");
size_t wrap_next_bucket(const policy* self, size_t n) {
    const policy copy = *self;
    const size_t count = real_next_bucket(&copy, n);
    self->_M_next_resize = copy._M_next_resize;
    return count;
}

std::pair<bool, size_t> wrap_need_rehash(
    const policy* self, size_t buckets, size_t elements,
    size_t inserted) __asm__("__wrap__ZNKSt8__detail20_Prime_rehash_policy14_M_need_rehashEmmm");
std::pair<bool, size_t> wrap_need_rehash(const policy* self, size_t buckets, size_t elements,
                                         size_t inserted) {
    const policy copy = *self;
    const std::pair<bool, size_t> answer = real_need_rehash(&copy, buckets, elements, inserted);
    if (copy._M_next_resize != self->_M_next_resize) {
        self->_M_next_resize = copy._M_next_resize;
    }
    return answer;
}

size_t wrap_hash_bytes(const void* bytes, size_t size,
                       size_t seed) __asm__("__wrap__ZSt11_Hash_bytesPKvmm");
size_t wrap_hash_bytes(const void* bytes, size_t size, size_t seed) {
    if (size != 0) {
        __tsan_read_range(bytes, size);
    }
    return real_hash_bytes(bytes, size, seed);
}
