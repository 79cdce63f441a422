/* The queue of Michael and Scott: a list whose tail may lag behind its last node, and is helped on by who sees that. Nodes are
 * never free. Two threads, of which PUTTERS put one value in first, take one out each; each value comes out once, at the
 * latest when all are gone. Who sees a tail that is behind the head would come to a node that is not there. */
#include "test/programs/weak/weak.h"

#ifndef PUTTERS
#define PUTTERS 2
#endif
#ifndef LAST_LOAD
#define LAST_LOAD acquire
#endif
#ifndef LINK_CAS
#define LINK_CAS release
#endif
#ifndef TAIL_CAS
#define TAIL_CAS release
#endif
#ifndef HEAD_LOAD
#define HEAD_LOAD acquire
#endif
#ifndef TAIL_LOAD
#define TAIL_LOAD acquire
#endif
#ifndef NEXT_LOAD
#define NEXT_LOAD acquire
#endif
#ifndef HEAD_CAS
#define HEAD_CAS release
#endif

enum { threads = 2 };

struct node {
    struct node* _Atomic next;
    handed value;
};
static struct node nodes[threads + 1];
static struct node* _Atomic head;
static struct node* _Atomic tail;
static int taken[threads];

static void put_in(struct node* n, int value) {
    PUT(n->value, value);
    for (;;) {
        struct node* last = LOAD(tail, LAST_LOAD);
        struct node* next = NULL;
        if (CAS(last->next, &next, n, LINK_CAS, relaxed)) {
            CAS(tail, &last, n, TAIL_CAS, relaxed);
            return;
        }
        CAS(tail, &last, next, TAIL_CAS, relaxed);
    }
}

/* 0: empty. */
static int take_out(void) {
    for (;;) {
        struct node* first = LOAD(head, HEAD_LOAD);
        struct node* last = LOAD(tail, TAIL_LOAD);
        struct node* next = LOAD(first->next, NEXT_LOAD);
        if (first == last) {
            if (next == NULL) {
                return 0;
            }
            CAS(tail, &last, next, TAIL_CAS, relaxed);
            continue;
        }
        assert(next != NULL);
        const int value = GET(next->value);
        if (CAS(head, &first, next, HEAD_CAS, relaxed)) {
            return value;
        }
    }
}

static void body(int me) {
    if (me < PUTTERS) {
        put_in(&nodes[me], me + 1);
    }
    taken[me] = take_out();
}

int main(void) {
    int times[threads + 1] = {0};
    STORE(head, &nodes[threads], relaxed);
    STORE(tail, &nodes[threads], relaxed);
    run_threads(threads, body);
    for (int i = 0; i < threads; ++i) {
        times[taken[i]]++;
        times[take_out()]++;
    }
    for (int i = 1; i <= PUTTERS; ++i) {
        JUDGE(times[i] == 1);
    }
    return 0;
}
