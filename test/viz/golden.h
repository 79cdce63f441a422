// golden.h - compares a text with a file of this folder; HEDDLE_UPDATE_GOLDEN=1 rewrites the file.
#pragma once

#include <string>

namespace test {

void expect_golden(const std::string& name, const std::string& text);

}  // namespace test
