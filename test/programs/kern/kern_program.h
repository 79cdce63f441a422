// kern_program.h - what the programs of this folder share: contexts, and cases chosen by the argument.
// Source:  ours; each program is about one primitive of model/kern, and is linked with its real code.
// Shapes:  a case is a function that checks by `assert`; everything else that is wrong is the machine's to find.
// Locks:   none.
// Errors:  a case that is not there is an assertion.
#pragma once

#include <cassert>
#include <cstring>
#include <thread>
#include <vector>

namespace model::kern {

struct named_case {
    const char* name;
    void (*play)();
};

// All at once; returns when all have ended.
template <typename... Bodies>
void together(Bodies... bodies) {
    std::thread threads[] = {std::thread(bodies)...};
    for (std::thread& t : threads) {
        t.join();
    }
}

template <unsigned n>
int play(const named_case (&cases)[n], int argc, char** argv) {
    int played = 0;
    for (const named_case& c : cases) {
        if (argc == 2 && strcmp(argv[1], c.name) == 0) {
            c.play();
            ++played;
        }
    }
    assert(played == 1);
    return 0;
}

}  // namespace model::kern
