// command.h - a router as its administrator, its wires and an observer see it; plain C.
// Source:  ours; commands are those of ifconfig(8), route(8), arp(8) and sysctl(8).
// Shapes:  text ends in 0 and is cut to fit; frames are Ethernet frames without checksum, at least
//          14 bytes; packets are small numbers > 0 of the caller's, 0 means "not followed".
// Locks:   create and destroy: nothing else may run. command, input: in any context that has called
//          heddle_model_attach, several at once; command may sleep. The observers: alone.
// Errors:  as each function says; nothing here aborts for what a caller may get wrong.
#ifndef HEDDLE_MODEL_COMMAND_H
#define HEDDLE_MODEL_COMMAND_H

#if defined(__GNUC__)
#define HEDDLE_MODEL_API __attribute__((visibility("default")))
#else
#define HEDDLE_MODEL_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

// Makes a router with CPUs 0..cpus-1 and starts its service threads. Returns its number; -1: too
// many routers, or cpus is 0 or too large.
HEDDLE_MODEL_API int heddle_model_create(const char* router, unsigned cpus);
// Ends the service threads and frees the router with all that it holds. For programs that make
// many.
HEDDLE_MODEL_API void heddle_model_destroy(int router);
// The calling context runs on this CPU from now on. No two contexts may run on one CPU at a time.
HEDDLE_MODEL_API void heddle_model_attach(int router, unsigned cpu);

// Runs one command line; what follows its first line end is the tool's standard input. `out` gets
// what the tool prints, its complaints included. Returns the tool's exit status, or 127: no such
// command.
HEDDLE_MODEL_API int heddle_model_command(int router, const char* line, char* out,
                                          unsigned long out_size);
// A frame arrives at an interface and is processed to its end by the caller. Returns 0, or -1:
// there is no such interface (the packet's fate is then "dropped nointerface").
HEDDLE_MODEL_API int heddle_model_input(int router, const char* ifname, const void* frame,
                                        unsigned long size, unsigned packet);
// A frame arrives in a receive ring of an interface; the caller is interrupted by that, and hands it to a softnet.
// Returns 0, or -1: there is no such interface or ring, or the ring is full (the packet's fate says so).
HEDDLE_MODEL_API int heddle_model_receive(int router, const char* ifname, unsigned queue,
                                          const void* frame, unsigned long size, unsigned packet);

// The n-th frame, from 0, that left by that interface: copies at most `size` bytes, stores the
// packet it belongs to, and returns the frame's length; 0: there is none. A destroyed interface
// still tells.
HEDDLE_MODEL_API unsigned long heddle_model_wire(int router, const char* ifname, unsigned long n,
                                                 void* frame, unsigned long size, unsigned* packet);
// What became of a packet: "forwarded em1", "delivered icmp", "held", "dropped noroute". Returns 0,
// or -1: no such packet came in.
HEDDLE_MODEL_API int heddle_model_fate(int router, unsigned packet, char* out, unsigned long size);
// A counter by its name in netstat -s's structures, or "net.inet.ip.forwarding"; -1: unknown.
HEDDLE_MODEL_API long heddle_model_counter(int router, const char* name);
// "ifconfig em1", "route 10.0.2.0/24", "arp 10.0.2.2": 1 it exists, 0 it does not, -1 unknown
// words.
HEDDLE_MODEL_API int heddle_model_exists(int router, const char* what);
// Objects that have not been freed: "ifnet" "rtentry" "ifaddr" "llinfo_arp" "mbuf" "inpcb"
// "socket"; -1: unknown.
HEDDLE_MODEL_API long heddle_model_live(int router, const char* kind);
// References to an interface, the index map's included, to the pcb of a socket, its table's included, or to a named
// state of pf, its list's included;
// -1: there is none of that name.
HEDDLE_MODEL_API long heddle_model_refs(int router, const char* name);
// The value that these words ask for, as text: "route 10.9.0.5" "10.9.0.0/16", "arp 10.0.2.2"
// "incomplete"; "none" of what does not exist. Returns 0, or -1: unknown words (README.md lists them).
HEDDLE_MODEL_API int heddle_model_observe(int router, const char* words, char* out,
                                          unsigned long size);
// A timer of that name that is armed runs out now, or does not: a choice of the explorer's. Returns 1 if it does. In
// any context.
HEDDLE_MODEL_API int heddle_model_may_fire(int router, const char* timer);
// The n-th name, from 0, that a timer may have; NULL at the end.
HEDDLE_MODEL_API const char* heddle_model_timers(unsigned n);
// The n-th line, from 0, that the kernel has logged, without its end; NULL: there is none.
HEDDLE_MODEL_API const char* heddle_model_log(int router, unsigned n);
// The n-th name that heddle_model_counter knows; NULL at the end.
HEDDLE_MODEL_API const char* heddle_model_names(int router, unsigned n);

#ifdef __cplusplus
}
#endif

#endif
