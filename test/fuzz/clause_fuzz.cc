// Lines in a scenario that is right otherwise: a changed letter of a whole scenario mostly breaks it
// somewhere, and what stands behind the first mistake is hardly looked at. The first byte chooses where
// the rest stands.
#include <cstddef>
#include <cstdint>
#include <string>

#include "test/fuzz/race_check.h"

namespace {

enum place : uint8_t { top, setup, thread, schedule, expect, condition, places };

std::string scenario_with(place where, const std::string& lines) {
    const auto at = [&](place p) { return p == where ? lines + "\n" : std::string(); };
    return "scenario around\nparam n 1..2\n"
           "topology { router r cpus 2 {\n"
           "ifconfig em0 up\nifconfig em1 up\nsocket udp bind 10.0.0.1.53 as S\n" +
           at(setup) +
           "} }\n"
           "regime giant\nvariant broken { patch broken.patch }\n"
           "cpu 0 thread a {\nA: em0 < ARP who-has 10.0.0.2 tell 10.0.0.1 as P\n" +
           at(thread) +
           "}\n"
           "cpu 1 thread b { B: ifconfig em1 destroy }\n" +
           at(top) + "schedule one {\nrun a until done\n" + at(schedule) +
           "}\n"
           "expect broken { one: bug }\n"
           "expect fixed {\nno bug\n" +
           at(expect) + (where == condition ? "forall (" + lines + ")\n" : "") + "}\n";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size > 0) {
        fuzz::check_race(
            scenario_with(static_cast<place>(data[0] % places),
                          std::string(reinterpret_cast<const char*>(data) + 1, size - 1)));
    }
    return 0;
}
