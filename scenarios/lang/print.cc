#include "scenarios/lang/print.h"

#include <algorithm>
#include <utility>

#include "scenarios/lang/references.h"
#include "scenarios/lang/walk.h"

namespace scenario {

namespace {

// Lines at the depth of the blocks around them.
class writer {
  public:
    void line(const std::string& text) { text_ += std::string(4 * depth_, ' ') + text + "\n"; }
    void open(const std::string& head) {
        line(head + " {");
        depth_++;
    }
    void close() {
        depth_--;
        line("}");
    }
    void gap() { text_ += text_.empty() ? "" : "\n"; }
    [[nodiscard]] std::string take() { return std::move(text_); }

  private:
    std::string text_;
    size_t depth_ = 0;
};

std::string words_text(const std::vector<word>& words) {
    std::string text;
    for (const word& w : words) {
        text += (text.empty() ? "" : " ") + to_text(w);
    }
    return text;
}

std::string named(const word& name) {
    return name.empty() ? "" : " as " + name.text;
}

std::string action_text(const command& c) {
    return words_text(c.words) + (c.raw ? " {" + c.raw->text + "}" : "") + named(c.name);
}

std::string action_text(const injection& in) {
    std::string queue = in.queue ? " queue " + std::to_string(*in.queue) : "";
    return to_text(in.interface) + queue + " < " + to_text(in.packet) + named(in.name);
}

std::string action_text(const packet_expectation& e) {
    return to_text(e.interface) + " > " + to_text(e.packet);
}

// Outside of parentheses a brace opens a block.
bool has_braces(const condition& c) {
    bool found = false;
    for_each_atom(c, [&](const atom& a) { found = found || a.compare.op == compare_op::in_set; });
    return found;
}

std::string action_text(const expectation& e) {
    return has_braces(e.holds) ? "expect (" + to_text(e.holds) + ")" : "expect " + to_text(e.holds);
}

std::string action_text(const advance& a) {
    return "advance " + duration_text(a.nanoseconds);
}

std::string cpu_text(const cpu_ref& c) {
    return "cpu " + c.router.text + (c.router.empty() ? "" : ":") + std::to_string(c.cpu);
}

std::string points_text(const std::vector<point>& list) {
    std::string text;
    for (const point& p : list) {
        text += (text.empty() ? "" : " or ") + to_text(p);
    }
    return text;
}

std::string explore_text(const explore_clause& e) {
    std::string text = "explore " + to_text(e.strategy);
    const std::pair<const char*, std::optional<uint64_t>> fields[] = {
        {"preemptions", e.preemptions},
        {"delays", e.delays},
        {"depth", e.depth},
        {"steps", e.steps},
        {"seed", e.seed},
        {"executions", e.executions},
    };
    for (const auto& [name, value] : fields) {
        text += value ? std::string(" ") + name + " " + std::to_string(*value) : "";
    }
    return text;
}

std::string freedom_text(const freedom& f) {
    switch (f.kind) {
        case freedom_kind::timer_may_fire:
            return "timer " + to_text(f.subject) + " may fire";
        case freedom_kind::may_lose:
            return "may lose " + to_text(f.subject);
        case freedom_kind::fail_alloc:
            return "fail alloc nth " + std::to_string(f.nth) +
                   (f.context.empty() ? "" : " in " + to_text(f.context));
        case freedom_kind::clock_any:
            break;
    }
    return "clock any";
}

void write_head(writer& out, const script& s) {
    out.line("scenario " + to_text(s.name) +
             (s.description.empty() ? "" : " " + to_text(s.description)));
    if (!s.tags.empty()) {
        out.line("tags " + words_text(s.tags));
    }
    if (!s.refs.empty()) {
        out.line("refs " + words_text(s.refs));
    }
    for (const parameter& p : s.parameters) {
        out.line("param " + to_text(p.name) + " " + std::to_string(p.first) + ".." +
                 std::to_string(p.last) +
                 (p.value == p.first && !p.given ? "" : " value " + std::to_string(p.value)));
    }
}

void write_statements(writer& out, const std::string& head, const std::vector<statement>& list) {
    out.gap();
    out.open(head);
    for (const statement& one : list) {
        out.line(to_text(one));
    }
    out.close();
}

void write_world(writer& out, const script& s) {
    out.gap();
    out.open("topology");
    for (const router& r : s.routers) {
        out.open("router " + to_text(r.name) + " cpus " + std::to_string(r.cpus));
        for (const statement& one : r.statements) {
            out.line(to_text(one));
        }
        out.close();
    }
    for (const link& l : s.links) {
        out.line("link " + to_text(l.left) + " " + to_text(l.right));
    }
    out.close();
    for (const placement& p : s.placements) {
        out.line("place " + to_text(p.context) + " on " + cpu_text(p.cpu));
    }
    for (const freedom& f : s.freedoms) {
        out.line(freedom_text(f));
    }
}

void write_variants(writer& out, const char* what, const std::vector<variant>& list) {
    if (!list.empty()) {
        out.gap();
    }
    for (const variant& v : list) {
        std::string text = what + (" " + to_text(v.name));
        for (const word& file : v.patches) {
            text += (&file == &v.patches.front() ? " { patch " : "; patch ") + to_text(file);
        }
        text += v.patches.empty() ? "" : " }";
        out.line(text);
    }
}

std::string level_text(const context& c) {
    return c.level == interrupt_level_default ? "" : " level " + std::to_string(c.level);
}

void write_contexts(writer& out, const script& s) {
    if (!s.before.empty()) {
        write_statements(out, "before", s.before);
    }
    for (const context& c : s.contexts) {
        bool thread = c.kind == context_kind::thread;
        write_statements(
            out,
            thread ? cpu_text(c.cpu) + " thread " + to_text(c.name)
                   : "interrupt on " + cpu_text(c.cpu) + level_text(c) + " as " + to_text(c.name),
            c.statements);
    }
    if (!s.after.empty()) {
        write_statements(out, "after", s.after);
    }
}

void write_schedule(writer& out, const schedule& s) {
    out.open("schedule " + to_text(s.name));
    for (const run_clause& run : s.runs) {
        out.line("run " + to_text(run.context) + " until " + points_text(run.until));
    }
    for (const order_clause& o : s.orders) {
        out.line("order " + to_text(o.first_context) + "@" + to_text(o.first) + " < " +
                 to_text(o.second_context) + "@" + to_text(o.second));
    }
    for (const prune_clause& p : s.prunes) {
        out.line("prune until " + to_text(p.context) + " at " + points_text(p.until));
    }
    if (s.explore) {
        out.line(explore_text(*s.explore));
    }
    out.close();
}

void write_expect(writer& out, const expect_block& block) {
    out.gap();
    out.open("expect " + words_text(block.variants) +
             (block.regimes.empty() ? "" : " under " + words_text(block.regimes)));
    for (const expect_clause& clause : block.clauses) {
        out.line(to_text(clause));
    }
    out.close();
}

std::string always_text(const expect_clause& c) {
    return "always (" + to_text(c.holds) + ")" +
           (c.when_free.empty() ? "" : " when free " + to_text(c.when_free));
}

std::string narrowing_text(const point& p) {
    std::string text;
    text += p.device.name.empty() ? "" : " dev " + to_text(p.device);
    text += p.object.empty() ? "" : " obj " + to_text(p.object);
    return text + (p.nth == 1 ? "" : " nth " + std::to_string(p.nth));
}

std::string point_body(const point& p) {
    switch (p.kind) {
        case point_kind::done:
            return p.name.empty() ? "done" : "done " + to_text(p.name);
        case point_kind::blocked:
            return p.name.empty() ? "blocked" : "blocked on " + to_text(p.name);
        case point_kind::enter:
            return "enter " + to_text(p.name);
        case point_kind::leave:
            return "leave " + to_text(p.name);
        case point_kind::touches:
            return "in " + to_text(p.name) + " touches " + to_text(p.touched);
        case point_kind::lock:
            return "lock " + to_text(p.name);
        case point_kind::unlock:
            return "unlock " + to_text(p.name);
        case point_kind::window:
            return "window " + to_text(p.name);
        case point_kind::steps:
            return "steps " + std::to_string(p.count);
        case point_kind::before:
            return "before " + to_text(p.name);
        case point_kind::after:
            break;
    }
    return "after " + to_text(p.name);
}

}  // namespace

std::string to_text(const word& w) {
    if (!w.quoted) {
        return w.text;
    }
    std::string text = "\"";
    for (char c : w.text) {
        text += c == '"' || c == '\\' ? "\\" : "";
        text += c;
    }
    return text + "\"";
}

std::string duration_text(uint64_t nanoseconds) {
    const std::pair<uint64_t, const char*> units[] = {
        {3'600'000'000'000, "h"}, {60'000'000'000, "m"}, {1'000'000'000, "s"},
        {1'000'000, "ms"},        {1000, "us"},          {1, "ns"},
    };
    for (const auto& [size, name] : units) {
        if (nanoseconds >= size && nanoseconds % size == 0) {
            return std::to_string(nanoseconds / size) + name;
        }
    }
    return "0s";
}

std::string to_text(const point& p) {
    return point_body(p) + narrowing_text(p);
}

std::string to_text(const statement& s) {
    std::string text = s.label.empty() ? "" : s.label.text + ": ";
    text += s.router.empty() ? "" : "on " + s.router.text + " ";
    return text + std::visit([](const auto& action) { return action_text(action); }, s.action);
}

std::string to_text(const expect_clause& c) {
    std::string holds = "(" + to_text(c.holds) + ")";
    switch (c.kind) {
        case clause_kind::exists:
            return "exists " + holds;
        case clause_kind::forall:
            return "forall " + holds;
        case clause_kind::final_state:
            return "final " + holds;
        case clause_kind::on_schedule:
            return c.schedule.text + ": " + holds;
        case clause_kind::no_bug:
            return "no bug";
        case clause_kind::no_leak:
            return "no leak" + (c.leaks.empty() ? "" : " " + words_text(c.leaks));
        case clause_kind::no_deadlock:
            return "no deadlock";
        case clause_kind::reach:
            return "reach " + holds;
        case clause_kind::always:
            break;
    }
    return always_text(c);
}

std::string to_text(const schedule& s) {
    writer out;
    write_schedule(out, s);
    return out.take();
}

std::string to_text(const script& s) {
    writer out;
    write_head(out, s);
    write_world(out, s);
    write_variants(out, "variant", s.variants);
    write_variants(out, "regime", s.regimes);
    write_contexts(out, s);
    for (const schedule& one : s.schedules) {
        out.gap();
        write_schedule(out, one);
    }
    for (const expect_block& block : s.expects) {
        write_expect(out, block);
    }
    return out.take();
}

}  // namespace scenario
