// small_script.h - a right script of six lines for tests to add lines to.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "scenarios/lang/parse.h"

namespace scenario {

inline const std::string small_script =
    "scenario t\n"
    "topology { router r cpus 2 { ifconfig em0 inet 10.0.1.1/24; ifconfig em1 inet 10.0.2.1/24 } "
    "}\n"
    "cpu 0 thread net0 { A0: em0 < IP 10.0.1.9.1 > 10.9.0.5.53: udp 8 as P1 }\n"
    "cpu 1 thread adm { A1: ifconfig em1 destroy }\n"
    "schedule one { run net0 until done }\n"
    "expect fixed { no bug }\n";

// The small script with more lines behind it; they begin at line 7.
inline parse_result parse_more(const std::string& lines, const parse_options& options = {}) {
    return parse(small_script + lines + "\n", "t.race", options);
}

inline script script_with(const std::string& lines, const parse_options& options = {}) {
    parse_result result = parse_more(lines, options);
    EXPECT_EQ(render(result.errors), "");
    return std::move(result.value);
}

// "LINE:COLUMN+LENGTH: MESSAGE | HINT", one line each.
inline std::string error_lines(const std::vector<diagnostic>& errors) {
    std::string text;
    for (const diagnostic& d : errors) {
        text += text.empty() ? "" : "\n";
        text += std::to_string(d.line) + ":" + std::to_string(d.column) + "+" +
                std::to_string(d.length) + ": " + d.message;
        text += d.hint.empty() ? "" : " | " + d.hint;
    }
    return text;
}

}  // namespace scenario
