// expect: finding stack use after return
// The address of a variable outlives its call.
static int* volatile kept;

static void keep(void) {
    int mine = 1;
    kept = &mine;
}

int main(void) {
    keep();
    return *kept == 5;
}
