#include "test/viz/traces.h"

#include "test/viz/recorder.h"

namespace test {

namespace {

using std::to_string;

// Runs of steps that nobody else cares about.
void local(recorder& r, uint32_t c, uint32_t count, const std::string& object) {
    for (uint32_t i = 0; i < count; ++i) {
        r.step(c, "load", object + "+" + to_string(8 * i), "read 0x" + to_string(i + 1));
    }
}

void lock(recorder& r, uint32_t c, const std::string& object) {
    r.enter(c, "kern::mutex::enter", "model/kern/mutex.cc", 31);
    r.step(c, "lock", object);
    r.leave(c);
}

void unlock(recorder& r, uint32_t c, const std::string& object) {
    r.enter(c, "kern::mutex::leave", "model/kern/mutex.cc", 44);
    r.step(c, "unlock", object);
    r.leave(c);
}

// ---------------------------------------------------------------- the destroyed interface

constexpr uint32_t net0 = 0;
constexpr uint32_t adm = 1;

void receive(recorder& r) {
    r.step(net0, "start", "net0");
    r.remark(net0, "packet", "em0", "IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64");
    r.enter(net0, "net::ether_input", "model/net/ethernet.cc", 88, "em0");
    local(r, net0, 2, "mbuf net0#1");
    r.enter(net0, "netinet::ip_input", "model/netinet/ip_input.cc", 140, "em0");
    local(r, net0, 4, "mbuf net0#1");
    r.step(net0, "rmw", "ipstat ips_total", "0 -> 1");
    r.enter(net0, "netinet::in_ouraddr", "model/netinet/ip_input.cc", 310);
    local(r, net0, 5, "ifaddr hash");
    r.leave(net0);
    r.enter(net0, "netinet::ip_forward", "model/netinet/ip_input.cc", 502);
    r.step(net0, "load", "ipforwarding", "read 1");
}

void route(recorder& r) {
    r.enter(net0, "net::rtalloc", "model/net/route.cc", 201, "10.9.0.5");
    r.enter(net0, "net::rtable_match", "model/net/rtable.cc", 77);
    r.step(net0, "rmw", "smr net0", "0 -> 1");
    local(r, net0, 14, "art node");
    r.step(net0, "rmw", "rtentry 10.9.0.0/16 refcnt", "1 -> 2");
    r.step(net0, "rmw", "smr net0", "1 -> 0");
    r.leave(net0);
    r.leave(net0);
    r.at(net0, 531);
}

void destroy_begins(recorder& r) {
    r.step(adm, "start", "adm");
    r.remark(adm, "command", "ifconfig em1 destroy");
    r.enter(adm, "admin::ifconfig_destroy", "model/admin/ifconfig.cc", 261, "em1");
    r.step(adm, "wrlock", "conf_lock");
    r.enter(adm, "net::if_detach", "model/net/if.cc", 160, "em1");
    r.step(adm, "store", "ifnet em1+40", "LIVE -> DYING");
    r.remark(adm, "state", "ifnet em1", "LIVE -> DYING");
    r.enter(adm, "net::if_map_remove", "model/net/if_map.cc", 92);
    lock(r, adm, "if_map mutex");
    local(r, adm, 3, "if_map");
    r.step(adm, "store", "if_map slot 2", "em1 -> none");
    unlock(r, adm, "if_map mutex");
    r.leave(adm);
    r.enter(adm, "net::rt_if_remove", "model/net/route.cc", 640, "em1");
    local(r, adm, 9, "art node");
    r.step(adm, "store", "art node+24", "10.9.0.0/16 -> none");
    local(r, adm, 4, "rtentry 10.9.0.0/16");
    r.step(adm, "rmw", "rtentry 10.9.0.0/16 refcnt", "2 -> 1");
    r.leave(adm);
    r.enter(adm, "netinet::arp_ifdetach", "model/netinet/arp.cc", 410);
    lock(r, adm, "arp mutex");
    local(r, adm, 3, "llinfo list");
    unlock(r, adm, "arp mutex");
    r.leave(adm);
}

uint32_t destroy_ends(recorder& r) {
    r.at(adm, 188);
    r.enter(adm, "kern::refcnt_finalize", "model/kern/refcnt.cc", 71, "ifrm");
    r.step(adm, "rmw", "ifnet em1 refcnt", "2 -> 1");
    r.remark(adm, "blocked", "ifrm", "held by net0");
    return 0;
}

// The packet puts its reference and goes on to the output; the broken variant does so in this order.
void put_and_output(recorder& r) {
    r.enter(net0, "net::if_put", "model/net/if_map.cc", 66, "em1");
    r.step(net0, "rmw", "ifnet em1 refcnt", "1 -> 0");
    r.step(net0, "futex_wake", "ifrm");
    r.leave(net0);
    r.enter(net0, "netinet::ip_output", "model/netinet/ip_output.cc", 365, "em1");
    local(r, net0, 6, "mbuf net0#1");
    r.enter(net0, "netinet::arpresolve", "model/netinet/arp.cc", 233);
    local(r, net0, 4, "llinfo 10.0.2.2");
    lock(r, net0, "arp mutex");
    r.step(net0, "load", "llinfo 10.0.2.2+16", "read 02:00:00:00:02:02");
    unlock(r, net0, "arp mutex");
    r.leave(net0);
}

// What the end of a destroy frees, and where.
struct freed_interface {
    uint32_t step = 0;
    std::vector<sim::trace_frame> stack;
};

freed_interface free_interface(recorder& r) {
    freed_interface freed;
    r.leave(adm);
    local(r, adm, 8, "ifaddr list");
    r.enter(adm, "net::if_free", "model/net/if.cc", 205, "em1");
    r.at(adm, 210);
    freed.step = r.step(adm, "store", "ifnet em1+40", "DYING -> FREED");
    r.remark(adm, "free", "ifnet em1", "512 bytes");
    freed.stack = r.stack(adm);
    r.leave(adm);
    r.leave(adm);
    r.step(adm, "unlock", "conf_lock");
    r.leave(adm);
    r.step(adm, "exit", "adm");
    return freed;
}

}  // namespace

sim::trace destroyed_interface() {
    recorder r("forward.race", "late_wait");
    r.context("net0", 0);
    r.context("adm", 1);
    receive(r);
    route(r);
    r.enter(net0, "net::if_get", "model/net/if_map.cc", 41, "2");
    r.step(net0, "load", "if_map slot 2", "read em1");
    r.step(net0, "rmw", "ifnet em1 refcnt", "1 -> 2");
    r.leave(net0);
    r.preempt();
    destroy_begins(r);
    destroy_ends(r);
    put_and_output(r);
    r.preempt();
    r.step(adm, "cond_resume", "ifrm");
    const freed_interface freed = free_interface(r);
    r.at(net0, 412);
    const uint32_t last = r.step(net0, "load", "ifnet em1+24", "read 1500");
    sim::trace_finding& f =
        r.finding("use after free", "net0 reads 4 bytes at ifnet em1+24, freed by adm", net0, last);
    recorder::evidence(f, "freed", freed.step, adm, freed.stack);
    recorder::evidence(f, "allocated", 0, adm,
                       {{"net::if_alloc", "model/net/if.cc", 61},
                        {"admin::ifconfig_create", "model/admin/ifconfig.cc", 118}});
    return r.take();
}

sim::trace passed_interface() {
    recorder r("forward.race", "late_wait");
    r.context("net0", 0);
    r.context("adm", 1);
    receive(r);
    route(r);
    r.enter(net0, "net::if_get", "model/net/if_map.cc", 41, "2");
    r.step(net0, "load", "if_map slot 2", "read em1");
    r.step(net0, "rmw", "ifnet em1 refcnt", "1 -> 2");
    r.leave(net0);
    put_and_output(r);
    r.at(net0, 412);
    r.step(net0, "load", "ifnet em1+24", "read 1500");
    destroy_begins(r);
    destroy_ends(r);
    r.step(adm, "cond_resume", "ifrm");
    free_interface(r);
    return r.take();
}

sim::trace deadlock() {
    recorder r("locks.race", "swapped");
    r.context("net0", 0);
    r.context("adm", 1);
    r.step(net0, "start", "net0");
    r.enter(net0, "netinet::arpresolve", "model/netinet/arp.cc", 233);
    lock(r, net0, "arp mutex");
    local(r, net0, 6, "llinfo 10.0.2.2");
    r.preempt();
    r.step(adm, "start", "adm");
    r.remark(adm, "command", "arp -d 10.0.2.2");
    r.enter(adm, "net::rtrequest_delete", "model/net/route.cc", 388);
    lock(r, adm, "rtable mutex");
    local(r, adm, 11, "art node");
    r.enter(adm, "netinet::arp_rtrequest", "model/netinet/arp.cc", 121);
    r.remark(adm, "blocked", "arp mutex", "held by net0");
    const uint32_t adm_step = r.steps();
    r.enter(net0, "net::rtalloc", "model/net/route.cc", 201);
    r.step(net0, "load", "rtentry 10.0.2.2+8", "read 3");
    r.remark(net0, "blocked", "rtable mutex", "held by adm");
    sim::trace_finding& f = r.finding(
        "deadlock", "net0 waits for rtable mutex held by adm, adm for arp mutex held by net0", net0,
        0);
    recorder::evidence(f, "waits for", r.steps(), net0, r.stack(net0), "rtable mutex, held by adm");
    recorder::evidence(f, "waits for", adm_step, adm, r.stack(adm), "arp mutex, held by net0");
    return r.take();
}

sim::trace unremarked_deadlock() {
    recorder r("locks.race", "swapped");
    const uint32_t third = 2;
    r.context("net0", 0);
    r.context("adm", 1);
    r.context("softclock", 2);
    r.enter(net0, "netinet::arpresolve", "model/netinet/arp.cc", 233);
    r.step(net0, "lock", "arp mutex");
    r.step(third, "load", "tick", "read 1");
    r.can_go_on(third, false);
    r.enter(adm, "net::rtrequest_delete", "model/net/route.cc", 388);
    r.step(adm, "lock", "rtable mutex");
    r.can_go_on(adm, false);
    r.enter(net0, "net::rtalloc", "model/net/route.cc", 201);
    r.step(net0, "load", "rtentry 10.0.2.2+8", "read 3");
    r.can_go_on(third, true);
    r.step(net0, "unlock", "tick mutex");
    r.can_go_on(net0, false);
    r.step(third, "lock", "tick mutex");
    r.step(third, "thread_exit");
    sim::trace_finding f{"deadlock", "", r.steps(), 0, {}, {}};
    const std::string first =
        "net0 on cpu0 waits for rtable mutex, held by adm in net::rtalloc (model/net/route.cc:201)";
    const std::string second =
        "adm on cpu1 waits for arp mutex, held by net0 in net::rtrequest_delete "
        "(model/net/route.cc:388)";
    f.message = "nobody can go on: " + first + "; " + second;
    recorder::evidence(f, "waits for", r.steps(), net0, r.stack(net0), first);
    recorder::evidence(f, "waits for", r.steps(), adm, r.stack(adm), second);
    sim::trace t = r.take();
    t.findings.push_back(f);
    return t;
}

sim::trace lost_wakeup() {
    recorder r("wakeup.so", "program");
    r.context("main", 0);
    r.context("thread 1", 1);
    r.step(0, "start", "main");
    r.enter(0, "main", "wakeup.c", 30);
    r.step(0, "create", "thread 1");
    r.enter(0, "wait_for_flag", "wakeup.c", 12);
    r.step(0, "load", "flag", "read 0");
    r.preempt();
    r.step(1, "start", "thread 1");
    r.enter(1, "set_flag", "wakeup.c", 21);
    r.step(1, "store", "flag", "0 -> 1");
    const uint32_t signal = r.step(1, "signal", "ready", "nobody waits");
    r.leave(1);
    r.step(1, "exit", "thread 1");
    r.at(0, 15);
    r.step(0, "lock", "m");
    const uint32_t sleep = r.step(0, "cond_wait", "ready");
    r.remark(0, "blocked", "ready");
    sim::trace_finding& f = r.finding("deadlock", "main waits for ready, and nobody is left", 0, 0);
    recorder::evidence(f, "waits for", sleep, 0, r.stack(0));
    recorder::evidence(f, "signal before", signal, 1, {{"set_flag", "wakeup.c", 23}});
    return r.take();
}

sim::trace old_value() {
    recorder r("flag.so", "program");
    r.context("main", 0);
    r.context("t1", 1);
    r.context("t2", 2);
    r.step(0, "store", "message", "0 -> 1");
    const uint32_t early = r.step(0, "store", "flag", "0 -> 1");
    const uint32_t late = r.step(0, "store", "flag", "1 -> 2");
    const uint32_t seen = r.step(2, "load", "flag", "read 2");
    r.step(2, "load", "message", "read 1");
    const uint32_t half = r.step(1, "load", "flag", "read 1");
    const uint32_t never = r.step(1, "load", "message", "read 0");
    sim::trace_finding& f = r.finding("assertion failed", "t1 on cpu1: message == 1", 1, never);
    f.stack = {{"take", "flag.c", 12}};
    sim::trace t = r.take();
    for (sim::trace_event& event : t.events) {
        event.after.clear();
        event.order = "relaxed";
        event.stack = {{event.context == 0 ? "give" : "take", "flag.c", 5 + event.step}};
    }
    const auto at = [&t](uint32_t step) -> sim::trace_event& { return t.events[step - 1]; };
    at(late).order = "release";
    at(seen).order = "acquire";
    at(seen).from = late;
    at(seen).after = {late};
    at(seen + 1).from = 1;
    at(half).from = early;
    at(half).stale = true;
    at(never).stale = true;
    return t;
}

sim::trace data_race() {
    recorder r("inc.so", "program");
    r.context("main", 0);
    r.context("thread 1", 1);
    const std::vector<sim::trace_frame> in_main = {{"increment", "inc.c", 9},
                                                   {"main", "inc.c", 20}};
    const std::vector<sim::trace_frame> in_thread = {{"increment", "inc.c", 9},
                                                     {"worker", "inc.c", 14}};
    r.step(0, "start", "main");
    r.step(0, "create", "thread 1");
    const uint32_t other = r.step(0, "load", "counter", "read 0");
    r.preempt();
    r.step(1, "start", "thread 1");
    r.step(1, "load", "counter", "read 0");
    const uint32_t last = r.step(1, "store", "counter", "0 -> 1");
    r.step(1, "exit", "thread 1");
    r.step(0, "store", "counter", "1 -> 1, one increment is lost");
    r.step(0, "exit", "main");
    sim::trace_finding& f = r.finding(
        "data race", "thread 1 writes counter, main reads it, nothing orders them", 1, last);
    f.stack = in_thread;
    recorder::evidence(f, "other access", other, 0, in_main, "read of 4 bytes");
    sim::trace t = r.take();
    for (sim::trace_event& event : t.events) {
        if (event.kind == "load" || event.kind == "store") {
            event.stack = event.context == 0 ? in_main : in_thread;
        }
    }
    return t;
}

sim::trace single_cpu() {
    recorder r("alone.so", "program");
    r.context("main", 0);
    r.step(0, "start", "main");
    r.enter(0, "main", "alone.c", 3);
    r.step(0, "store", "x", "0 -> 1");
    r.step(0, "teleport", "y", "to the moon");
    r.remark(0, "comet", "z", "seen");
    r.remark(0, "note", "", "half way");
    r.step(0, "load", "x", "read 1");
    r.step(0, "exit", "main");
    return r.take();
}

const std::vector<std::string> step_kinds = {
    "start",     "load",      "store",       "rmw",        "cas",        "fence",
    "lock",      "trylock",   "unlock",      "rdlock",     "wrlock",     "signal",
    "broadcast", "cond_wait", "cond_resume", "sem_wait",   "sem_post",   "create",
    "join",      "exit",      "await",       "futex_wait", "futex_wake", "sleep",
    "yield",     "choose",    "dispatch",    "give_up",    "section",    "advance"};
const std::vector<std::string> remark_kinds = {"state",   "note",    "packet", "fate",
                                               "command", "blocked", "alloc",  "free"};

sim::trace every_kind() {
    recorder r("kinds.so", "program");
    r.context("main", 0);
    r.context("other", 1);
    r.enter(0, "main", "kinds.c", 3);
    r.enter(1, "other", "kinds.c", 30);
    uint32_t c = 0;
    for (const std::string& kind : step_kinds) {
        r.step(c, kind, "step_" + kind, "1 -> 2");
        c = 1 - c;
    }
    for (const std::string& kind : remark_kinds) {
        r.remark(0, kind, "remark_" + kind, "detail_" + kind);
    }
    r.finding("assertion failed", "x == 1", 0, r.steps());
    return r.take();
}

sim::trace five_cpus() {
    recorder r("queues.race", "fixed");
    for (uint32_t i = 0; i < 5; ++i) {
        r.context("softnet" + to_string(i), i, true);
    }
    const uint32_t clock = r.context("softclock", 2, true);
    for (uint32_t i = 0; i < 5; ++i) {
        r.step(i, "start", "softnet" + to_string(i));
        r.enter(i, "net::if_input_process", "model/net/if.cc", 700, "em" + to_string(i));
        r.step(i, "rmw", "ifq em" + to_string(i) + " len", "1 -> 0");
    }
    r.preempt();
    r.step(clock, "start", "softclock");
    r.enter(clock, "kern::timeout_run", "model/net/timeout.cc", 90);
    r.step(clock, "lock", "arp mutex");
    r.remark(clock, "state", "llinfo 10.0.2.2", "REACHABLE -> STALE");
    r.step(clock, "unlock", "arp mutex");
    r.leave(clock);
    r.step(clock, "exit", "softclock");
    for (uint32_t round = 0; round < 3; ++round) {
        for (uint32_t i = 0; i < 5; ++i) {
            r.enter(i, "netinet::arpresolve", "model/netinet/arp.cc", 233);
            local(r, i, 2 + i, "llinfo 10.0.2." + to_string(i));
            r.step(i, "lock", "arp mutex");
            r.step(i, "unlock", "arp mutex");
            r.leave(i);
        }
    }
    for (uint32_t i = 0; i < 5; ++i) {
        r.leave(i);
        r.step(i, "exit", "softnet" + to_string(i));
    }
    return r.take();
}

sim::trace long_run(uint32_t steps) {
    recorder r("long.race", "fixed");
    for (uint32_t i = 0; i < 3; ++i) {
        r.context("softnet" + to_string(i), i);
        r.enter(i, "net::if_input_process", "model/net/if.cc", 700);
    }
    for (uint32_t i = 0; i < steps; ++i) {
        const uint32_t c = (i / 7 + i / 11) % 3;
        r.at(c, 700 + i % 50);
        const std::string object =
            i % 5 == 0 ? "shared " + to_string(i % 3) : "own " + to_string(c);
        i % 2 == 0 ? r.step(c, "load", object, "read 1") : r.step(c, "store", object, "0 -> 1");
    }
    return r.take();
}

}  // namespace test
