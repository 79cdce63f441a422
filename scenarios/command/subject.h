// subject.h - what a word on the command line stands for: a race, a program, a token.
// Source:  races are found by path, or by name under scenarios/races of the current folder or of the
//          source tree.
// Shapes:  a race is called as its token calls it: "forward" or "forward.race".
// Locks:   none.
// Errors:  a message with near matches; exit status 2.
#pragma once

#include <string>
#include <vector>

#include "scenarios/lang/script.h"

namespace scenario {

struct subject {
    std::string path;
    bool race = false;
    script text;  // race only: parsed, and its names looked up in the model
};

// A race that is there, as `heddle list` shows it.
struct known_race {
    std::string path;
    std::string name;         // file name without .race
    std::string description;  // what the scenario says of itself; a complaint if it does not parse
};
std::vector<known_race> known_races();

// Path of what `word` means; races are not read yet.
[[nodiscard]] bool find_subject(const std::string& word, subject& s, std::string& error);
// The same, and reads it if it is a race.
[[nodiscard]] bool open_subject(const std::string& word, subject& s, std::string& error);
// What a token names: its path, if there is one subject of that name.
[[nodiscard]] bool find_subject_of_token(const std::string& token, subject& s, std::string& error);

// Has the word the form of a token? It may still be a wrong one.
bool looks_like_token(const std::string& word);

// Near matches or all that is known, as a sentence; "" if there is nothing to say.
std::string hint(const std::string& word, const std::vector<std::string>& known);

}  // namespace scenario
