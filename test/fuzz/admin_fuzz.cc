// An administrator types what nobody would: a command does what it says, or says why not; what it leaves
// behind fits.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/admin/text.h"
#include "model/admin/tools.h"
#include "model/kern/timeout.h"
#include "test/fuzz/fuzz_check.h"
#include "test/fuzz/router_check.h"

namespace {

using namespace model;

constexpr unsigned commands_max = 24;

// Those sleep until somebody else does something, and here is nobody.
bool may_sleep(std::string_view text) {
    const auto words = admin::split_words(text.substr(0, text.find('\n')));
    for (const char* sleeper : {"accept", "recv", "reinject", "ping", "connect", "send"}) {
        if (!words.empty() && words[0] == sleeper) {
            return true;
        }
    }
    const auto has = [&words](std::string_view word) {
        return std::find(words.begin(), words.end(), word) != words.end();
    };
    return has("route") && ((has("monitor") && !has("as")) || (has("read") && !has("all")));
}

void check_command(net::stack& st, const std::string& text) {
    std::string out;
    const int status = admin::command(st, text, out);
    fuzz::require(status == 0 || status == 1 || status == 127, "a tool's exit status", text);
    // "arp: 10.3.3.3: No such process", "usage: arp ...", "stdin:1: syntax error"; arp(8) has an answer of its own.
    const bool says_why = out.find(": ") != std::string::npos || out.ends_with(" -- no entry\n");
    fuzz::require(status == 0 || says_why, "a tool that fails says which it is, and why",
                  text + "\n" + out);
    fuzz::require(out.empty() || out.back() == '\n', "what a tool prints ends in a line end",
                  text + "\n" + out);
}

}  // namespace

// Commands, an empty line between two: what follows the first line of one is its standard input.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    net::stack st("r", 1);
    kern::timeout_set_clock(st.timeouts, 1000);
    fuzz::configure(st, "ifconfig em0 inet 10.0.1.1/24 lladdr 02:00:00:00:01:01");
    fuzz::configure(st, "ifconfig em1 inet 10.0.2.1/24 lladdr 02:00:00:00:02:01");
    fuzz::configure(st, "route add 10.9.0.0/16 10.0.2.2");
    std::string rest(reinterpret_cast<const char*>(data), size);
    fuzz::frames_seen seen;
    for (unsigned n = 0; n < commands_max && !rest.empty(); ++n) {
        const size_t end = rest.find("\n\n");
        const std::string text = rest.substr(0, end);
        rest = end == std::string::npos ? "" : rest.substr(end + 2);
        if (may_sleep(text)) {
            continue;
        }
        check_command(st, text);
        check_sent(st, seen);
        fuzz::check_router(st, text);
    }
    return 0;
}
