// arguments.h - the words behind a verb, taken apart; its --help, and complaints about wrong words.
// Source:  CLI11 takes the line apart; texts are ours, so that every complaint names what was meant.
// Shapes:  targets are bound by reference and keep their value where the line says nothing.
// Locks:   none.
// Errors:  printed on stderr with near matches; exit status 2.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace scenario {

// What was typed: `heddle VERB WORDS... [-- SUBJECT'S ARGUMENTS]`.
struct invocation {
    std::string command = "heddle";  // how to call this program again
    std::string verb;
    std::vector<std::string> words;
    std::vector<std::string> after_dashes;
    bool has_dashes = false;
};

class arguments {
  public:
    // `usage` is what stands behind the verb; examples are whole lines.
    arguments(std::string verb, std::string usage, std::string summary,
              std::vector<std::string> examples);
    ~arguments();
    arguments(const arguments&) = delete;
    arguments& operator=(const arguments&) = delete;

    void positional(const std::string& name, std::string& target, const std::string& help,
                    bool required = true);
    void flag(const std::string& names, bool& target, const std::string& help);
    void text(const std::string& names, const std::string& value, std::string& target,
              const std::string& help);
    void texts(const std::string& names, const std::string& value, std::vector<std::string>& target,
               const std::string& help);
    void number(const std::string& names, std::optional<uint64_t>& target, uint64_t min,
                uint64_t max, const std::string& help);
    void choice(const std::string& names, const std::vector<std::string>& known,
                std::string& target, const std::string& help);
    // One of those that are known each time; may be given more than once.
    void choices(const std::string& names, const std::string& value,
                 const std::vector<std::string>& known, std::vector<std::string>& target,
                 const std::string& help);
    // What follows "--" goes to the subject; without this call it is refused.
    void take_subject_arguments() { subject_arguments_ = true; }
    // A heading in the list of options.
    void group(const std::string& title);

    // Empty: go on. Else the verb is done with this exit status: help was printed, or a complaint.
    [[nodiscard]] std::optional<int> parse(const invocation& line);

  private:
    struct parts;
    [[nodiscard]] std::string help() const;
    [[nodiscard]] std::optional<std::string> convert() const;

    std::string verb_;
    std::string usage_;
    std::string summary_;
    std::vector<std::string> examples_;
    bool subject_arguments_ = false;
    std::unique_ptr<parts> parts_;
};

// "heddle VERB: WHAT" on stderr and where to read on; returns the exit status 2.
int wrong_usage(const std::string& verb, const std::string& what);

// What is wrong with the user's text or files, on stderr: rendered diagnostics as they are, other
// text with the verb before it; returns the exit status 2.
int complain(const std::string& verb, const std::string& error);

}  // namespace scenario
