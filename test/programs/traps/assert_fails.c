// expect: finding assertion failed
#include <assert.h>

static volatile int one = 1;

int main(void) {
    assert(one == 2);
    return 0;
}
