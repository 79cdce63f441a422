// Whole texts of scenarios.
#include <cstddef>
#include <cstdint>
#include <string>

#include "test/fuzz/race_check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    fuzz::check_race(std::string(reinterpret_cast<const char*>(data), size));
    return 0;
}
