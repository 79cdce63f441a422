// expect: ok
// libc allocates on the program's behalf: strdup, getline, asprintf; and prints.
#define _GNU_SOURCE
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    char* copy = strdup("a text");
    assert(strcmp(copy, "a text") == 0);
    copy = realloc(copy, 100);
    strcat(copy, ", longer");
    assert(strlen(copy) == 14);

    FILE* stream = fmemopen(copy, 14, "r");
    char* line = NULL;
    size_t capacity = 0;
    assert(stream != NULL && getline(&line, &capacity, stream) == 14);
    assert(strcmp(line, "a text, longer") == 0);
    fclose(stream);
    free(line);

    char* made = NULL;
    assert(asprintf(&made, "%d %s", 42, copy) == 17);
    assert(strcmp(made, "42 a text, longer") == 0);
    free(made);

    char* end = NULL;
    assert(strtol("12x", &end, 10) == 12 && *end == 'x');
    char buffer[32];
    assert(snprintf(buffer, sizeof buffer, "%5.2f|%s", 2.5, "x") == 7);
    assert(strcmp(buffer, " 2.50|x") == 0);
    assert(puts("library_text") >= 0 && printf("%s\n", buffer) == 8);
    free(copy);
    return 0;
}
