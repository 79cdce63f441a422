#include "scenarios/lang/world.h"

#include <string>
#include <utility>

#include "scenarios/lang/contexts.h"
#include "scenarios/lang/references.h"
#include "scenarios/lang/word_cursor.h"

namespace scenario {

namespace {

constexpr uint64_t cpus_max = 64;

void refuse_block(const statement_node& node, word_cursor& words) {
    if (node.has_block) {
        words.fail_at(node.open, "'" + node.words[0].text + "' has no block");
    }
}

void read_router(const statement_node& node, const parse_options& options, script& s,
                 diagnostics& out) {
    word_cursor words(node.words, node.end(), out);
    router r;
    words.expect("router");
    r.name = words.take_name("the name of the router");
    if (words.take("cpus")) {
        r.cpus = static_cast<uint32_t>(words.take_number("the number of CPUs", 1, cpus_max));
    }
    words.finish();
    if (words.ok() && !node.has_block) {
        words.fail("'router' needs a block", "router r cpus 2 { ifconfig em0 inet 10.0.1.1/24 }");
    }
    r.statements = read_commands(node.block, options, out);
    for (statement& line : r.statements) {
        if (!line.router.empty()) {
            out.add(line.router.at, "'on' inside a router", "its commands run on it");
        }
    }
    s.routers.push_back(std::move(r));
}

void read_link(const statement_node& node, script& s, diagnostics& out) {
    word_cursor words(node.words, node.end(), out);
    words.expect("link");
    link l;
    l.left = take_interface(words, "an interface");
    l.right = take_interface(words, "an interface");
    words.finish();
    refuse_block(node, words);
    if (words.ok()) {
        s.links.push_back(std::move(l));
    }
}

}  // namespace

void read_topology(const statement_node& node, const parse_options& options, script& s,
                   diagnostics& out) {
    word_cursor words(node.words, node.end(), out);
    words.expect("topology");
    words.finish();
    if (words.ok() && !node.has_block) {
        words.fail("'topology' needs a block", "topology { router r { ... } }");
    }
    for (const statement_node& inner : node.block) {
        if (inner.words[0].is("router")) {
            read_router(inner, options, s, out);
        } else if (inner.words[0].is("link")) {
            read_link(inner, s, out);
        } else {
            word_cursor verb(inner.words, inner.end(), out);
            verb.take_one_of("statement", {"router", "link", "repeat", "include"});
        }
    }
}

void read_placement(const statement_node& node, script& s, diagnostics& out) {
    word_cursor words(node.words, node.end(), out);
    words.expect("place");
    placement p;
    p.context = words.take_word("the name of a context");
    words.expect("on");
    p.cpu = take_cpu(words);
    words.finish();
    refuse_block(node, words);
    if (words.ok()) {
        s.placements.push_back(std::move(p));
    }
}

void read_freedom(const statement_node& node, script& s, diagnostics& out) {
    word_cursor words(node.words, node.end(), out);
    freedom f;
    if (words.take("timer")) {
        f.kind = freedom_kind::timer_may_fire;
        f.subject = words.take_word("the name of a timer");
        words.expect("may");
        words.expect("fire");
    } else if (words.take("may")) {
        f.kind = freedom_kind::may_lose;
        words.expect("lose");
        f.subject = words.take_name("the name of a packet");
    } else if (words.take("fail")) {
        f.kind = freedom_kind::fail_alloc;
        words.expect("alloc");
        words.expect("nth");
        f.nth = static_cast<uint32_t>(words.take_number("a count", 1, UINT32_MAX));
        f.context = words.take("in") ? words.take_word("a context") : word{};
    } else {
        f.kind = freedom_kind::clock_any;
        words.expect("clock");
        words.expect("any");
    }
    words.finish();
    refuse_block(node, words);
    if (words.ok()) {
        s.freedoms.push_back(std::move(f));
    }
}

void read_variant(const statement_node& node, script& s, diagnostics& out) {
    word_cursor words(node.words, node.end(), out);
    bool regime = words.take("regime");
    if (!regime) {
        words.expect("variant");
    }
    variant v;
    v.name = words.take_name(regime ? "the name of the regime" : "the name of the variant");
    words.finish();
    if (words.ok() && v.name.is("fixed")) {
        words.fail_at(v.name.at, "'fixed' is the subject without a patch",
                      "it is always there; choose another name");
    }
    if (words.ok() && !regime && (!node.has_block || (node.block.empty() && !node.damaged))) {
        words.fail("variant '" + v.name.text + "' changes nothing",
                   "variant " + v.name.text + " { patch FILE }");
    }
    for (const statement_node& inner : node.block) {
        word_cursor line(inner.words, inner.end(), out);
        line.take_one_of("statement", {"patch"});
        word file = line.take_word("the name of a file");
        line.finish();
        refuse_block(inner, line);
        if (line.ok()) {
            v.patches.push_back(std::move(file));
        }
    }
    (regime ? s.regimes : s.variants).push_back(std::move(v));
}

}  // namespace scenario
