// Six data races, each in few of the interleavings and none in the first: which of them is found first depends
// on where is explored first.
#include <pthread.h>
#include <stdatomic.h>

enum { adds = 4, looks = 3 };

long data[6];
static atomic_int turn;

// Threads take the numbers 0 to 7 in turns; each ordering that is looked for leaves the other thread with the
// numbers that the first one lacks.
static const int orders[3][2] = {{246, 1357}, {257, 1346}, {345, 1267}};

static void* take_numbers(void* argument) {
    const int self = *(const int*)argument;
    int taken = 0;
    for (int i = 0; i < adds; ++i) {
        taken = taken * 10 + atomic_fetch_add(&turn, 1);
    }
    for (int i = 0; i < 3; ++i) {
        const int first = taken == orders[i][0];
        if (first || taken == orders[i][1]) {
            data[2 * i + (first == self)] = self;
        }
    }
    return argument;
}

static void* look(void* argument) {
    for (int i = 0; i < looks; ++i) {
        (void)atomic_load(&turn);
    }
    return argument;
}

int main(void) {
    static int selves[2] = {0, 1};
    pthread_t threads[3];
    pthread_create(&threads[0], 0, take_numbers, &selves[0]);
    pthread_create(&threads[1], 0, take_numbers, &selves[1]);
    pthread_create(&threads[2], 0, look, 0);
    for (int i = 0; i < 3; ++i) {
        pthread_join(threads[i], 0);
    }
    return 0;
}
