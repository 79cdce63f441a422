// Any bytes are refused with a line number, or are a trace that is written as itself.
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>

#include "sim/trace/trace.h"
#include "test/fuzz/fuzz_check.h"

namespace {

std::string written(const sim::trace& t) {
    std::ostringstream out;
    write_trace(t, out);
    return out.str();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    std::istringstream in(std::string(reinterpret_cast<const char*>(data), size));
    sim::trace t;
    std::string error;
    if (!read_trace(in, t, error)) {
        fuzz::require(error.starts_with("line "), "a mistake has a line", error);
        return 0;
    }
    const std::string text = written(t);
    std::istringstream back(text);
    sim::trace again;
    fuzz::require(read_trace(back, again, error), "a written trace reads back",
                  error + "\n" + text);
    fuzz::require(again == t, "a written trace means the same", text);
    fuzz::require(written(again) == text, "the same trace is the same bytes", text);
    return 0;
}
