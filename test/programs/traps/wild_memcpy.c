// expect: finding wild access
// The same through a function of libc.
#include <stdint.h>
#include <string.h>

static volatile uintptr_t target = 0x123456789000;
static char source[64];

int main(void) {
    memcpy((void*)target, source, sizeof source);
    return 0;
}
