#include "scenarios/command/step_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "scenarios/command/step_view.h"
#include "scenarios/command/subject.h"
#include "scenarios/runner/step_points.h"

namespace scenario {

namespace {

using json = nlohmann::ordered_json;

constexpr const char* schedule_name = "stepped";

bool is_number(const std::string& word, uint64_t& number) {
    const auto [end, wrong] = std::from_chars(word.data(), word.data() + word.size(), number);
    return wrong == std::errc{} && end == word.data() + word.size();
}

std::string joined(const std::vector<std::string>& words, size_t from, const char* between = " ") {
    std::string out;
    for (size_t i = from; i < words.size(); ++i) {
        out += (i == from ? "" : between) + words[i];
    }
    return out;
}

}  // namespace

// One of the words that are no context.
struct step_session::order {
    std::string name;
    std::string letter;  // its short form, "" none
    std::string usage;
    std::string meaning;
    void (step_session::*obey)(const words&);  // null: quit
};

const std::vector<step_session::order>& step_session::orders() {
    static const std::vector<order> all = {
        {"next", "n", "n [N]", "N usual steps (1)", &step_session::next},
        {"run", "r", "run C [until POINT]", "C alone, until blocked or done or there",
         &step_session::run},
        {"until", "u", "until POINT [or POINT]",
         "usual steps until somebody is there: enter F, blocked, done, lock X, ...",
         &step_session::until},
        {"finish", "", "finish", "usual choices to the end", &step_session::finish},
        {"back", "b", "b [N]", "takes back the last N choices (1)", &step_session::back},
        {"list", "l", "list", "shows this point again", &step_session::list},
        {"where", "w", "where [C]", "the call stack of each context, or of C",
         &step_session::where},
        {"state", "s", "state", "the last change of each object", &step_session::state},
        {"print", "p", "print", "the choices so far, as a schedule block (a program: as a token)",
         &step_session::print},
        {"save", "", "save FILE", "the same, into a file", &step_session::save},
        {"help", "h", "help", "this list", &step_session::help},
        {"quit", "q", "quit", "ends; so does the end of the input", nullptr},
    };
    return all;
}

void step_session::refuse(const std::string& why) {
    ++refused_;
    to_.talk(why + "\n");
}

void step_session::show(uint32_t since) {
    const step_state& s = stepper_.state();
    to_.data(to_.json ? point_json(s, since) : point_text(s, since, to_.how));
}

void step_session::begin() {
    show(0);
}

void step_session::end() {
    if (to_.json) {
        const bool race = source_.race != nullptr;
        to_.data(result_json(stepper_.state(),
                             race ? source_.race->name.text : source_.program.name(),
                             source_.token.variant, stepper_.token()));
    }
}

std::string step_session::usual() const {
    const step_state& s = stepper_.state();
    if (s.asks == step_question::data) {
        return std::to_string(s.usual);
    }
    for (const step_context& c : s.contexts) {
        if (s.asks == step_question::context && c.id == s.usual) {
            return c.name;
        }
    }
    return "";
}

bool step_session::is_over() {
    if (stepper_.state().asks != step_question::nothing) {
        return false;
    }
    refuse("the execution is over; back, print, save and quit are left");
    return true;
}

// `n`, `n 5`.
bool step_session::take_count(const words& w, uint64_t& count) {
    count = 1;
    if (w.size() == 1 || (w.size() == 2 && is_number(w[1], count) && count != 0)) {
        return true;
    }
    refuse(fmt::format("{}: a number of at least 1 is expected, not '{}'", w[0], joined(w, 1)));
    return false;
}

// By number, by name, or by the beginning of one name alone.
const step_context* step_session::context_called(const std::string& word) {
    const std::vector<step_context>& all = stepper_.state().contexts;
    uint64_t number = 0;
    const bool by_number = is_number(word, number);
    std::vector<const step_context*> beginning;
    std::vector<std::string> names;
    for (const step_context& c : all) {
        if (c.name == word || (by_number && c.id == number)) {
            return &c;
        }
        if (c.name.starts_with(word)) {
            beginning.push_back(&c);
        }
        names.push_back(c.name);
    }
    if (beginning.size() == 1) {
        return beginning[0];
    }
    if (beginning.size() > 1) {
        std::string may_be;
        for (const step_context* c : beginning) {
            may_be += (may_be.empty() ? "" : " or ") + c->name;
        }
        refuse(fmt::format("'{}' may be {}", word, may_be));
        return nullptr;
    }
    if (!by_number) {
        for (const order& o : orders()) {
            names.push_back(o.name);
        }
    }
    std::string near = near_matches(word, names).empty() ? "" : hint(word, names);
    if (near.empty()) {
        names.resize(all.size());
        near = "contexts: " + joined(names, 0, ", ") + "; help lists the commands";
    }
    refuse(fmt::format("no context and no command '{}'; {}", word, near));
    return nullptr;
}

bool step_session::can_go_on(const step_context& c) {
    switch (c.standing) {
        case step_standing::can_go_on:
            return true;
        case step_standing::waits_for_cpu:
            refuse(c.name + " cannot go on: another context has its CPU");
            return false;
        case step_standing::blocked:
            refuse(fmt::format("{} cannot go on: it waits for {}", c.name, c.waits_for));
            return false;
        case step_standing::ended:
            refuse(c.name + " cannot go on: it has ended");
            return false;
    }
    return false;
}

// A context, an alternative, or nothing for the usual one.
void step_session::choose(const words& w) {
    const step_state& s = stepper_.state();
    const uint32_t since = s.step;
    if (is_over()) {
        return;
    }
    uint8_t answer = s.usual;
    if (s.asks == step_question::data && !w.empty()) {
        uint64_t number = 0;
        if (!is_number(w[0], number) || number >= s.alternatives) {
            refuse(
                fmt::format("'{}' is none of the alternatives 0 to {}", w[0], s.alternatives - 1));
            return;
        }
        answer = static_cast<uint8_t>(number);
    } else if (!w.empty()) {
        const step_context* c = context_called(w[0]);
        if (c == nullptr || !can_go_on(*c)) {
            return;
        }
        answer = c->id;
    }
    stepper_.take(answer);
    show(since);
}

void step_session::next(const words& w) {
    uint64_t count = 0;
    const uint32_t since = stepper_.state().step;
    if (!take_count(w, count) || is_over()) {
        return;
    }
    if (stepper_.state().asks == step_question::data) {
        stepper_.take(stepper_.state().usual);
    }
    stepper_.forward(count);
    show(since);
}

void step_session::go_until(const step_context* only, const words& w) {
    const uint32_t since = stepper_.state().step;
    std::vector<point> points;
    std::string wrong;
    if (!read_points(joined(w, 0), points, wrong)) {
        refuse(wrong);
        return;
    }
    const std::optional<uint8_t> id = only != nullptr ? std::optional(only->id) : std::nullopt;
    const std::string who = only != nullptr ? only->name : "nobody";
    if (!stepper_.run_until(id, points)) {
        refuse(fmt::format(
            "{} {} '{}' {}", who, only != nullptr ? "does not come to" : "comes to", joined(w, 0),
            only != nullptr ? "before it is blocked or done" : "by usual steps from here"));
        return;
    }
    show(since);
    if (stepper_.state().asks == step_question::data && !to_.quiet) {
        to_.talk("a data choice comes first\n");
    }
}

void step_session::until(const words& w) {
    if (w.size() == 1) {
        refuse("until: a point is missing: until enter F, until blocked, until done");
    } else if (!is_over()) {
        go_until(nullptr, {w.begin() + 1, w.end()});
    }
}

void step_session::run(const words& w) {
    const uint32_t since = stepper_.state().step;
    if (w.size() == 1) {
        refuse("run: a context is missing: run C [until POINT]");
        return;
    }
    if (is_over()) {
        return;
    }
    const step_context* c = context_called(w[1]);
    if (c == nullptr || !can_go_on(*c)) {
        return;
    }
    if (w.size() > 3 && w[2] == "until") {
        go_until(c, {w.begin() + 3, w.end()});
    } else if (w.size() > 2) {
        refuse(fmt::format("run: 'until POINT' is expected, not '{}'", joined(w, 2)));
    } else {
        stepper_.run_alone(c->id);
        show(since);
    }
}

void step_session::finish(const words&) {
    const uint32_t since = stepper_.state().step;
    if (!is_over()) {
        stepper_.finish();
        show(since);
    }
}

void step_session::back(const words& w) {
    uint64_t count = 0;
    if (!take_count(w, count)) {
        return;
    }
    if (stepper_.choices() == 0) {
        refuse("nothing was chosen yet");
        return;
    }
    stepper_.back(count);
    const uint32_t step = stepper_.state().step;
    show(step == 0 ? 0 : step - 1);
}

void step_session::list(const words&) {
    const uint32_t step = stepper_.state().step;
    show(step == 0 ? 0 : step - 1);
}

void step_session::where(const words& w) {
    const step_context* only = nullptr;
    if (w.size() > 1) {
        only = context_called(w[1]);
        if (only == nullptr) {
            return;
        }
    }
    const step_state& s = stepper_.state();
    to_.data(to_.json ? where_json(s, only) : where_text(s, only));
}

void step_session::state(const words&) {
    const step_state& s = stepper_.state();
    to_.data(to_.json ? changes_json(s) : changes_text(s));
}

// A program, or what the language has no words for: the token.
std::string step_session::choices_text() {
    std::string why;
    const std::string block = stepper_.schedule(schedule_name, why);
    if (block.empty() && source_.race != nullptr && !to_.quiet) {
        to_.talk("as a token, since " + why + "\n");
    }
    return block.empty() ? stepper_.token() + "\n" : block;
}

void step_session::print(const words&) {
    const std::string text = choices_text();
    if (!to_.json) {
        to_.data(text);
        return;
    }
    const bool block = text.rfind("schedule ", 0) == 0;
    const json j = {{"type", "schedule"},
                    {"step", stepper_.state().step},
                    {"token", stepper_.token()},
                    {"schedule", block ? text : ""}};
    to_.data(j.dump(-1, ' ', false, json::error_handler_t::replace) + "\n");
}

void step_session::save(const words& w) {
    if (w.size() == 1) {
        refuse("save: a file is missing: save FILE");
        return;
    }
    const std::string path = joined(w, 1);
    std::ofstream out(path, std::ios::binary);
    out << choices_text();
    out.close();
    if (!out) {
        refuse(path + ": cannot be written");
    } else if (!to_.quiet) {
        to_.talk("wrote " + path + "\n");
    }
}

void step_session::help(const words&) {
    std::string out = fmt::format("  {:<24} {}\n", "(an empty line)", "the usual choice, marked >");
    out += fmt::format("  {:<24} {}\n", "C", "the context of that name or number, one step");
    for (const order& o : orders()) {
        out += fmt::format("  {:<24} {}\n", o.usage, o.meaning);
    }
    to_.talk(out);
}

bool step_session::obey(const std::string& line) {
    std::istringstream in(line);
    words w;
    for (std::string word; in >> word;) {
        w.push_back(word);
    }
    const auto known = std::find_if(orders().begin(), orders().end(), [&](const order& o) {
        return !w.empty() && (w[0] == o.name || (!o.letter.empty() && w[0] == o.letter));
    });
    if (known != orders().end()) {
        if (known->obey == nullptr) {
            return false;
        }
        (this->*known->obey)(w);
    } else if (w.size() > 1) {
        std::vector<std::string> names;
        for (const order& o : orders()) {
            names.push_back(o.name);
        }
        const std::string near = near_matches(w[0], names).empty() ? "" : hint(w[0], names);
        refuse(fmt::format("no command '{}'; {}", w[0], near.empty() ? "help lists them" : near));
    } else {
        choose(w);
    }
    return true;
}

}  // namespace scenario
