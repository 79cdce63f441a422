// expect: ok
// Memory that is not written in full, or not by an access that a compiler tells of, and rightly read.
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bits {
    unsigned one : 3;
    unsigned two : 7;
    unsigned : 0;
    unsigned char three : 2;
};

struct mixed {
    char letter;
    double number;
    int unused;
    char text[20];
};

union word {
    unsigned char bytes[8];
    unsigned long long whole;
};

static void bit_fields(void) {
    struct bits* b = malloc(sizeof *b);
    b->one = 5;
    b->two = 100;
    b->three = 2;
    assert(b->one == 5 && b->two == 100 && b->three == 2);
    free(b);
}

static void copies(void) {
    struct mixed* from = malloc(sizeof *from);
    struct mixed* to = malloc(sizeof *to);
    from->letter = 'a';
    from->number = 2.5;
    *to = *from;
    assert(to->letter == 'a' && to->number == 2.5);
    memcpy(from, to, sizeof *to);
    assert(from->unused == to->unused);
    snprintf(to->text, sizeof to->text, "%d", 17);
    assert(to->text[1] == '7' && to->text[2] == '\0');
    free(from);
    free(to);
}

static void by_the_library(void) {
    int* zeros = calloc(4, sizeof *zeros);
    assert(zeros[3] == 0);
    zeros[3] = 9;
    int* more = realloc(zeros, 8 * sizeof *more);
    assert(more[3] == 9 && more[0] == 0);
    free(more);
    char* text = strdup("text");
    assert(text[2] == 'x' && text[4] == '\0');
    free(text);
    union word* w = malloc(sizeof *w);
    w->bytes[3] = 1;
    assert((w->whole >> 24 & 0xff) == 1);
    free(w);
    unsigned char* same = malloc(8);
    memset(same, 0xbe, 8);
    assert(same[5] == 0xbe);
    free(same);
}

int main(void) {
    bit_fields();
    copies();
    by_the_library();
    return 0;
}
