/* Programs that papers on partial-order reduction count, written from their descriptions. Choose one
 * with -DP_<name>, its size with -DT= (threads) and -DN= (rounds). What counts.txt expects of each is
 * its number of executions that differ by more than the order of independent steps. `readers` and
 * `ainc` of those papers are `readers` (T-1 readers) and `inc_rmw` (N=1) of prog.c. */
#include <pthread.h>
#include <stdatomic.h>
#ifndef T
enum { T = 2 };
#endif
#ifndef N
enum { N = 1 };
#endif

#if defined(P_lastzero)
/* T writers, each makes its cell one more than the cell before it; one more thread looks from the last
 * cell down for one that is zero. How far it gets depends on writes that it has not seen yet, which
 * reductions with persistent sets do not foresee: (T+3)*2^(T-2). */
enum { threads = T + 1 };
static atomic_int cell[T + 1];
static void body(int me) {
    if (me != 0) {
        int before = atomic_load(&cell[me - 1]);
        atomic_store(&cell[me], before + 1);
        return;
    }
    int i = T;
    while (atomic_load(&cell[i]) != 0) {
        --i;
    }
}

#elif defined(P_indexer)
/* T threads put four messages each into a hash table without locks; who finds a slot taken tries the
 * next. Whether two threads ever meet is known only from the values: up to T=11 none do (1), from
 * there each new thread meets one other three times, 8^(T-11). */
enum { threads = T, slots = 128, messages = 4 };
static atomic_int table[slots];
static void body(int me) {
    for (int m = 1; m <= messages; ++m) {
        int message = m * 11 + me;
        int slot = message * 7 % slots;
        int empty = 0;
        while (!atomic_compare_exchange_strong(&table[slot], &empty, message)) {
            slot = (slot + 1) % slots;
            empty = 0;
        }
    }
}

#elif defined(P_filesystem)
/* T threads, each gives its inode a block unless it has one; block locks are taken one at a time
 * inside the inode's. Threads i and i+13 begin at the same block: 2^(T-13), 1 up to T=13. */
enum { threads = T, inodes = 32, blocks = 26 };
static pthread_mutex_t inode_lock[inodes], block_lock[blocks];
static int block_of[inodes], busy[blocks];
static void find_block(int i) {
    for (int b = i * 2 % blocks;; b = (b + 1) % blocks) {
        pthread_mutex_lock(&block_lock[b]);
        int mine = !busy[b];
        if (mine) {
            busy[b] = 1;
            block_of[i] = b + 1;
        }
        pthread_mutex_unlock(&block_lock[b]);
        if (mine) {
            return;
        }
    }
}
static void body(int me) {
    int i = me % inodes;
    pthread_mutex_lock(&inode_lock[i]);
    if (block_of[i] == 0) {
        find_block(i);
    }
    pthread_mutex_unlock(&inode_lock[i]);
}

#elif defined(P_binc)
/* T threads increment one counter, then another: (T!)^2. */
enum { threads = T };
static atomic_int first, second;
static void body(int me) {
    (void)me;
    atomic_fetch_add(&first, 1);
    atomic_fetch_add(&second, 1);
}

#elif defined(P_casw)
/* T threads try to take a word from 0 to 1, then store a value of their own. A compare-and-swap that
 * fails is a read, and reads commute: 6, 66, 1,200, 32,880 for T = 2 to 5. */
enum { threads = T };
static atomic_int word;
static void body(int me) {
    int expected = 0;
    atomic_compare_exchange_strong(&word, &expected, 1);
    atomic_store(&word, me + 3);
}

#elif defined(P_casrot)
/* Thread i takes a word from i to i+1, if it comes when it can: 2, 5, 14, 43, 144, 523, 2,048, 8,597
 * for T = 2 to 9. */
enum { threads = T };
static atomic_int word;
static void body(int me) {
    int expected = me;
    atomic_compare_exchange_strong(&word, &expected, me + 1);
}

#elif defined(P_fib_bench)
/* Two threads add each other's number to their own, N times; a third reads both once, anywhere:
 * 218,243 for N=5. */
enum { threads = 3 };
static atomic_int number[2] = {1, 1};
static int seen[2];
static void body(int me) {
    if (me == 2) {
        seen[0] = atomic_load(&number[0]);
        seen[1] = atomic_load(&number[1]);
        return;
    }
    for (int i = 0; i < N; ++i) {
        int mine = atomic_load(&number[me]);
        int other = atomic_load(&number[1 - me]);
        atomic_store(&number[me], mine + other);
    }
}

#else
#error choose a program
#endif

static void* run(void* argument) {
    body((int)(long)argument);
    return NULL;
}

int main(void) {
    pthread_t thread[threads];
#if defined(P_filesystem)
    for (int i = 0; i < inodes; ++i) {
        pthread_mutex_init(&inode_lock[i], NULL);
    }
    for (int b = 0; b < blocks; ++b) {
        pthread_mutex_init(&block_lock[b], NULL);
    }
#endif
    for (long i = 0; i < threads; ++i) {
        pthread_create(&thread[i], NULL, run, (void*)i);
    }
    for (int i = 0; i < threads; ++i) {
        pthread_join(thread[i], NULL);
    }
    return 0;
}
