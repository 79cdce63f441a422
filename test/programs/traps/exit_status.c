// expect: finding exit status
// main returns something other than 0.
int main(void) {
    return 3;
}
