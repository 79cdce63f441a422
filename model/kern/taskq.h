// taskq.h - work for another context: tasks are called one after the other, in the order in which they were added.
// Source:  task_add(9), taskq_create(9) of OpenBSD; a queue has one thread here.
// Shapes:  a task stands on its queue once. It is off the queue when its function is called, which may add it again, or
//          free it if nobody else may still name it.
// Locks:   [Q] the queue's mutex, a leaf at ipl_high: interrupts may add. Functions are called without any lock, and
//          may sleep.
//          Who takes a task off owns it only if it was on the queue: task_del that answers 0 leaves it to the queue,
//          which may be inside its function.
// Errors:  none.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "model/kern/sleep.h"

namespace model::kern {

struct task {
    void (*function)(void*) = nullptr;  // [I]
    void* argument = nullptr;           // [I]
    bool queued = false;                // [Q]
    uint64_t ticket = 0;                // [Q] how many had been added, itself included
    task* next = nullptr;               // [Q]
};

// Serves by a context of that name whose cells are `cell`.
struct taskq {
    taskq(const char* context, unsigned cells) : name(context), cell(cells) {}
    ~taskq();  // stop() first
    taskq(const taskq&) = delete;
    taskq& operator=(const taskq&) = delete;

    void start();  // starts the service context
    void stop();   // runs what is queued and ends the service context

    const char* const name;  // [I] a literal
    const unsigned cell;     // [I]
    std::mutex mtx;
    std::condition_variable work;      // the queue is not empty, or stopping
    task* head = nullptr;              // [Q]
    task* tail = nullptr;              // [Q]
    std::atomic<uint64_t> tickets{0};  // [Q] to write: tasks added so far
    task* running = nullptr;           // [Q] whose function is being called; it may be gone
    uint64_t running_ticket = 0;       // [Q]
    bool asleep = false;               // [Q] the service waits for work
    bool stopping = false;             // [Q]
    bool awaited = false;              // [Q] somebody sleeps on `ended`
    sleep_channel ended;               // sleepers: taskq_barrier, taskq_del_barrier
    std::thread service;               // [I] after start
};

// To be called once, before the task is used.
void task_set(task& t, void (*function)(void*), void* argument);

// Has the task called. 1: it was added; 0: it stands on the queue already.
int task_add(taskq& q, task& t);

// Takes it off. 1: it was on the queue, and will not be called. 0: it was not, and may be running.
int task_del(taskq& q, task& t);

// Sleeps until everything that was added before has been called, or taken off. Not from a task of that queue, and with
// no lock held that a task takes. A queue to which nobody has ever added anything costs a look.
void taskq_barrier(taskq& q);

// Takes the task off and sleeps until it does not run any more; if it has added itself again, it is taken off again.
// 1: it was on the queue.
int taskq_del_barrier(taskq& q, task& t);

}  // namespace model::kern
