// expect: finding stack overflow
// Recursion that ends far too late.
static volatile int sink;
static volatile int depth_max = 1 << 20;

static int deeper(int n) {
    volatile char frame[4096];
    frame[n % 4096] = (char)n;
    sink = frame[0];
    return n == depth_max ? 0 : deeper(n + 1) + frame[n % 4096];
}

int main(void) {
    return deeper(0) == 0;
}
