#include "scenarios/lang/names.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "scenarios/lang/references.h"
#include "scenarios/lang/walk.h"

namespace scenario {

namespace {

using names = std::vector<std::string>;

bool contains(const names& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

class name_checker {
  public:
    name_checker(const script& s, const parse_options& options, diagnostics& out)
        : s_(s), options_(options), out_(out) {}

    void run() {
        collect_world();
        collect_statements();
        check_world();
        for_each_statement(s_, [&](const statement& line, const word& router) {
            check_statement(line, line.router.empty() ? router : line.router);
        });
        for (const schedule& one : s_.schedules) {
            check_schedule(one);
        }
        for (const expect_block& block : s_.expects) {
            check_expect(block);
        }
    }

  private:
    // ---- What there is

    // Adds a name to a list in which it may stand once.
    void declare(names& list, const word& name, const std::string& what) {
        if (name.text.empty()) {
            return;
        }
        if (contains(list, name.text)) {
            out_.add(name.at, what + " '" + name.text + "' declared twice");
        } else {
            list.push_back(name.text);
        }
    }

    // Names are labels as well: `done P1`.
    void declare_name(names& list, const word& name) {
        declare(labels_, name, "name");
        if (!name.empty()) {
            list.push_back(name.text);
        }
    }

    void collect_world() {
        for (const router& r : s_.routers) {
            declare(routers_, r.name, "router");
        }
        collect_services();
        for (const context& c : s_.contexts) {
            declare(contexts_, c.name, "context");
        }
        for (const freedom& f : s_.freedoms) {
            if (f.kind == freedom_kind::timer_may_fire) {
                word name = f.subject;
                name.text = "timer:" + name.text;
                declare(contexts_, name, "context");
            }
        }
        for (const variant& v : s_.variants) {
            declare(variants_, v.name, "variant");
        }
        for (const variant& v : s_.regimes) {
            declare(regimes_, v.name, "regime");
            if (contains(variants_, v.name.text)) {
                out_.add(v.name.at, "'" + v.name.text + "' is both a variant and a regime");
            }
        }
        for (const schedule& one : s_.schedules) {
            declare(schedules_, one.name, "schedule");
        }
    }

    void collect_statements() {
        for (const router& r : s_.routers) {
            interfaces_[r.name.text].push_back("lo0");
            for (const statement& line : r.statements) {
                if (const auto* c = std::get_if<command>(&line.action)) {
                    collect_interface(*c, r.name, true);
                } else {
                    unsure_.insert(r.name.text);
                }
            }
        }
        for (const link& l : s_.links) {
            for (const interface_ref* end : {&l.left, &l.right}) {
                interfaces_[router_of(end->router, {})].push_back(end->name.text);
            }
        }
        for_each_statement(s_, [&](const statement& line, const word& router) {
            declare(labels_, line.label, "label");
            if (const auto* in = std::get_if<injection>(&line.action)) {
                declare_name(packets_, in->name);
            } else if (const auto* c = std::get_if<command>(&line.action)) {
                declare_name(named_, c->name);
                collect_interface(*c, line.router.empty() ? router : line.router, false);
            }
        });
    }

    // An interface exists if a router's set-up mentions it, or if somebody creates it.
    void collect_interface(const command& c, const word& router, bool setting_up) {
        if (c.words.size() < 2 || !c.words[0].is("ifconfig") || !is_bare_name(c.words[1])) {
            return;
        }
        if (setting_up || (c.words.size() > 2 && c.words[2].is("create"))) {
            interfaces_[router_of(router, {})].push_back(c.words[1].text);
        }
    }

    static bool is_bare_name(const word& w) { return !w.quoted && w.text[0] != '-'; }

    // The router's name, or the one of the context, or the only one there is; "" if it is not said.
    [[nodiscard]] std::string router_of(const word& given, const word& fallback) const {
        if (!given.empty() || !fallback.empty()) {
            return given.empty() ? fallback.text : given.text;
        }
        return s_.routers.size() == 1 ? s_.routers[0].name.text : "";
    }

    // ---- Whether a name is there

    bool check(const names& list, const word& name, const std::string& what) {
        return check(list, name, what, list);
    }

    // `near`: what else the user may have meant.
    bool check(const names& list, const word& name, const std::string& what, const names& near) {
        if (name.text.empty() || contains(list, name.text)) {
            return true;
        }
        out_.add(name.at, "unknown " + what + " '" + name.text + "'",
                 did_you_mean(name.text, near));
        return false;
    }

    void check_router(const word& name) { check(routers_, name, "router"); }

    void check_interface(const interface_ref& reference, const word& fallback = {}) {
        if (reference.name.empty()) {
            return;
        }
        check_router(reference.router);
        std::string router = router_of(reference.router, fallback);
        if (router.empty() && !s_.routers.empty()) {
            out_.add(reference.name.at, "interface '" + reference.name.text + "' of which router?",
                     "write ROUTER:" + reference.name.text);
            return;
        }
        if (contains(routers_, router) && unsure_.count(router) == 0) {
            check(interfaces_[router], reference.name, "interface");
        }
    }

    void check_cpu(const cpu_ref& reference) {
        if (reference.at.line == 0) {
            return;  // its statement ended before it, which was reported
        }
        check_router(reference.router);
        std::string name = router_of(reference.router, {});
        if (name.empty() && !s_.routers.empty()) {
            out_.add(reference.at, "cpu of which router?", "write cpu ROUTER:N");
        }
        for (const router& r : s_.routers) {
            if (r.name.text == name && reference.cpu >= r.cpus) {
                std::string last = std::to_string(r.cpus - 1);
                out_.add(reference.at,
                         "router '" + name + "' has no cpu " + std::to_string(reference.cpu),
                         r.cpus == 1 ? "it has cpu 0" : "it has cpu 0 to " + last);
            }
        }
    }

    // Of several routers each has its own: "r1:softnet0".
    void collect_services() {
        for (const router& r : s_.routers) {
            for (const std::string& name : options_.service_contexts(r.cpus)) {
                services_.push_back(s_.routers.size() == 1 ? name : r.name.text + ":" + name);
            }
        }
        if (s_.routers.empty()) {
            services_ = options_.service_contexts(1);
        }
    }

    [[nodiscard]] bool is_service(const std::string& name) const {
        for (const std::string& pattern : services_) {
            bool open = pattern.back() == '*';
            std::string head = pattern.substr(0, pattern.size() - (open ? 1 : 0));
            if (open ? name.size() > head.size() && name.compare(0, head.size(), head) == 0
                     : name == head) {
                return true;
            }
        }
        return false;
    }

    void check_context(const word& name) {
        if (is_service(name.text) || name.empty()) {
            return;
        }
        names known = contexts_;
        for (const std::string& pattern : services_) {
            known.push_back(pattern);
            known.back().erase(std::min(pattern.find('*'), pattern.size()));
        }
        check(contexts_, name, "context", known);
    }

    void check_label(const word& name) { check(labels_, name, "label"); }

    void check_packet(const word& name) {
        if (contains(named_, name.text)) {
            out_.add(name.at, "'" + name.text + "' is not a packet");
        } else {
            check(packets_, name, "packet");
        }
    }

    void check_timer(const word& subject) {
        word router = subject;
        router.text = timer_of(subject).router;
        if (!router.empty()) {
            check_router(router);
        } else if (s_.routers.size() > 1) {
            out_.add(subject.at, "on which router?",
                     "timer " + s_.routers[0].name.text + ":" + subject.text + " may fire");
        }
    }

    // ---- The parts

    void check_world() {
        for (const link& l : s_.links) {
            for (const interface_ref* end : {&l.left, &l.right}) {
                check_interface(*end);
            }
        }
        for (const context& c : s_.contexts) {
            check_cpu(c.cpu);
        }
        names placed;
        for (const placement& p : s_.placements) {
            check_cpu(p.cpu);
            const std::string name = to_service(p, s_.routers.size());
            if (!is_service(name)) {
                const bool written = contains(contexts_, p.context.text);
                out_.add(p.context.at, "'" + p.context.text + "' is no context that can be placed",
                         written ? "it stands behind the cpu on which it runs"
                                 : did_you_mean(p.context.text, services_));
            } else if (contains(placed, name)) {
                out_.add(p.context.at, "'" + p.context.text + "' is placed twice");
            }
            placed.push_back(name);
        }
        for (const freedom& f : s_.freedoms) {
            check_context(f.context);
            if (f.kind == freedom_kind::may_lose) {
                check_packet(f.subject);
            } else if (f.kind == freedom_kind::timer_may_fire) {
                check_timer(f.subject);
            }
        }
    }

    void check_statement(const statement& line, const word& router) {
        check_router(line.router);
        if (const auto* in = std::get_if<injection>(&line.action)) {
            check_interface(in->interface, router);
        } else if (const auto* out = std::get_if<packet_expectation>(&line.action)) {
            check_interface(out->interface, router);
        } else if (const auto* e = std::get_if<expectation>(&line.action)) {
            check_condition(e->holds, router);
        } else if (const auto* c = std::get_if<command>(&line.action)) {
            bool names_one = c->words.size() > 1 && c->words[0].is("ifconfig");
            if (names_one && is_bare_name(c->words[1])) {
                check_interface({{}, c->words[1]}, router);
            } else if (s_.routers.size() > 1 && router.empty()) {
                out_.add(line.at, "on which router?", "write on ROUTER " + c->words[0].text);
            }
        }
    }

    void check_condition(const condition& c, const word& router) {
        for_each_atom(c, [&](const atom& a) { check_atom(a, router); });
    }

    void check_atom(const atom& a, const word& router) {
        check_interface(a.interface, router);
        if (a.kind == atom_kind::fate || a.kind == atom_kind::sent || a.kind == atom_kind::count) {
            check_packet(a.subject);
        }
        if (a.kind == atom_kind::fate && a.fate == packet_fate::delivered) {
            names known = named_;
            known.insert(known.end(), options_.protocols.begin(), options_.protocols.end());
            check(known, a.object, "socket");
        }
        if (a.kind == atom_kind::blocked || a.kind == atom_kind::in_function) {
            check_context(a.subject);
        }
        if (a.kind == atom_kind::event || a.kind == atom_kind::before) {
            check_label(a.first.label);
            check_label(a.second.label);
        }
        if (a.kind == atom_kind::exists && !a.object.empty()) {
            check_router(a.interface.router);
            if (router_of(a.interface.router, router).empty() && !s_.routers.empty()) {
                out_.add(a.at, a.subject.text + " of which router?",
                         "write " + a.subject.text + " " + a.object.text + " on ROUTER");
            }
        }
        if (a.kind == atom_kind::got) {
            check(named_, a.subject, "socket");
            if (!parse_number(a.object.text)) {
                check_packet(a.object);
            }
        }
        if (a.kind == atom_kind::observable && a.words.size() > 2 && a.words[0].is("key")) {
            check(named_, a.words[2], "state");
        }
        if (a.kind == atom_kind::refs) {
            names known = named_;
            for (const auto& [name, list] : interfaces_) {
                known.insert(known.end(), list.begin(), list.end());
            }
            check(known, a.subject, "object");
        }
    }

    void check_point(const point& p, const word& context) {
        if (p.kind == point_kind::before || p.kind == point_kind::after ||
            p.kind == point_kind::done) {
            check_label(p.name);
        }
        word router;
        for (const scenario::context& c : s_.contexts) {
            router = c.name.text == context.text ? c.cpu.router : router;
        }
        check_interface(p.device, router);
    }

    void check_points(const std::vector<point>& list, const word& context) {
        check_context(context);
        for (const point& p : list) {
            check_point(p, context);
        }
    }

    void check_schedule(const schedule& one) {
        for (const run_clause& run : one.runs) {
            check_points(run.until, run.context);
        }
        for (const order_clause& order : one.orders) {
            check_points({order.first}, order.first_context);
            check_points({order.second}, order.second_context);
        }
        for (const prune_clause& prune : one.prunes) {
            check_points(prune.until, prune.context);
        }
    }

    void check_expect(const expect_block& block) {
        names subjects = {"fixed"};
        subjects.insert(subjects.end(), variants_.begin(), variants_.end());
        subjects.insert(subjects.end(), regimes_.begin(), regimes_.end());
        for (const word& name : block.variants) {
            check(subjects, name, "variant");
        }
        for (const word& name : block.regimes) {
            check(regimes_, name, "regime");
        }
        for (const expect_clause& clause : block.clauses) {
            check_condition(clause.holds, {});
            if (clause.kind == clause_kind::on_schedule) {
                check_single_run(clause.schedule);
            }
        }
    }

    // `NAME: c` is about one run; a schedule that explores has many.
    void check_single_run(const word& name) {
        if (!check(schedules_, name, "schedule")) {
            return;
        }
        for (const schedule& one : s_.schedules) {
            if (one.name.text == name.text && one.explore) {
                out_.add(name.at, "schedule '" + name.text + "' explores: it is not one run",
                         "use exists or forall");
            }
        }
    }

    const script& s_;
    const parse_options& options_;
    diagnostics& out_;
    names routers_;
    names contexts_;
    names services_;  // contexts that exist without being written
    names variants_;
    names regimes_;
    names schedules_;
    names labels_;  // of statements, packets and what commands name
    names packets_;
    names named_;                              // what commands name: sockets, states
    std::map<std::string, names> interfaces_;  // by router
    std::set<std::string> unsure_;  // routers with a line that could not be read: it may have been
                                    // the one that names the interface
};

}  // namespace

void check_names(const script& s, const parse_options& options, diagnostics& out) {
    name_checker(s, options, out).run();
}

}  // namespace scenario
