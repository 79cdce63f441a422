// A project that uses an installed heddle: writes a trace and reads it back.

#include <iostream>
#include <sstream>
#include <string>

#include "sim/trace/trace.h"

int main() {
    sim::trace written;
    written.header.subject = "consumer";
    std::stringstream text;
    sim::write_trace(written, text);

    sim::trace read;
    std::string error;
    if (!sim::read_trace(text, read, error) || read != written) {
        std::cerr << "the trace did not come back: " << error << '\n';
        return 1;
    }
    return 0;
}
