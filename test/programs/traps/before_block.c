// expect: finding out of bounds
// One element in front of an array.
#include <stdlib.h>

int main(void) {
    long* first = malloc(3 * sizeof *first);
    long* second = malloc(3 * sizeof *second);
    volatile int index = -1;
    first[0] = second[0] = 1;
    const long wrong = second[index];
    free(first);
    free(second);
    return wrong == 5;
}
