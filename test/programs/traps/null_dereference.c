// expect: finding crash
// The usual null pointer, a few bytes further on.
#include <stddef.h>

struct node {
    struct node* next;
    int value;
};

static struct node* volatile head;

int main(void) {
    return head->value;
}
