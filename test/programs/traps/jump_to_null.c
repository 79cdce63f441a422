// expect: finding crash
// A call through a null pointer: no access that a hook could refuse, a fault of the processor.
static void (*volatile function)(void);

int main(void) {
    function();
    return 0;
}
