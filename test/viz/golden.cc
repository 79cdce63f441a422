#include "test/viz/golden.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace test {

void expect_golden(const std::string& name, const std::string& text) {
    const std::string path = std::string(HEDDLE_GOLDEN_DIR) + "/" + name;
    if (std::getenv("HEDDLE_UPDATE_GOLDEN") != nullptr) {
        std::ofstream(path) << text;
    }
    std::ifstream in(path);
    const std::string golden((std::istreambuf_iterator<char>(in)), {});
    EXPECT_EQ(golden, text) << "see " << name;
}

}  // namespace test
