#include "scenarios/lang/schedule.h"

#include <string>
#include <tuple>
#include <utility>

#include "scenarios/lang/references.h"
#include "scenarios/lang/word_cursor.h"

namespace scenario {

namespace {

const std::vector<std::string>& point_words() {
    static const std::vector<std::string> list = {"done",  "blocked", "enter",  "leave",
                                                  "in",    "lock",    "unlock", "window",
                                                  "steps", "before",  "after"};
    return list;
}

bool ends_point(const word& w) {
    return w.empty() || w.is("or") || w.is("<") || w.is("dev") || w.is("obj") || w.is("nth");
}

// [dev IF] [obj X] [nth N]
void read_narrowing(word_cursor& words, point& p) {
    while (words.ok() && (words.next_is("dev") || words.next_is("obj") || words.next_is("nth"))) {
        if (words.take("dev")) {
            p.device = take_interface(words, "an interface");
        } else if (words.take("obj")) {
            p.object = words.take_word("an object");
        } else {
            words.take("nth");
            p.nth = static_cast<uint32_t>(words.take_number("a count", 1, UINT32_MAX));
        }
    }
}

// `first`: the word that the point begins with, already taken from `A@done`.
point read_point_from(word_cursor& words, const word& first) {
    point p;
    p.at = first.at;
    if (first.is("done")) {
        p.kind = point_kind::done;
        p.name = ends_point(words.peek()) ? word{} : words.take_name("a label");
    } else if (first.is("blocked")) {
        p.kind = point_kind::blocked;
        p.name = words.take("on") ? words.take_word("what it waits for") : word{};
    } else if (first.is("enter") || first.is("leave")) {
        p.kind = first.is("enter") ? point_kind::enter : point_kind::leave;
        p.name = words.take_word("a function");
    } else if (first.is("in")) {
        p.kind = point_kind::touches;
        p.name = words.take_word("a function");
        words.expect("touches");
        p.touched = words.take_word("an object");
    } else if (first.is("lock") || first.is("unlock")) {
        p.kind = first.is("lock") ? point_kind::lock : point_kind::unlock;
        p.name = words.take_word("a lock");
    } else if (first.is("window")) {
        p.kind = point_kind::window;
        p.name = words.take_name("a window");
    } else if (first.is("steps")) {
        p.kind = point_kind::steps;
        p.count = words.take_number("the number of steps", 1, UINT32_MAX);
    } else if (first.is("before") || first.is("after")) {
        p.kind = first.is("before") ? point_kind::before : point_kind::after;
        p.name = words.take_name("a label");
    } else {
        words.fail_at(first.at, "unknown point '" + first.text + "'",
                      did_you_mean(first.text, point_words()));
    }
    read_narrowing(words, p);
    return p;
}

point read_point(word_cursor& words) {
    return read_point_from(words, words.take_word("a point"));
}

// POINT [or POINT]...
std::vector<point> read_points(word_cursor& words) {
    std::vector<point> list;
    do {
        list.push_back(read_point(words));
    } while (words.take("or"));
    return list;
}

// A@POINT: the context is what stands before the '@' of the first word.
std::pair<word, point> read_context_point(word_cursor& words) {
    word w = words.take_word("CONTEXT@POINT");
    size_t sign = w.quoted ? std::string::npos : w.text.find('@');
    if (sign == std::string::npos || sign == 0 || sign + 1 == w.text.size()) {
        words.fail_at(w.at, "expected CONTEXT@POINT, found '" + w.text + "'",
                      "order net0@enter ip_output < adm@done A1");
        return {};
    }
    word name = w;
    name.text = w.text.substr(0, sign);
    name.at.length = static_cast<uint32_t>(sign);
    word first = w;
    first.text = w.text.substr(sign + 1);
    first.at.column += static_cast<uint32_t>(sign + 1);
    first.at.length -= static_cast<uint32_t>(sign + 1);
    return {name, read_point_from(words, first)};
}

// explore STRATEGY [preemptions N] [delays N] [depth N] [steps N] [seed N] [executions N]
explore_clause read_explore(word_cursor& words, const parse_options& options) {
    explore_clause e;
    e.strategy = words.peek();
    words.take_one_of("strategy", options.strategies);
    const std::vector<std::string> names = {"preemptions", "delays", "depth",
                                            "steps",       "seed",   "executions"};
    std::optional<uint64_t>* const fields[] = {&e.preemptions, &e.delays, &e.depth,
                                               &e.steps,       &e.seed,   &e.executions};
    while (!words.at_end()) {
        word name = words.peek();
        size_t which = words.take_one_of("option of explore", names);
        if (words.ok() && fields[which]->has_value()) {
            words.fail_at(name.at, "'" + name.text + "' given twice");
        }
        *fields[which] = words.take_number("a number of " + names[which], 0, UINT64_MAX);
    }
    return e;
}

void read_clause(const statement_node& node, const parse_options& options, schedule& s,
                 diagnostics& out) {
    word_cursor words(node.words, node.end(), out);
    if (node.has_block || node.raw) {
        out.add(node.has_block ? node.open : node.raw->at, "a clause of a schedule has no block");
        return;
    }
    const std::vector<std::string> verbs = {"run", "order", "prune", "explore"};
    size_t verb = words.take_one_of("clause of a schedule", verbs);
    if (verb == 0) {
        run_clause run;
        run.context = words.take_word("a context");
        words.expect("until");
        run.until = read_points(words);
        words.finish();
        if (words.ok() && s.explore) {
            words.fail_at(node.words[0].at, "'run' after 'explore'",
                          "runs come first, one 'explore' fills the rest");
        }
        if (words.ok()) {
            s.runs.push_back(std::move(run));
        }
    } else if (verb == 1) {
        order_clause order;
        std::tie(order.first_context, order.first) = read_context_point(words);
        words.expect("<");
        std::tie(order.second_context, order.second) = read_context_point(words);
        words.finish();
        if (words.ok()) {
            s.orders.push_back(std::move(order));
        }
    } else if (verb == 2) {
        prune_clause prune;
        words.expect("until");
        prune.context = words.take_word("a context");
        words.expect("at");
        prune.until = read_points(words);
        words.finish();
        if (words.ok()) {
            s.prunes.push_back(std::move(prune));
        }
    } else {
        explore_clause explore = read_explore(words, options);
        if (words.ok() && s.explore) {
            words.fail_at(node.words[0].at, "'explore' given twice in one schedule");
        }
        if (words.ok()) {
            s.explore = std::move(explore);
        }
    }
}

}  // namespace

schedule read_schedule(const statement_node& node, const parse_options& options, diagnostics& out) {
    schedule s;
    word_cursor words(node.words, node.end(), out);
    words.expect("schedule");
    s.name = words.take_name("the name of the schedule");
    words.finish();
    if (words.ok() && !node.has_block) {
        words.fail("'schedule' needs a block", "schedule NAME { run T until POINT }");
    }
    for (const statement_node& clause : node.block) {
        read_clause(clause, options, s, out);
    }
    if (words.ok() && node.block.empty() && !node.damaged) {
        words.fail_at(s.name.at, "schedule '" + s.name.text + "' says nothing");
    }
    return s;
}

}  // namespace scenario
