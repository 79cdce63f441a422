// small_race.h - a right scenario over the real model for tests to add schedules and expectations to.
// Shapes:  net0 (CPU 0) has packets P1 and P2, both forwarded from em0 to em1; adm (CPU 1) has A1, which
//          destroys em1, and A2. The lines added begin at line 17.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "test/command/heddle_call.h"

namespace scenario::test {

// A router that forwards from em0 to em1.
inline const std::string small_topology =
    R"(topology {
    router r cpus 2 {
        ifconfig em0 inet 10.0.1.1/24 lladdr 02:00:00:00:01:01
        ifconfig em1 inet 10.0.2.1/24 lladdr 02:00:00:00:02:01
        sysctl net.inet.ip.forwarding=1
        route add 10.9.0.0/16 10.0.2.2
        arp -s 10.0.2.2 02:00:00:00:02:02
    }
}
)";

inline const std::string small_race =
    "scenario t \"packets forwarded while their interface is destroyed\"\n" + small_topology +
    R"(cpu 0 thread net0 {
    em0 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 as P1
    em0 < IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64 as P2
}
cpu 1 thread adm { A1: ifconfig em1 destroy; A2: ifconfig em0 down }
# what a test adds:
)";

// Runs `heddle VERB t.race WORDS...` over the small race with more lines.
inline heddle_result run_with(const heddle_call& heddle, const std::string& verb,
                              const std::string& lines, std::vector<std::string> words = {}) {
    std::ofstream(heddle.folder() / "t.race") << small_race << lines << "\n";
    words.insert(words.begin(), {verb, "t.race"});
    return heddle.run(words);
}

inline nlohmann::json result_of(const heddle_result& r) {
    return nlohmann::json::parse(r.lines().empty() ? "{}" : r.lines().back());
}

}  // namespace scenario::test
