#include "scenarios/lang/parse.h"

#include <utility>

#include "scenarios/lang/contexts.h"
#include "scenarios/lang/expand.h"
#include "scenarios/lang/expect.h"
#include "scenarios/lang/names.h"
#include "scenarios/lang/schedule.h"
#include "scenarios/lang/word_cursor.h"
#include "scenarios/lang/world.h"

namespace scenario {

namespace {

const std::vector<std::string>& statement_words() {
    static const std::vector<std::string> list = {
        "scenario",  "tags",  "refs",    "param",  "include",  "repeat", "topology",
        "place",     "timer", "may",     "fail",   "clock",    "before", "cpu",
        "interrupt", "after", "variant", "regime", "schedule", "expect"};
    return list;
}

class script_reader {
  public:
    script_reader(script& s, const parse_options& options, diagnostics& out)
        : s_(s), options_(options), out_(out) {}

    void read(const std::vector<statement_node>& nodes) {
        for (const statement_node& node : nodes) {
            read_statement(node);
        }
    }

  private:
    void read_statement(const statement_node& node) {
        const word& verb = node.words[0];
        if (verb.is("scenario")) {
            read_scenario(node);
        } else if (verb.is("tags") || verb.is("refs")) {
            read_words(node, verb.is("tags") ? s_.tags : s_.refs);
        } else if (verb.is("topology")) {
            if (once(node, topology_)) {
                read_topology(node, options_, s_, out_);
            }
        } else if (verb.is("before") || verb.is("after")) {
            read_alone(node);
        } else if (verb.is("cpu") || verb.is("interrupt")) {
            s_.contexts.push_back(read_context(node, options_, out_));
        } else if (verb.is("place")) {
            read_placement(node, s_, out_);
        } else if (verb.is("timer") || verb.is("may") || verb.is("fail") || verb.is("clock")) {
            read_freedom(node, s_, out_);
        } else if (verb.is("variant") || verb.is("regime")) {
            read_variant(node, s_, out_);
        } else if (verb.is("schedule")) {
            s_.schedules.push_back(read_schedule(node, options_, out_));
        } else if (verb.is("expect")) {
            s_.expects.push_back(read_expect(node, options_, out_));
        } else if (verb.is("param")) {
            out_.add(verb.at, "'param' inside a block", "it belongs to the outermost level");
        } else if (verb.is("router") || verb.is("link")) {
            out_.add(verb.at, "'" + verb.text + "' outside of topology",
                     "topology { " + verb.text + " ... }");
        } else {
            out_.add(verb.at, "unknown statement '" + verb.text + "'",
                     did_you_mean(verb.text, statement_words()));
        }
    }

    // Whether this is the first of a kind of statement that is allowed once.
    bool once(const statement_node& node, span& before) {
        const word& verb = node.words[0];
        if (before.line != 0) {
            out_.add(verb.at, "'" + verb.text + "' given twice",
                     "the first one is at line " + std::to_string(before.line));
            return false;
        }
        before = verb.at;
        return true;
    }

    // scenario NAME ["description"]
    void read_scenario(const statement_node& node) {
        if (!once(node, scenario_)) {
            return;
        }
        word_cursor words(node.words, node.end(), out_);
        words.expect("scenario");
        s_.name = words.take_name("the name of the scenario");
        if (!words.at_end()) {
            s_.description = words.take_word("a description");
        }
        if (!s_.description.empty() && !s_.description.quoted) {
            words.fail_at(s_.description.at, "the description is one quoted text");
        }
        words.finish();
        if (node.has_block) {
            words.fail_at(node.open, "'scenario' has no block");
        }
    }

    void read_words(const statement_node& node, std::vector<word>& list) {
        list.insert(list.end(), node.words.begin() + 1, node.words.end());
        if (node.words.size() == 1) {
            out_.add(node.end(), "expected a word");
        }
        if (node.has_block) {
            out_.add(node.open, "'" + node.words[0].text + "' has no block");
        }
    }

    // One behind the other where there are several: an included file may have its own.
    void read_alone(const statement_node& node) {
        word_cursor words(node.words, node.end(), out_);
        words.take(node.words[0].text);
        words.finish();
        if (words.ok() && !node.has_block) {
            words.fail("'" + node.words[0].text + "' needs a block", "{ statements }");
        }
        std::vector<statement>& list = node.words[0].is("before") ? s_.before : s_.after;
        for (statement& line : read_statements(node.block, options_, out_)) {
            list.push_back(std::move(line));
        }
    }

    script& s_;
    const parse_options& options_;
    diagnostics& out_;
    span scenario_;
    span topology_;
};

// A variant of which nothing is expected passes whatever it does.
void check_variants_expected(const script& s, diagnostics& out) {
    for (const variant& v : s.variants) {
        bool expected = false;
        for (const expect_block& block : s.expects) {
            for (const word& name : block.variants) {
                expected = expected || name.text == v.name.text;
            }
        }
        if (!expected) {
            out.add(v.name.at, "nothing is expected of variant '" + v.name.text + "'",
                    "expect " + v.name.text + " { exists (bug) }");
        }
    }
}

// What must be there. Asked only of a text that is right otherwise: the missing part may be the one
// that was misspelt.
void check_complete(const script& s, bool topology_suffices, diagnostics& out) {
    span top = s.name.empty() ? span{0, 1, 1, 1} : s.name.at;
    std::string name = s.name.empty() ? "the file" : "scenario '" + s.name.text + "'";
    if (s.name.empty()) {
        out.add(top, "the file names no scenario", "scenario NAME \"description\"");
    } else if (s.routers.empty()) {
        out.add(top, name + " has no router", "topology { router r cpus 2 { ... } }");
    } else if (topology_suffices) {
        return;
    } else if (s.contexts.empty()) {
        out.add(top, name + " has no context: nothing would run", "cpu 0 thread NAME { ... }");
    } else if (s.expects.empty()) {
        out.add(top, name + " has no expect block: a run would check nothing",
                "expect fixed { forall (no bug) }");
    }
    check_variants_expected(s, out);
}

}  // namespace

parse_result parse(const std::string& text, const std::string& file, const parse_options& options) {
    parse_result result;
    script& s = result.value;
    diagnostics out(s.texts);
    uint32_t number = s.texts.add(file, text);
    structure all = read_expanded(number, options, s.parameters, out);
    if (all.balanced) {
        script_reader(s, options, out).read(all.statements);
        check_names(s, options, out);
    }
    result.errors = out.take();
    if (result.errors.empty()) {
        check_complete(s, options.topology_suffices, out);
        result.errors = out.take();
    }
    return result;
}

}  // namespace scenario
