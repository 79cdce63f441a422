// socket_buffer.h - what has been received for a socket, until somebody reads it.
// Source:  sbappendaddr(9), sbwait(9), sowakeup(9) of the BSDs.
// Shapes:  a queue of records, each a packet's payload and where it came from; at most sb_hiwat bytes of
//          payload and, but for a stream, sb_records_max records. sb_got tells the first sb_got_max bytes of its story.
//          Addresses and ports are in host order.
// Locks:   [B] sb_mtx, at the level of the network: packets are received in interrupts, too, and so
//          so_lock, which sleeps, is not what guards this. Who waits holds nothing.
// Errors:  int errno, as the functions say.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include "model/kern/mutex.h"
#include "model/kern/sleep.h"

namespace model::net {
struct mbuf;
struct stack;
}  // namespace model::net

namespace model::netinet {

inline constexpr size_t sb_hiwat = 41600;  // udp_recvspace
inline constexpr unsigned sb_records_max = 64;
inline constexpr size_t sb_got_max = 4096;

struct sockaddr {
    uint32_t addr = 0;
    uint16_t port = 0;
};

struct sockrecord {
    sockrecord* next = nullptr;
    net::mbuf* m = nullptr;  // its payload
    sockaddr from;
};

struct sockbuf {
    kern::mutex sb_mtx{kern::ipl_net};   // leaf
    kern::sleep_channel sb_channel;      // who waits for a record or for the end
    sockrecord* head = nullptr;          // [B]
    sockrecord* tail = nullptr;          // [B]
    unsigned sb_limit = sb_records_max;  // [I] of records; of a stream none: its window is in bytes
    unsigned sb_count = 0;               // [B] records
    size_t sb_cc = 0;                    // [B] bytes
    bool sb_wait = false;                // [B] somebody sleeps, or is about to: SB_WAIT
    bool sb_cantrcvmore = false;         // [B] nothing will come any more
    int sb_error = 0;                    // [B] why; told once
    // [a] there may be such an error: who sends looks at it under sb_mtx only then
    std::atomic<bool> sb_error_left{false};
    std::string sb_got;  // [B] for observers: "1:8 2:64", packet and bytes of each record
};

enum class delivery {
    done,
    full,   // there is no room
    closed  // nobody will read any more
};

// Queues a packet's payload and wakes who waits for it; `from` says where it came from. Done: it
// belongs to who reads, and its fate is `delivered NAME` if there is a name. Else it is the caller's.
[[nodiscard]] delivery sbappendaddr(net::stack& st, sockbuf& sb, net::mbuf* m, const sockaddr& from,
                                    const char* name);

// Takes the first record: 0 and *record. Sleeps until there is one ("netio"). ESHUTDOWN: none will
// come any more; or the error of the connection, once; EINTR, EWOULDBLOCK: a signal, a limit (kern/proc.h).
[[nodiscard]] int sbreceive(sockbuf& sb, sockrecord** record);
void sbrecord_free(net::stack& st, sockrecord* record);

// Nothing will be queued from now on; who waits returns when all is read. error 0: an ordinary end.
void socantrcvmore(sockbuf& sb, int error);

// Bytes for which there is room.
[[nodiscard]] size_t sbspace(sockbuf& sb);
// The error that has not been told yet, once; 0: none.
[[nodiscard]] int sberror(sockbuf& sb);

// An error of the network, told once to who reads or sends next; wakes who waits. A later one takes its place.
void soerror(sockbuf& sb, int error);

// Frees what nobody will read.
void sbflush(net::stack& st, sockbuf& sb);

}  // namespace model::netinet
