#include "model/net/fate.h"

#include <cstdio>
#include <cstring>

#include "model/kern/invariant.h"
#include "model/net/stack.h"
#include "sim/annotate_packet.h"

namespace model::net {

namespace {

const char* fate_word(fate kind) {
    switch (kind) {
        case fate::none:
            return "";
        case fate::held:
            return "held";
        case fate::forwarded:
            return "forwarded";
        case fate::delivered:
            return "delivered";
        case fate::dropped:
            return "dropped";
    }
    return "";
}

}  // namespace

void fate_set(stack& st, const mbuf& m, fate kind, const char* what) {
    heddle_packet_fate(fate_word(kind), what, m.data, m.len, m.packet);
    if (m.packet == 0) {
        return;
    }
    packet_fate& f = st.fates[m.packet];
    f.kind = kind;
    f.finals += kind == fate::held ? 0 : 1;
    strncpy(f.what, what, sizeof f.what - 1);
}

void fate_print(const stack& st, uint32_t packet, char* out, unsigned long size) {
    if (size == 0) {
        return;
    }
    out[0] = '\0';
    if (packet >= fates_max || st.fates[packet].kind == fate::none) {
        return;
    }
    const packet_fate& f = st.fates[packet];
    const bool alone = f.kind == fate::held || f.what[0] == '\0';
    snprintf(out, size, "%s%s%s", fate_word(f.kind), alone ? "" : " ", alone ? "" : f.what);
}

int fate_conserved(void* argument) {
    const stack& st = *static_cast<stack*>(argument);
    for (uint32_t packet = 0; packet < fates_max; ++packet) {
        const packet_fate& f = st.fates[packet];
        const unsigned fates = f.finals + (f.kind == fate::held ? 1 : 0);
        if (f.arrived && fates != 1) {
            return fates == 0 ? kern::broken("packet %u came in, and has no fate", packet)
                              : kern::broken("packet %u has %u fates, at last: %s %s", packet,
                                             fates, fate_word(f.kind), f.what);
        }
    }
    return 1;
}

}  // namespace model::net
