// tables.h - numbers for what a trace says again and again: texts, frames, stacks, sets of contexts.
// Source:  a trace of 50,000 events has some thousand different stacks.
// Shapes:  numbers in the order in which things are first asked for; 0 is "", the empty stack, the empty set.
// Locks:   none; a table belongs to one writer.
// Errors:  none.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "sim/trace/json_line.h"
#include "sim/trace/trace.h"
#include "viz/phrase.h"

namespace viz {

class data_tables {
  public:
    explicit data_tables(plumbing_files plumbing);

    uint32_t text(const std::string& s);
    uint32_t stack(const std::vector<sim::trace_frame>& stack);
    uint32_t set(const std::vector<uint32_t>& contexts);

    // The fields "strings", "frames", "stacks", "sets": when everything else was asked for.
    void write(sim::json_line& json) const;

  private:
    uint32_t frame(const sim::trace_frame& f);

    plumbing_files plumbing_;
    std::map<std::string, uint32_t> text_numbers_;
    std::vector<std::string> texts_;
    std::map<std::tuple<std::string, std::string, uint32_t>, uint32_t> frame_numbers_;
    std::vector<std::vector<uint32_t>>
        frames_;  // function, its short name, file, line, is plumbing
    std::map<std::pair<uint32_t, uint32_t>, uint32_t> stack_numbers_;
    std::vector<std::pair<uint32_t, uint32_t>> stacks_;  // frame, caller's stack
    std::map<std::vector<uint32_t>, uint32_t> set_numbers_;
    std::vector<std::vector<uint32_t>> sets_;
};

// A list of numbers, as a value; `numbers` of json_line is a field that is left out when empty.
void write_list(sim::json_line& json, const std::vector<uint32_t>& values);

}  // namespace viz
