// expect: finding out of bounds
// The last element is read together with one that is not there.
#include <stdlib.h>

int main(void) {
    char* text = malloc(13);
    volatile int index = 13;
    text[12] = 1;
    const char wrong = text[index];
    free(text);
    return wrong == 5;
}
