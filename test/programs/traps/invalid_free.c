// expect: finding invalid free
// A pointer that was moved on is given back.
#include <stdlib.h>

int main(void) {
    char* text = malloc(40);
    text += 16;
    free(text);
    return 0;
}
