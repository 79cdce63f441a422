// expect: finding crash
// A fault of the processor in the subject is a finding, and the end of that execution only.
static volatile int zero;

int main(void) {
    return 5 / zero;
}
