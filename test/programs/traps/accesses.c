// expect: ok
// Plain, volatile, unaligned and wide accesses of all sizes do what they say.
#include <assert.h>
#include <stdint.h>
#include <string.h>

struct __attribute__((packed)) odd {
    uint8_t a;
    uint16_t b;
    uint32_t c;
    uint64_t d;
    __int128 e;
};

typedef int vector __attribute__((vector_size(16)));

static struct odd odd;
static volatile uint8_t v1;
static volatile uint16_t v2;
static volatile uint32_t v4;
static volatile uint64_t v8;
static volatile __int128 v16;
static vector lanes;
static long double extended;

int main(void) {
    assert(odd.a == 0 && v8 == 0 && lanes[3] == 0 && extended == 0);
    odd.a = 1;
    odd.b = 0x0203;
    odd.c = 0x04050607;
    odd.d = 0x08090a0b0c0d0e0f;
    odd.e = ((__int128)1 << 100) + 2;
    unsigned char bytes[sizeof odd];
    memcpy(bytes, &odd, sizeof bytes);
    assert(bytes[0] == 1 && bytes[1] == 3 && bytes[2] == 2 && bytes[3] == 7 && bytes[7] == 15);
    assert(odd.e >> 100 == 1 && (int)odd.e == 2);
    v1 = 1;
    v2 = 2;
    v4 = 4;
    v8 = 8;
    v16 = (__int128)16 << 64;
    assert(v1 + v2 + v4 + v8 == 15 && (int)(v16 >> 64) == 16);
    lanes += 3;
    assert(lanes[0] == 3 && lanes[3] == 3);
    extended = 1.25L;
    assert(extended * 2 == 2.5L);
    return 0;
}
