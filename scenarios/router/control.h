// control.h - who may tell a router what to do: the standard input, and clients of a control socket.
// Source:  ours. A request is a line; after one that ends in `-f -` come lines up to one that is a dot alone: what the
//          tool reads. A client gets what was printed and a last line `= STATUS`.
// Shapes:  requests of all are served one after the other, by a context of their own.
// Locks:   [Q] the queue's mutex  [L] the loop's context alone
// Errors:  messages; exit status 2.
#pragma once

#include <string>
#include <vector>

#include "scenarios/router/network.h"

namespace scenario {

struct control_options {
    std::string path;    // of the control socket; empty: none
    bool input = true;   // the standard input, too
    double seconds = 0;  // ends by itself after so long; 0: does not
    std::string ready;   // said on stderr as soon as commands are taken
};

// Serves until SIGINT, SIGTERM, the line `quit` on the standard input, or the end of its time. The signals are blocked in
// the calling context and all that it has started. 0; 1: a command never came to its end, so that the router cannot be
// taken apart; 2: the socket cannot be made.
[[nodiscard]] int serve(network& routers, const control_options& options, std::string& error);

// `heddle ctl PATH WORDS`: the answer to that line on the standard output; returns the tool's exit status, 2: nobody
// answers there.
[[nodiscard]] int ask(const std::string& path, const std::vector<std::string>& words,
                      std::string& error);

}  // namespace scenario
