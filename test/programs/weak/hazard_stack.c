/* Treiber's stack whose nodes are freed, with hazard pointers (Michael, 2004): who reads a node says so and looks
 * again whether it is still on top; who has taken one out looks whether somebody says so. Choose with -DP_<name>:
 *   P_fences    a fence behind what is said and one before it is looked at
 *   P_accesses  the same by sequentially consistent accesses
 * FILLED nodes are there at first. Two threads pop POPS times, thread 1 pushes PUSHES nodes before that. A node that
 * is free has a `next` that shows it, and is really freed with -DFREE. */
#include "test/programs/weak/weak.h"

#ifndef FILLED
#define FILLED 2
#endif
#ifndef PUSHES
#define PUSHES 0
#endif
#ifndef POPS
#define POPS 1
#endif
#ifndef PUSH_CAS
#define PUSH_CAS release
#endif
#ifndef HAZARD_CLEAR
#define HAZARD_CLEAR release
#endif
#if defined(P_fences)
#ifndef HEAD_LOAD
#define HEAD_LOAD relaxed
#endif
#ifndef HAZARD_STORE
#define HAZARD_STORE release
#endif
#ifndef HAZARD_FENCE
#define HAZARD_FENCE seq_cst
#endif
#ifndef HEAD_AGAIN
#define HEAD_AGAIN relaxed
#endif
#ifndef POP_CAS
#define POP_CAS relaxed
#endif
#ifndef SCAN_FENCE
#define SCAN_FENCE seq_cst
#endif
#ifndef SCAN_LOAD
#define SCAN_LOAD acquire
#endif
#elif defined(P_accesses)
#ifndef HEAD_LOAD
#define HEAD_LOAD acquire
#endif
#ifndef HAZARD_STORE
#define HAZARD_STORE seq_cst
#endif
#define HAZARD_FENCE relaxed
#ifndef HEAD_AGAIN
#define HEAD_AGAIN seq_cst
#endif
#ifndef POP_CAS
#define POP_CAS seq_cst
#endif
#define SCAN_FENCE relaxed
#ifndef SCAN_LOAD
#define SCAN_LOAD seq_cst
#endif
#else
#error choose one
#endif

enum { nodes_max = FILLED + PUSHES, tries = 2 };

struct node {
    struct node* _Atomic next;
    atomic_int value;
};
static struct node* _Atomic head;
static struct node* _Atomic hazards[2];
static struct node* kept[2][POPS];
static int popped[2][POPS];
static struct node is_free;

#ifdef FREE
static struct node* new_node(void) {
    return malloc(sizeof(struct node));
}
static void free_node(struct node* n) {
    free(n);
}
#else
static struct node pool[nodes_max];
static struct node* new_node(void) {
    static int used;
    return &pool[used++];
}
static void free_node(struct node* n) {
    STORE(n->next, &is_free, relaxed);
}
#endif

static void push(struct node* n, int value) {
    STORE(n->value, value, relaxed);
    struct node* below = LOAD(head, relaxed);
    do {
        STORE(n->next, below, relaxed);
    } while (!CAS(head, &below, n, PUSH_CAS, relaxed));
}

static struct node* top_in_safety(int me) {
    struct node* n = LOAD(head, HEAD_LOAD);
    if (n != NULL) {
        STORE(hazards[me], n, HAZARD_STORE);
        FENCE(HAZARD_FENCE);
    }
    return n;
}

/* 0: empty, or given up. */
static int pop(int me, int turn) {
    for (int i = 0; i < tries; ++i) {
        struct node* n = top_in_safety(me);
        if (n == NULL) {
            break;
        }
        if (LOAD(head, HEAD_AGAIN) != n) {
            continue;
        }
        struct node* next = LOAD(n->next, relaxed);
        assert(next != &is_free);
        struct node* expected = n;
        if (!CAS(head, &expected, next, POP_CAS, relaxed)) {
            continue;
        }
        const int value = LOAD(n->value, relaxed);
        STORE(hazards[me], NULL, HAZARD_CLEAR);
        FENCE(SCAN_FENCE);
        if (LOAD(hazards[1 - me], SCAN_LOAD) == n) {
            kept[me][turn] = n;
        } else {
            free_node(n);
        }
        return value;
    }
    STORE(hazards[me], NULL, HAZARD_CLEAR);
    return 0;
}

static struct node* to_push[nodes_max];

static void body(int me) {
    for (int i = FILLED; me == 1 && i < nodes_max; ++i) {
        push(to_push[i], i + 1);
    }
    for (int i = 0; i < POPS; ++i) {
        popped[me][i] = pop(me, i);
    }
}

int main(void) {
    int times[nodes_max + 1] = {0};
    for (int i = 0; i < nodes_max; ++i) {
        to_push[i] = new_node();
    }
    for (int i = 0; i < FILLED; ++i) {
        push(to_push[i], i + 1);
    }
    run_threads(2, body);
    for (int i = 0; i < 2; ++i) {
        for (int j = 0; j < POPS; ++j) {
            times[popped[i][j]]++;
        }
    }
    for (struct node* n = head; n != NULL; n = n->next) {
        times[n->value]++;
    }
    for (int i = 1; i <= nodes_max; ++i) {
        assert(times[i] == 1);
    }
    return 0;
}
