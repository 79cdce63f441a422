// expect: finding leak
#include <stdlib.h>

static int* volatile kept;

int main(void) {
    kept = malloc(40);
    *kept = 1;
    kept = NULL;
    return 0;
}
