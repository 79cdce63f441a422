#include "scenarios/lang/contexts.h"

#include <algorithm>
#include <string>
#include <utility>

#include "scenarios/lang/condition.h"
#include "scenarios/lang/references.h"
#include "scenarios/lang/word_cursor.h"

namespace scenario {

namespace {

bool is_label(const word& w) {
    return !w.quoted && w.text.size() > 1 && w.text.back() == ':';
}

// One statement being read. Its label, its router and its name come off the words first; what is
// left belongs to the verb.
class statement_reader {
  public:
    statement_reader(const statement_node& node, const parse_options& options, diagnostics& out)
        : node_(node), options_(options), out_(out), rest_(node.words) {}

    statement read(bool commands_only) {
        result_.at = node_.words[0].at;
        bool good = take_label() && take_router() && take_name_behind();
        if (good && rest_.empty()) {
            out_.add(node_.end(), "expected a statement");
            good = false;
        }
        if (good) {
            good = commands_only ? read_command({}) : read_verb();
        }
        if (!good) {
            result_.action = injection{{}, {}, {}, name_};
        }
        return std::move(result_);
    }

  private:
    bool take_label() {
        if (!is_label(rest_[0])) {
            return true;
        }
        result_.label = rest_[0];
        result_.label.text.pop_back();
        result_.label.at.length--;
        rest_.erase(rest_.begin());
        if (!is_name(result_.label)) {
            out_.add(result_.label.at, "'" + result_.label.text + "' is not a name",
                     "expected a label");
            return false;
        }
        return true;
    }

    bool take_router() {
        if (rest_.empty() || !rest_[0].is("on")) {
            return true;
        }
        word_cursor words(rest_, node_.end(), out_);
        words.expect("on");
        result_.router = words.take_name("the name of a router");
        if (words.ok()) {
            rest_.erase(rest_.begin(), rest_.begin() + 2);
        }
        return words.ok();
    }

    bool take_name_behind() {
        size_t count = rest_.size();
        if (count > 0 && rest_[count - 1].is("as")) {
            out_.add(node_.end(), "expected a name behind 'as'");
            return false;
        }
        if (count < 3 || !rest_[count - 2].is("as")) {
            return true;
        }
        name_ = rest_.back();
        rest_.resize(count - 2);
        if (!is_name(name_)) {
            out_.add(name_.at, "'" + name_.text + "' is not a name");
            return false;
        }
        return true;
    }

    // Where a word of the rest is missing: behind its last one.
    [[nodiscard]] span end() const {
        statement_node cut;
        cut.words = rest_;
        return cut.end();
    }

    bool read_verb() {
        bool queue = rest_.size() > 3 && rest_[1].is("queue");
        size_t sign = queue ? 3 : 1;
        bool packet = rest_.size() > sign && (rest_[sign].is("<") || rest_[sign].is(">"));
        if (!packet && !rest_[0].is("expect") && !rest_[0].is("advance")) {
            return read_command({"expect", "advance", "repeat", "include"});
        }
        if (node_.has_block || node_.raw) {
            out_.add(node_.has_block ? node_.open : node_.raw->at, "this statement has no block");
            return false;
        }
        bool good = packet && rest_[sign].is(">") && !queue ? read_packet_expectation()
                    : packet                                ? read_injection()
                    : rest_[0].is("expect")                 ? read_expectation()
                                                            : read_advance();
        if (good && !name_.empty() && !std::holds_alternative<injection>(result_.action)) {
            out_.add(name_.at, "nothing here that could be named '" + name_.text + "'");
            return false;
        }
        return good;
    }

    bool read_injection() {
        word_cursor words(rest_, end(), out_);
        injection in;
        in.interface = take_interface(words, "an interface");
        if (words.take("queue")) {
            in.queue = static_cast<uint32_t>(words.take_number("a queue", 0, 255));
        }
        words.expect("<");
        in.packet = parse_packet(words, packet_use::send);
        in.name = name_;
        words.finish();
        result_.action = std::move(in);
        return words.ok();
    }

    bool read_packet_expectation() {
        word_cursor words(rest_, end(), out_);
        packet_expectation expected;
        expected.interface = take_interface(words, "an interface");
        words.expect(">");
        expected.packet = parse_packet(words, packet_use::expect);
        words.finish();
        result_.action = std::move(expected);
        return words.ok();
    }

    bool read_expectation() {
        std::vector<word> split = condition_words(rest_);
        word_cursor words(split, end(), out_);
        words.expect("expect");
        expectation e;
        e.holds = parse_condition(words, options_);
        words.finish();
        result_.action = std::move(e);
        return words.ok();
    }

    bool read_advance() {
        word_cursor words(rest_, end(), out_);
        words.expect("advance");
        result_.action = advance{words.take_duration()};
        words.finish();
        return words.ok();
    }

    // `others`: what could have stood here besides commands, for the hint.
    bool read_command(const std::vector<std::string>& others) {
        const std::vector<std::string>& known = options_.commands;
        bool found =
            !rest_[0].quoted && std::find(known.begin(), known.end(), rest_[0].text) != known.end();
        if (!found) {
            std::vector<std::string> candidates = known;
            candidates.insert(candidates.end(), others.begin(), others.end());
            out_.add(rest_[0].at, "unknown statement '" + rest_[0].text + "'",
                     did_you_mean(rest_[0].text, candidates));
            return false;
        }
        if (node_.has_block) {
            out_.add(node_.open, "'" + rest_[0].text + "' has no block");
            return false;
        }
        result_.action = command{rest_, node_.raw, name_};
        return true;
    }

    const statement_node& node_;
    const parse_options& options_;
    diagnostics& out_;
    std::vector<word> rest_;
    word name_;
    statement result_;
};

std::vector<statement> read_all(const std::vector<statement_node>& block,
                                const parse_options& options, bool commands_only,
                                diagnostics& out) {
    std::vector<statement> list;
    list.reserve(block.size());
    for (const statement_node& node : block) {
        list.push_back(statement_reader(node, options, out).read(commands_only));
    }
    return list;
}

}  // namespace

context read_context(const statement_node& node, const parse_options& options, diagnostics& out) {
    context c;
    word_cursor words(node.words, node.end(), out);
    if (words.next_is("cpu")) {
        c.cpu = take_cpu(words);
        words.expect("thread");
        c.name = words.take_name("the name of the thread");
    } else {
        c.kind = context_kind::interrupt;
        word verb = words.take_word("interrupt");
        words.expect("on");
        c.cpu = take_cpu(words);
        c.level = interrupt_level_default;
        if (words.take("level")) {
            c.level = static_cast<uint32_t>(words.take_number("a level", 1, interrupt_level_max));
        }
        if (words.take("as")) {
            c.name = words.take_name("the name of the interrupt");
        } else {
            c.name = {"interrupt" + std::to_string(c.cpu.cpu), false, verb.at};
        }
    }
    words.finish();
    if (words.ok() && !node.has_block) {
        words.fail("'" + node.words[0].text + "' needs a block", "{ statements }");
    }
    c.statements = read_statements(node.block, options, out);
    if (words.ok() && node.block.empty() && !node.damaged) {
        words.fail_at(c.name.at, "'" + c.name.text + "' does nothing");
    }
    return c;
}

std::vector<statement> read_statements(const std::vector<statement_node>& block,
                                       const parse_options& options, diagnostics& out) {
    return read_all(block, options, false, out);
}

std::vector<statement> read_commands(const std::vector<statement_node>& block,
                                     const parse_options& options, diagnostics& out) {
    return read_all(block, options, true, out);
}

}  // namespace scenario
