// expect: finding endless loop
// Nothing in the loop touches memory: no hook is ever called, only a clock can tell.
static volatile int start = 1;

int main(void) {
    unsigned x = (unsigned)start;
    for (;;) {
        x = x * 5 + 1;
        __asm__ volatile("" : "+r"(x));
    }
}
