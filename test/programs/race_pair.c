// Two accesses at once to one place, as the arguments say: PLACE FIRST SECOND, with places global, heap, stack and
// accesses write, read, copy, take, set, load, store, each with size and offset as in write:4:2, "none" for none at all.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct access {
    char kind[8];
    int size;
    int offset;
};

typedef unsigned wide __attribute__((vector_size(16), may_alias));
typedef unsigned short two __attribute__((may_alias));
typedef unsigned four __attribute__((may_alias));
typedef unsigned long eight __attribute__((may_alias));
// The same where it may lie anywhere: compilers tell of these by other hooks.
typedef unsigned short two_apart __attribute__((may_alias, aligned(1)));
typedef unsigned four_apart __attribute__((may_alias, aligned(1)));
typedef unsigned long eight_apart __attribute__((may_alias, aligned(1)));

static char global[64] __attribute__((aligned(16)));
static char* place;
static struct access second;

static void write_plain(char* to, int size, int apart) {
    if (size == 1) {
        *to = 1;
    } else if (size == 2) {
        apart ? (*(two_apart*)to = 1) : (*(two*)to = 1);
    } else if (size == 4) {
        apart ? (*(four_apart*)to = 1) : (*(four*)to = 1);
    } else if (size == 8) {
        apart ? (*(eight_apart*)to = 1) : (*(eight*)to = 1);
    } else {
        *(wide*)to = (wide){1, 2, 3, 4};
    }
}

static unsigned long read_plain(const char* from, int size, int apart) {
    if (size == 1) {
        return (unsigned char)*from;
    }
    if (size == 2) {
        return apart ? *(const two_apart*)from : *(const two*)from;
    }
    if (size == 4) {
        return apart ? *(const four_apart*)from : *(const four*)from;
    }
    if (size == 8) {
        return apart ? *(const eight_apart*)from : *(const eight*)from;
    }
    volatile wide all = *(const wide*)from;
    return all[0];
}

static void perform(const struct access* a) {
    char bytes[32] = {0};
    char* at = place + a->offset;
    if (strcmp(a->kind, "write") == 0) {
        write_plain(at, a->size, a->offset % a->size != 0);
    } else if (strcmp(a->kind, "read") == 0) {
        volatile unsigned long seen = read_plain(at, a->size, a->offset % a->size != 0);
        (void)seen;
    } else if (strcmp(a->kind, "copy") == 0) {
        memcpy(at, bytes, (size_t)a->size);
    } else if (strcmp(a->kind, "take") == 0) {
        memcpy(bytes, at, (size_t)a->size);
    } else if (strcmp(a->kind, "set") == 0) {
        memset(at, 7, (size_t)a->size);
    } else if (strcmp(a->kind, "store") == 0) {
        atomic_store_explicit((atomic_int*)at, 1, memory_order_relaxed);
    } else if (strcmp(a->kind, "load") == 0) {
        (void)atomic_load_explicit((atomic_int*)at, memory_order_relaxed);
    }
}

static struct access parse(const char* text) {
    struct access a = {"none", 0, 0};
    char* colon;
    size_t length = strcspn(text, ":");
    memcpy(a.kind, text, length);
    a.kind[length] = '\0';
    if (text[length] == ':') {
        a.size = (int)strtol(text + length + 1, &colon, 10);
        a.offset = *colon == ':' ? (int)strtol(colon + 1, NULL, 10) : 0;
    }
    return a;
}

static void* other(void* argument) {
    perform(&second);
    return argument;
}

int main(int argc, char** argv) {
    char mine[64] __attribute__((aligned(16))) = {0};
    pthread_t thread;
    if (argc != 4) {
        return 2;
    }
    char* block = calloc(1, 64);
    place = argv[1][0] == 'g' ? global : argv[1][0] == 'h' ? block : mine;
    const struct access first = parse(argv[2]);
    second = parse(argv[3]);
    pthread_create(&thread, NULL, other, NULL);
    perform(&first);
    pthread_join(thread, NULL);
    free(block);
    return 0;
}
