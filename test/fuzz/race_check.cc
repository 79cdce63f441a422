#include "test/fuzz/race_check.h"

#include <optional>

#include "scenarios/lang/parse.h"
#include "scenarios/lang/print.h"
#include "test/fuzz/fuzz_check.h"

namespace fuzz {

namespace {

scenario::parse_options with_includes(const std::string& text) {
    scenario::parse_options options;
    options.read_file = [&text](const std::string& name) -> std::optional<std::string> {
        if (name == "part.race") {
            return "param n 1..2\nregime giant\n";
        }
        return name == "again.race" ? std::optional(text) : std::nullopt;
    };
    return options;
}

void check_mistakes(const std::vector<scenario::diagnostic>& mistakes) {
    for (const scenario::diagnostic& d : mistakes) {
        require(d.line > 0 && d.column > 0, "a mistake has a place", d.message);
        require(!d.message.empty(), "a mistake is explained");
    }
    require(!render(mistakes).empty(), "mistakes can be shown");
}

}  // namespace

void check_race(const std::string& text) {
    const scenario::parse_result r = scenario::parse(text, "fuzz.race", with_includes(text));
    if (!r.ok()) {
        check_mistakes(r.errors);
        return;
    }
    const std::string printed = to_text(r.value);
    const scenario::parse_result again = scenario::parse(printed, "printed.race");
    require(again.ok(), "what was printed reads back", render(again.errors) + printed);
    require(again.value == r.value, "what was printed means the same",
            printed + "---- prints as ----\n" + to_text(again.value));
    require(to_text(again.value) == printed, "normal form is normal", printed);
}

}  // namespace fuzz
