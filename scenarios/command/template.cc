#include "scenarios/command/template.h"

namespace scenario {

namespace {

constexpr const char* before_name = R"(# What this race is about, for whoever reads the report.

scenario )";

constexpr const char* after_name = R"( "a packet is forwarded while its route is changed"
tags route

# The world: commands of ifconfig(8), route(8), arp(8) and sysctl(8), run before everything else.
topology {
    router r cpus 2 {
        ifconfig em0 inet 10.0.1.1/24 lladdr 02:00:00:00:01:01
        ifconfig em1 inet 10.0.2.1/24 lladdr 02:00:00:00:02:01
        sysctl net.inet.ip.forwarding=1
        route add 10.9.0.0/16 10.0.2.2
        arp -s 10.0.2.2 02:00:00:00:02:02
    }
}

# Historical mistakes are patches of the model; the model itself is the variant "fixed".
# variant late_wait { patch late_wait.patch }

# Who runs against whom: a context for each CPU, packets in the notation of tcpdump.
cpu 0 thread net0 {
    em0 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 as P1
}

cpu 1 thread adm {
    route delete 10.9.0.0/16
}

# One exact order ("run X until POINT"), and a search over all of them.
schedule packet_first {
    run net0 until done
    run adm until done
}

schedule any {
    explore dfs preemptions 2
}

# What must come out: in every interleaving (forall), in some (exists), in that of a schedule (NAME:).
expect fixed {
    forall (no bug)
    forall (fate P1 == forwarded em1 or fate P1 == dropped)
    packet_first: em1 > P1
    no deadlock
}
)";

}  // namespace

std::string race_template(const std::string& name) {
    return before_name + name + after_name;
}

}  // namespace scenario
