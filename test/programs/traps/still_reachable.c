// expect: ok
// Never freed, and never lost: by a pointer inside, one past the end, through another block, per thread.
#include <pthread.h>
#include <stdlib.h>

struct node {
    struct node* next;
    long value[3];
};

static struct node* volatile first;
static long* volatile inside;
static char* volatile end;
static _Thread_local int* volatile of_thread;

static void* keep(void* argument) {
    of_thread = malloc(sizeof *of_thread);
    *of_thread = 1;
    free(of_thread);
    return argument;
}

int main(void) {
    pthread_t thread;
    for (int i = 0; i < 3; ++i) {
        struct node* n = malloc(sizeof *n);
        n->next = first;
        first = n;
    }
    struct node* n = malloc(sizeof *n);
    inside = &n->value[1];
    end = (char*)malloc(10) + 10;
    pthread_create(&thread, NULL, keep, NULL);
    pthread_join(thread, NULL);
    of_thread = malloc(sizeof *of_thread);
    return 0;
}
