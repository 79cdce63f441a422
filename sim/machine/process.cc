// The subject's process: exit, abort, assertions, uncaught exceptions, and faults. All are findings or
// the plain end of the execution, never the end of heddle.
#include <cxxabi.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>

#include "sim/machine/process.h"

#include <fmt/format.h>

#include "sim/machine/endless.h"
#include "sim/machine/interpose.h"
#include "sim/machine/names.h"
#include "sim/machine/threads.h"

namespace sim {

namespace {

finding ending(finding_kind kind, uint64_t pc, std::string text) {
    finding f;
    f.kind = kind;
    f.pc = pc;
    f.text = std::move(text);
    return f;
}

// Last registered first; one that registers another makes that one next. The list itself stays as it
// is: those from set-up belong to the snapshot.
void run_exit_handlers() {
    std::vector<exit_handler>& list = subject_names.handlers;
    size_t known = list.size();
    for (size_t left = known; left-- > 0;) {
        list[left].function(list[left].argument);
        while (list.size() > known) {
            exit_handler late = list[known];
            list.erase(list.begin() + static_cast<long>(known));
            late.function(late.argument);
        }
    }
}

[[noreturn]] void fail(finding_kind kind, uint64_t pc, std::string text) {
    g.in_subject = false;
    report(ending(kind, pc, std::move(text)));
    end_execution(execution_end::fatal);
}

[[noreturn]] void on_terminate() {
    if (g.current == nullptr) {
        std::abort();
    }
    g.in_subject = false;
    uint64_t pc = innermost_function(*g.current);
    const std::type_info* type = abi::__cxa_current_exception_type();
    if (type == nullptr) {
        fail(finding_kind::aborted, pc, "std::terminate was called");
    }
    int status = 0;
    char* name = abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
    std::string text = name != nullptr ? name : type->name();
    std::free(name);
    try {
        throw;
    } catch (const std::exception& e) {
        text += fmt::format(": {}", e.what());
    } catch (...) {
    }
    fail(finding_kind::uncaught_exception, pc, text);
}

const char* signal_text(int number) {
    switch (number) {
        case SIGSEGV:
            return "invalid memory access";
        case SIGBUS:
            return "bus error";
        case SIGFPE:
            return "division by zero or integer overflow";
        case SIGILL:
            return "illegal instruction";
        default:
            return "trap";
    }
}

void on_fault(int number, siginfo_t* info, void* state) {
    if (number == SIGTRAP && endless_stepped(*static_cast<ucontext_t*>(state))) {
        return;
    }
    if (g.current == nullptr || g.current == &g.host) {
        signal(number, SIG_DFL);
        return;  // our own: comes again and ends the process
    }
    auto pc = static_cast<uint64_t>(static_cast<ucontext_t*>(state)->uc_mcontext.gregs[REG_RIP]);
    auto address = reinterpret_cast<uint64_t>(info->si_addr);
    if (!in_region(pc)) {
        // Inside a library on the subject's behalf; the innermost function of the subject is shown.
        pc = innermost_function(*g.current);
    } else {
        ++pc;  // a return address points behind the instruction
    }
    const context& c = *g.current;
    uint64_t guard = stack_slot_begin(c.id);
    if (address >= guard && address < guard + stack_guard_size) {
        fail(finding_kind::stack_overflow, pc, "");
    }
    bool has_address = number == SIGSEGV || number == SIGBUS;
    host_scope host;
    finding f = ending(finding_kind::crash, pc, signal_text(number));
    if (has_address) {
        f.address = address;
        f.text = address < 65536 ? fmt::format("null pointer with offset {}", address)
                                 : fmt::format("{} at {:#x}", f.text, address);
    }
    report(f);
    end_execution(execution_end::fatal);
}

uint32_t watched_steps = 0;
unsigned idle_ticks = 0;

// Code without hooks cannot be stopped otherwise: two seconds without a step or a call.
void on_tick(int, siginfo_t*, void* state) {
    if (g.current == nullptr || g.current == &g.host || !g.in_subject || g.steps != watched_steps ||
        g.accesses_left != g.watched_accesses) {
        watched_steps = g.steps;
        g.watched_accesses = g.accesses_left;
        idle_ticks = 0;
        return;
    }
    if (++idle_ticks < 4) {
        return;
    }
    idle_ticks = 0;
    endless_watch(*static_cast<ucontext_t*>(state));
}

}  // namespace

void process_watch() {
    static bool installed = false;
    if (installed) {
        return;
    }
    installed = true;
    constexpr size_t alternate_size = 1 << 20;  // a finding looks its places up there
    static char alternate[alternate_size];
    stack_t stack{};
    stack.ss_sp = alternate;
    stack.ss_size = alternate_size;
    HEDDLE_ASSERT(sigaltstack(&stack, nullptr) == 0);
    struct sigaction action {};
    // NODEFER: a handler that leaves by switching contexts never returns to unblock its signal.
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER | SA_RESTART;
    action.sa_sigaction = on_fault;
    for (int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP}) {
        sigaction(number, &action, nullptr);
    }
    action.sa_sigaction = on_tick;
    sigaction(SIGVTALRM, &action, nullptr);
    itimerval every{{0, 500000}, {0, 500000}};
    setitimer(ITIMER_VIRTUAL, &every, nullptr);
    std::set_terminate(on_terminate);
}

void subject_exit(int status, bool handlers, uint64_t pc) {
    context& c = *g.current;
    // What this call and those below leave on the stack keeps nothing alive.
    if (c.scan_from == 0) {
        c.scan_from = reinterpret_cast<uint64_t>(__builtin_frame_address(0));
    }
    if (g.choosing) {
        begin_operation(op_kind::process_exit, 0, pc);
    }
    if (handlers) {
        thread_destructors(c);
        run_exit_handlers();
    }
    if (g.choosing) {
        operation_done(c);
    }
    if (status != 0) {
        host_scope host;
        report(ending(finding_kind::exit_status, pc, fmt::format("status {}", status)));
    }
    end_execution(execution_end::done);
}

}  // namespace sim

using namespace sim;

HEDDLE_INTERPOSE(int, __cxa_atexit, (void (*function)(void*), void* argument, void* dso)) {
    if (!g.in_subject || !in_region(address_of(dso))) {
        HEDDLE_FALL_THROUGH(__cxa_atexit, function, argument, dso);
    }
    host_scope host;
    subject_names.handlers.push_back({function, argument});
    return 0;
}

HEDDLE_INTERPOSE(void, exit, (int status)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(exit, status);
    }
    subject_exit(status, true, HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(void, _exit, (int status)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(_exit, status);
    }
    subject_exit(status, false, HEDDLE_CALLER);
}

HEDDLE_INTERPOSE(void, abort, ()) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(abort);
    }
    fail(finding_kind::aborted, HEDDLE_CALLER, "abort was called");
}

HEDDLE_INTERPOSE(void, __assert_fail,
                 (const char* expression, const char* file, unsigned line, const char* function)) {
    if (!simulated()) {
        HEDDLE_FALL_THROUGH(__assert_fail, expression, file, line, function);
    }
    g.in_subject = false;
    fail(finding_kind::assertion, HEDDLE_CALLER, expression);
}
