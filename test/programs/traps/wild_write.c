// expect: finding wild access
// A write far outside anything the program owns: refused before it happens.
#include <stdint.h>

static volatile uintptr_t target = 0x123456789000;

int main(void) {
    *(int*)target = 1;
    return 0;
}
