// all_races.h - the races of scenarios/races, for tests that have one case a race.
// Shapes:  paths, sorted; those of arp_cases and divert have tests of their own; a case is called as its file without the ending.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace scenario::test {

inline std::vector<std::string> all_races() {
    std::vector<std::string> races;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(HEDDLE_RACES)) {
        const std::string family = entry.path().parent_path().filename();
        if (entry.path().extension() == ".race" && family != "arp_cases" && family != "divert") {
            races.push_back(entry.path().string());
        }
    }
    std::sort(races.begin(), races.end());
    return races;
}

inline std::string race_test_name(const testing::TestParamInfo<std::string>& i) {
    return std::filesystem::path(i.param).stem().string();
}

}  // namespace scenario::test
