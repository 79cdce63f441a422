#include "test/command/told.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "test/command/heddle_call.h"
#include "test/viz/golden.h"

namespace scenario::test {

std::string told(const std::vector<std::string>& words) {
    heddle_call heddle;
    std::vector<std::string> all = {"explore"};
    all.insert(all.end(), words.begin(), words.end());
    all.insert(all.end(), {"-q", "--color", "never", "--width", "1000"});
    const std::string out = heddle.run(all).out;
    const size_t table = out.find("\n\n");
    const size_t below = out.find("\n\n", table + 2);
    const size_t sizes = out.find("\n  operations:");
    return below == std::string::npos ? out : out.substr(below + 2, sizes - below - 2);
}

std::string report_of(const std::string& name, const heddle_result& r) {
    std::string report;
    for (std::string line : r.lines()) {
        for (const std::string& from : {std::string(HEDDLE_PROGRAM), subject_path(name)}) {
            const std::string to = from == HEDDLE_PROGRAM ? "heddle" : name + ".so";
            for (size_t at = line.find(from); at != std::string::npos; at = line.find(from)) {
                line.replace(at, from.size(), to);
            }
        }
        if (line.starts_with("next:")) {
            break;
        }
        const size_t seconds = line.find("seconds");
        if (seconds == std::string::npos && line.find("program  ") != std::string::npos) {
            line.resize(line.find_last_not_of("0123456789."));
        }
        // A racing location without a name is an offset, and where things lie is the compiler's choice.
        const size_t offset = line.rfind("/~");
        if (offset != std::string::npos &&
            line.find_first_not_of("0123456789", offset + 2) == std::string::npos) {
            line.resize(offset + 2);
            line += "N";
        }
        while (line.ends_with(" ")) {
            line.pop_back();
        }
        report += line + "\n";
    }
    return report;
}

void expect_told_by_one_and_two(const std::string& name) {
    heddle_call heddle;
    const heddle_result one = heddle.run({"explore", subject_path(name)});
    EXPECT_EQ(one.status, 1) << one.out << one.err;
    ::test::expect_golden(name + ".txt", report_of(name, one));
    const heddle_result two = heddle.run({"explore", subject_path(name), "-j", "2"});
    EXPECT_EQ(report_of(name, one), report_of(name, two));
}

std::string finding_told(const std::vector<std::string>& words) {
    const std::string all = told(words);
    const size_t command = all.find("  heddle replay ");
    const size_t end = all.find('\n', command == std::string::npos ? 0 : command);
    return all.substr(std::min(end, all.size() - 1) + 1);
}

bool is_proved(std::vector<std::string> words) {
    heddle_call heddle;
    words.insert(words.begin(), "explore");
    words.emplace_back("--json");
    const heddle_result r = heddle.run(words);
    return r.status == 0 && r.out.find("\"verdict\":\"proved\"") != std::string::npos;
}

}  // namespace scenario::test
