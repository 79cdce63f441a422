#include "scenarios/lang/condition.h"

#include <algorithm>
#include <utility>

#include "scenarios/lang/references.h"

namespace scenario {

namespace {

struct operator_name {
    std::string_view text;
    compare_op op;
};

// Two letters before one, so that "<=" is not read as "<".
constexpr operator_name operators[] = {
    {"==", compare_op::equal},      {"!=", compare_op::not_equal},
    {"<=", compare_op::less_equal}, {">=", compare_op::greater_equal},
    {"<", compare_op::less},        {">", compare_op::greater},
};

const operator_name* find_operator(const word& w) {
    for (const operator_name& known : operators) {
        if (w.is(known.text)) {
            return &known;
        }
    }
    return nullptr;
}

word part_of(const word& w, size_t begin, size_t count) {
    word part = w;
    part.text = w.text.substr(begin, count);
    part.at.column += static_cast<uint32_t>(begin);
    part.at.length = static_cast<uint32_t>(part.text.size());
    return part;
}

// Appends the pieces of one bare word.
void split_word(const word& w, bool in_braces, std::vector<word>& out) {
    size_t begin = 0;
    for (size_t i = 0; i < w.text.size();) {
        size_t length = in_braces && w.text[i] == ',' ? 1 : 0;
        for (const operator_name& known : operators) {
            bool here = w.text.compare(i, known.text.size(), known.text) == 0;
            length = length == 0 && here ? known.text.size() : length;
        }
        // A word cannot begin with '#': as a comment it would not be read again.
        if (length == 0 || w.text.compare(i + length, 1, "#") == 0) {
            i++;
            continue;
        }
        if (i > begin) {
            out.push_back(part_of(w, begin, i - begin));
        }
        out.push_back(part_of(w, i, length));
        i += length;
        begin = i;
    }
    if (begin < w.text.size()) {
        out.push_back(part_of(w, begin, w.text.size() - begin));
    }
}

const std::vector<std::string>& keywords() {
    static const std::vector<std::string> list = {"bug",   "fate", "count", "live",  "refs",
                                                  "stat",  "log",  "done",  "start", "ifconfig",
                                                  "route", "arp",  "not",   "no"};
    return list;
}

class condition_reader {
  public:
    condition_reader(word_cursor& words, const parse_options& options)
        : words_(words), options_(options) {}

    // Recursive: depth is bounded in read_unary.
    condition read() {
        condition left = read_list("or", condition_kind::disjunction);
        if (!words_.take("implies")) {
            return left;
        }
        condition right = read_list("or", condition_kind::disjunction);
        condition both;
        both.kind = condition_kind::implication;
        both.parts = {std::move(left), std::move(right)};
        if (words_.next_is("implies")) {
            words_.fail("'implies' twice", "put one of them in parentheses");
        }
        return both;
    }

  private:
    static constexpr int depth_max = 64;

    // Parts joined by `or` (of parts joined by `and`), or by `and`.
    condition read_list(std::string_view joint, condition_kind kind) {
        auto part = [&] {
            return kind == condition_kind::disjunction
                       ? read_list("and", condition_kind::conjunction)
                       : read_unary();
        };
        condition first = part();
        if (!words_.next_is(joint)) {
            return first;
        }
        condition all;
        all.kind = kind;
        all.parts.push_back(std::move(first));
        while (words_.take(joint)) {
            all.parts.push_back(part());
        }
        return all;
    }

    condition read_unary() {
        condition result;
        if (++depth_ > depth_max) {
            words_.fail("conditions nested more than " + std::to_string(depth_max) + " deep");
            return result;
        }
        if (words_.take("not") || words_.take("no")) {
            result.kind = condition_kind::negation;
            result.parts.push_back(read_unary());
        } else if (words_.take("(")) {
            result = read();
            words_.expect(")");
        } else {
            result.leaf = read_atom();
            if (negated_) {
                // `fate P != held` is `not fate P == held`.
                condition inner = std::move(result);
                result = {};
                result.kind = condition_kind::negation;
                result.parts.push_back(std::move(inner));
                negated_ = false;
            }
        }
        depth_--;
        return result;
    }

    atom read_atom() {
        atom a;
        a.at = words_.place();
        if (words_.at_end()) {
            words_.fail("expected a condition");
            return a;
        }
        const word& second = words_.peek(1);
        if (second.is(">") && !is_keyword(words_.peek())) {
            a.kind = atom_kind::sent;
            read_sent(a);
        } else if (is_observable()) {
            read_observable(a);
        } else if (is_keyword(words_.peek())) {
            read_keyword(a);
        } else if (second.is("blocked") || second.is("in") || second.is("got")) {
            read_context_atom(a);
        } else {
            fail_unknown();
        }
        return a;
    }

    void fail_unknown() {
        std::vector<std::string> known = keywords();
        known.insert(known.end(), options_.observables.begin(), options_.observables.end());
        std::string hint;
        if (!near_matches(words_.peek().text, known).empty()) {
            hint = did_you_mean(words_.peek().text, known);
        }
        words_.fail("unknown condition '" + words_.peek().text + "'", hint);
    }

    [[nodiscard]] static bool is_keyword(const word& w) {
        const std::vector<std::string>& list = keywords();
        return !w.quoted && std::find(list.begin(), list.end(), w.text) != list.end();
    }

    // `route X` asks whether the route is there, `route X == ...` compares it.
    [[nodiscard]] bool is_observable() const {
        const std::vector<std::string>& list = options_.observables;
        bool known = !words_.peek().quoted &&
                     std::find(list.begin(), list.end(), words_.peek().text) != list.end();
        if (!known || !is_keyword(words_.peek())) {
            return known;
        }
        size_t i = 1;
        while (!words_.peek(i).empty() && !ends_atom(words_.peek(i)) &&
               find_operator(words_.peek(i)) == nullptr && !words_.peek(i).is("in")) {
            i++;
        }
        return find_operator(words_.peek(i)) != nullptr || words_.peek(i).is("in");
    }

    void read_keyword(atom& a) {
        word keyword = words_.take_word("a condition");
        if (keyword.is("bug")) {
            read_bug(a);
        } else if (keyword.is("fate")) {
            read_fate(a);
        } else if (keyword.is("count")) {
            a.kind = atom_kind::count;
            words_.expect("(");
            read_sent(a);
            words_.expect(")");
            a.compare = take_comparison();
        } else if (keyword.is("live") || keyword.is("refs") || keyword.is("stat")) {
            a.kind = keyword.is("live")   ? atom_kind::live
                     : keyword.is("refs") ? atom_kind::refs
                                          : atom_kind::stat;
            a.subject = words_.take_name(keyword.is("live") ? "a kind of object" : "a name");
            a.compare = take_comparison();
        } else if (keyword.is("log")) {
            a.kind = atom_kind::log;
            a.subject = words_.take_word("the text of the message");
        } else if (keyword.is("done") || keyword.is("start")) {
            read_event(a, keyword);
        } else {
            read_exists(a, keyword);
        }
    }

    // bug [KIND [OBJECT...] [at FUNCTION]]
    void read_bug(atom& a) {
        a.kind = atom_kind::bug;
        if (words_.at_end() || ends_atom(words_.peek())) {
            return;
        }
        a.subject = words_.peek();
        words_.take_one_of("kind of bug", options_.bug_kinds);
        if (a.subject.is(sim::row_of(sim::finding_kind::lock_order).word)) {
            words_.fail_at(
                a.subject.at,
                "an order of locks is judged when all is explored: no single execution has it",
                "fixed fails by itself if one may deadlock; what waits is (bug deadlock)");
        }
        while (!words_.at_end() && !ends_atom(words_.peek()) && !words_.next_is("at")) {
            a.words.push_back(words_.take_name("an object"));
        }
        if (words_.take("at")) {
            a.where = words_.take_word("a function");
        }
    }

    // fate P [==|!=] forwarded [IF] | delivered [S] | held | dropped [REASON] | lost
    void read_fate(atom& a) {
        a.kind = atom_kind::fate;
        a.subject = words_.take_name("a packet");
        negated_ = words_.take("!=");
        if (!negated_) {
            words_.take("==");
        }
        const std::vector<std::string> fates = {"forwarded", "delivered", "held", "dropped",
                                                "lost"};
        a.fate = static_cast<packet_fate>(words_.take_one_of("fate", fates));
        bool more = !words_.at_end() && !ends_atom(words_.peek());
        if (more && a.fate == packet_fate::forwarded) {
            a.interface = take_interface(words_, "an interface");
        } else if (more && a.fate != packet_fate::held && a.fate != packet_fate::lost) {
            a.object = words_.take_name("a name");
        }
    }

    // IF > P, IF > IP ...
    void read_sent(atom& a) {
        a.interface = take_interface(words_, "an interface");
        words_.expect(">");
        if (words_.next_is("IP") || words_.next_is("ARP")) {
            a.packet = parse_packet(words_, packet_use::expect);
        } else {
            a.subject = words_.take_name("a packet");
        }
    }

    // done A [before start B]
    void read_event(atom& a, const word& keyword) {
        a.kind = atom_kind::event;
        a.first = {keyword.is("done"), words_.take_name("a label")};
        if (words_.take("before")) {
            a.kind = atom_kind::before;
            bool done = words_.take_one_of("event", {"done", "start"}) == 0;
            a.second = {done, words_.take_name("a label")};
        }
    }

    // ifconfig IF, route X [on ROUTER], arp X [on ROUTER]
    void read_exists(atom& a, const word& keyword) {
        a.kind = atom_kind::exists;
        a.subject = keyword;
        if (keyword.is("ifconfig")) {
            a.interface = take_interface(words_, "an interface");
            return;
        }
        a.object = words_.take_word("an address");
        bool address = keyword.is("route")
                           ? is_ipv4_or_prefix(a.object.text) || a.object.is("default")
                           : parse_ipv4(a.object.text).has_value();
        if (words_.ok() && !address) {
            words_.fail_at(a.object.at, "'" + a.object.text + "' is not an address");
        }
        if (words_.take("on")) {
            a.interface.router = words_.take_name("the name of a router");
        }
    }

    // T blocked [on CHANNEL], T in F, S got P
    void read_context_atom(atom& a) {
        a.subject = words_.take_word("a context");
        if (words_.take("blocked")) {
            a.kind = atom_kind::blocked;
            if (words_.take("on")) {
                a.object = words_.take_word("what it waits for");
            }
        } else if (words_.take("in")) {
            a.kind = atom_kind::in_function;
            a.where = words_.take_word("a function");
        } else {
            words_.expect("got");
            a.kind = atom_kind::got;
            a.object = words_.take_name("a packet, or a number of bytes");
        }
    }

    // LEFT OP RIGHT, LEFT in A..B, LEFT in { A, B }
    void read_observable(atom& a) {
        a.kind = atom_kind::observable;
        a.words.push_back(words_.take_word("an observable"));
        int depth = 0;
        while (!words_.at_end() && find_operator(words_.peek()) == nullptr &&
               (depth > 0 || (!words_.next_is("in") && !ends_atom(words_.peek())))) {
            depth += words_.next_is("(") ? 1 : words_.next_is(")") ? -1 : 0;
            a.words.push_back(words_.take_word("an observable"));
        }
        if (words_.next_is("in") && words_.peek(1).is("{")) {
            read_set(a);
        } else if (words_.next_is("in")) {
            a.compare = take_comparison();
        } else {
            a.compare.op = take_operator();
            read_right(a);
        }
    }

    void read_right(atom& a) {
        int depth = 0;
        while (!words_.at_end() && (depth > 0 || !ends_atom(words_.peek()))) {
            depth += words_.next_is("(") ? 1 : words_.next_is(")") ? -1 : 0;
            a.right.push_back(words_.take_word("a value"));
        }
        if (a.right.empty()) {
            words_.fail("expected a value");
        }
    }

    void read_set(atom& a) {
        words_.expect("in");
        words_.expect("{");
        a.compare.op = compare_op::in_set;
        do {
            a.right.push_back(words_.take_word("a value"));
        } while (words_.take(",") || (words_.ok() && !words_.at_end() && !words_.next_is("}")));
        words_.expect("}");
    }

    compare_op take_operator() {
        const operator_name* known = find_operator(words_.peek());
        if (known == nullptr) {
            words_.fail(words_.at_end()
                            ? "expected a comparison"
                            : "expected a comparison, found '" + words_.peek().text + "'",
                        "one of == != < <= > >= in");
            return compare_op::equal;
        }
        words_.take(known->text);
        return known->op;
    }

    comparison take_comparison() {
        comparison result;
        if (!words_.take("in")) {
            result.op = take_operator();
            result.low = words_.take_number("a number", 0, UINT64_MAX);
            return result;
        }
        result.op = compare_op::in_range;
        word w = words_.take_word("a range: 1..2");
        size_t dots = w.text.find("..");
        std::string_view text = w.text;
        std::optional<uint64_t> low = parse_number(text.substr(0, dots));
        std::optional<uint64_t> high =
            dots == std::string::npos ? std::nullopt : parse_number(text.substr(dots + 2));
        if (!low || !high || *low > *high) {
            words_.fail_at(w.at, "'" + w.text + "' is not a range of numbers", "LOW..HIGH: 1..2");
            return result;
        }
        result.low = *low;
        result.high = *high;
        return result;
    }

    static bool ends_atom(const word& w) {
        return w.is(")") || w.is("and") || w.is("or") || w.is("implies") || w.is("when");
    }

    word_cursor& words_;
    const parse_options& options_;
    int depth_ = 0;
    bool negated_ = false;
};

}  // namespace

std::vector<word> condition_words(const std::vector<word>& words) {
    std::vector<word> out;
    int braces = 0;
    for (const word& w : words) {
        braces += w.is("{") ? 1 : w.is("}") ? -1 : 0;
        if (w.quoted) {
            out.push_back(w);
        } else {
            split_word(w, braces > 0, out);
        }
    }
    return out;
}

condition parse_condition(word_cursor& words, const parse_options& options) {
    return condition_reader(words, options).read();
}

}  // namespace scenario
