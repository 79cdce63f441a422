#include "scenarios/runner/conditions.h"

#include <fmt/format.h>

#include <algorithm>

#include "scenarios/lang/address.h"
#include "scenarios/lang/options.h"
#include "scenarios/lang/walk.h"
#include "sim/check/describe.h"
#include "sim/machine/names.h"
#include "sim/machine/record.h"

namespace scenario {

namespace {

bool compare(long value, const comparison& c) {
    auto v = static_cast<uint64_t>(value);
    switch (c.op) {
        case compare_op::equal:
            return v == c.low;
        case compare_op::not_equal:
            return v != c.low;
        case compare_op::less:
            return v < c.low;
        case compare_op::less_equal:
            return v <= c.low;
        case compare_op::greater:
            return v > c.low;
        case compare_op::greater_equal:
            return v >= c.low;
        case compare_op::in_range:
            return v >= c.low && v <= c.high;
        case compare_op::in_set:
            return false;  // of observables only
    }
    return false;
}

// Names in reports carry their kind and place: "ifnet em1+24" is about em1.
bool is_about(const std::string& described, const std::string& word) {
    size_t at = described.find(word);
    while (at != std::string::npos) {
        size_t end = at + word.size();
        bool begins = at == 0 || described[at - 1] == ' ';
        bool ends = end == described.size() || described[end] == '+' || described[end] == ' ';
        if (begins && ends) {
            return true;
        }
        at = described.find(word, at + 1);
    }
    return false;
}

bool is_function(const std::string& full, const std::string& name) {
    size_t n = full.size() - name.size();
    return full == name ||
           (full.size() > name.size() + 1 && full.compare(n, name.size(), name) == 0 &&
            full.compare(n - 2, 2, "::") == 0);
}

constexpr unsigned long frame_max = 2048;
constexpr unsigned long observed_max = 512;

std::string got_query(const atom& a) {
    return "got " + a.subject.text;
}

}  // namespace

std::string query_of(const std::vector<word>& words) {
    std::string query;
    for (const word& w : words) {
        if (!w.is("(") && !w.is(")")) {
            query += (query.empty() ? "" : " ") + w.text;
        }
    }
    return query;
}

bool is_query(const atom& a) {
    const std::vector<std::string> known = parse_options{}.observables;
    return a.compare.op != compare_op::in_set && a.right.size() > 1 &&
           std::find(known.begin(), known.end(), a.right[0].text) != known.end();
}

// Recursive: the reader bounds the depth.
bool evaluate(const condition& c, const std::function<bool(const atom&)>& atom_holds) {
    auto part_holds = [&](const condition& part) { return evaluate(part, atom_holds); };
    switch (c.kind) {
        case condition_kind::atom:
            return atom_holds(c.leaf);
        case condition_kind::negation:
            return !part_holds(c.parts[0]);
        case condition_kind::implication:
            return !part_holds(c.parts[0]) || part_holds(c.parts[1]);
        case condition_kind::conjunction:
            return std::all_of(c.parts.begin(), c.parts.end(), part_holds);
        case condition_kind::disjunction:
            return std::any_of(c.parts.begin(), c.parts.end(), part_holds);
    }
    return false;
}

std::string bug_word(sim::finding_kind kind) {
    return sim::row_of(kind).word;
}

bool final_look::has_bug(const std::string& kind) const {
    for (const sim::finding& f : sim::g.findings) {
        if (kind.empty() || bug_word(f.kind) == kind) {
            return true;
        }
    }
    return false;
}

void final_look::read_wire(int router, const std::string& ifname) {
    std::vector<frame>& list = routers_[router].wires[ifname];
    list.clear();
    uint8_t bytes[frame_max];
    for (unsigned long n = 0;; ++n) {
        unsigned packet = 0;
        unsigned long size = sim::call_subject<unsigned long>(
            reinterpret_cast<uint64_t>(stage_.model().wire), router, ifname.c_str(), n,
            static_cast<void*>(&bytes[0]), frame_max, &packet);
        if (size == 0) {
            return;
        }
        list.push_back({std::vector<uint8_t>(bytes, bytes + std::min(size, frame_max)), packet});
    }
}

int final_look::router_for(const atom& a) const {
    return stage_.router_named(a.interface.router);
}

std::string final_look::exists_query(const atom& a) const {
    std::string what = a.interface.name.empty() ? a.object.text : a.interface.name.text;
    return a.subject.text + " " + what;
}

void final_look::read_log() {
    log_.clear();
    for (int router = 0; router < stage_.router_count(); ++router) {
        for (unsigned n = 0;; ++n) {
            const char* line = sim::call_subject<const char*>(
                reinterpret_cast<uint64_t>(stage_.model().log), router, n);
            if (line == nullptr) {
                break;
            }
            log_.emplace_back(line);
        }
    }
}

long final_look::sum(long (*observer)(int, const char*), const std::string& name) const {
    long all = 0;
    for (int router = 0; router < stage_.router_count(); ++router) {
        all += sim::call_subject<long>(reinterpret_cast<uint64_t>(observer), router, name.c_str());
    }
    return all;
}

// Asks the model what the atom needs. Runs as the context that is alone.
void final_look::ask_atom(const atom& a) {
    int router = router_for(a);
    router_state& state = routers_[router];
    const model_interface& m = stage_.model();
    switch (a.kind) {
        case atom_kind::sent:
        case atom_kind::count:
            read_wire(router, a.interface.name.text);
            break;
        case atom_kind::live:
            live_[a.subject.text] = sum(m.live, a.subject.text);
            break;
        case atom_kind::stat:
            counters_[a.subject.text] = sum(m.counter, a.subject.text);
            break;
        case atom_kind::observable:
            observe(router, query_of(a.words));
            if (is_query(a)) {
                observe(router, query_of(a.right));
            }
            break;
        case atom_kind::got:
            observe(router, got_query(a));
            break;
        case atom_kind::refs:
            state.refs[a.subject.text] = sim::call_subject<long>(reinterpret_cast<uint64_t>(m.refs),
                                                                 router, a.subject.text.c_str());
            break;
        case atom_kind::log:
            read_log();
            break;
        case atom_kind::exists: {
            std::string what = exists_query(a);
            state.exists[what] = sim::call_subject<int>(reinterpret_cast<uint64_t>(m.exists),
                                                        router, what.c_str()) == 1;
            break;
        }
        default:
            break;
    }
}

void final_look::observe(int router, const std::string& query) {
    char text[observed_max];
    text[0] = '\0';
    sim::call_subject<int>(reinterpret_cast<uint64_t>(stage_.model().observe), router,
                           query.c_str(), &text[0], observed_max);
    routers_[router].observed[query] = text;
}

void final_look::observe_midway(int router, const std::string& query) {
    char text[observed_max];
    text[0] = '\0';
    stage_.model().observe(router, query.c_str(), &text[0], observed_max);
    routers_[router].observed[query] = text;
}

const std::string& final_look::observed(int router, const std::string& query) const {
    return routers_.at(router).observed.at(query);
}

void final_look::read_fates() {
    char text[64];
    for (unsigned packet = 1; packet <= stage_.packet_count(); ++packet) {
        text[0] = '\0';
        sim::call_subject<int>(reinterpret_cast<uint64_t>(stage_.model().fate),
                               stage_.router_of_packet(packet), packet, &text[0], sizeof text);
        fates_[packet] = stage_.was_lost(packet) ? "lost" : text;
    }
}

void final_look::ask(const condition& c) {
    for_each_atom(c, [&](const atom& a) { ask_atom(a); });
}

void final_look::take(sim::simulation& machine, sim::execution_end end) {
    finished_ = false;
    if (end != sim::execution_end::done) {
        return;
    }
    machine.run_alone([&] {
        sim::call_subject<void>(reinterpret_cast<uint64_t>(stage_.model().attach), 0, 0U);
        for (const action& a : stage_.after()) {
            stage_.perform(a);
        }
        for_each_condition(script_, [&](const condition& c) { ask(c); });
        read_fates();
        finished_ = true;  // what is done after the race may sleep for ever: then nothing was asked
    });
}

bool final_look::holds_now(sim::simulation& machine, const condition& c) {
    machine.run_alone([&] {
        ask(c);
        read_fates();
    });
    finished_ = true;
    return holds(c);
}

// The context waits in a scheduling point: its next operation is published. What the model does for us
// is none of its operations, is not checked, and allocates on the host's heap, so that the execution
// goes on as it would have without.
bool final_look::holds_midway(const atom& a) {
    sim::context& c = *sim::g.current;
    const sim::operation pending = c.op;
    const uint32_t checks = sim::g.checks;
    ++c.section_depth;
    sim::g.checks &= sim::check_undo;
    bool holds = false;
    if (a.kind == atom_kind::exists) {
        const std::string what = exists_query(a);
        holds = stage_.model().exists(router_for(a), what.c_str()) == 1;
    } else {
        observe_midway(router_for(a), query_of(a.words));
        if (is_query(a)) {
            observe_midway(router_for(a), query_of(a.right));
        }
        holds = observable_holds(a);
    }
    sim::g.checks = checks;
    --c.section_depth;
    c.op = pending;
    return holds;
}

bool final_look::bug_holds(const atom& a) const {
    for (const sim::finding& f : sim::g.findings) {
        if (!a.subject.empty() && bug_word(f.kind) != a.subject.text) {
            continue;
        }
        bool about = true;
        for (const word& w : a.words) {
            about = about && is_about(sim::describe_address(f.address), w.text);
        }
        if (about && !a.where.empty()) {
            sim::trace_frame at = sim::frame_at(f.pc);
            about = is_function(at.function, a.where.text);
        }
        if (about) {
            return true;
        }
    }
    return false;
}

bool final_look::fate_holds(const atom& a) const {
    auto found = fates_.find(stage_.packet_named(a.subject.text));
    if (!finished_ || found == fates_.end()) {
        return false;
    }
    const std::string& fate = found->second;
    static const char* const words[] = {"forwarded", "delivered", "held", "dropped", "lost"};
    std::string want = words[static_cast<int>(a.fate)];
    std::string detail = a.interface.name.empty() ? a.object.text : a.interface.name.text;
    return detail.empty() ? fate.rfind(want, 0) == 0 : fate == want + " " + detail;
}

unsigned long final_look::count_sent(const atom& a) const {
    auto state = routers_.find(router_for(a));
    if (!finished_ || state == routers_.end()) {
        return 0;
    }
    auto wire = state->second.wires.find(a.interface.name.text);
    unsigned long n = 0;
    if (wire != state->second.wires.end()) {
        for (const frame& f : wire->second) {
            n += a.packet ? !mismatch(*a.packet, f.bytes).has_value()
                          : f.packet == stage_.packet_named(a.subject.text);
        }
    }
    return n;
}

bool final_look::blocked_holds(const atom& a) const {
    for (const sim::block_record& b : sim::g.blocks) {
        if (sim::name_of_context(b.context) != a.subject.text) {
            continue;
        }
        if (a.object.empty() || (b.reason != nullptr && a.object.text == b.reason) ||
            is_about(sim::describe_address(b.object), a.object.text)) {
            return true;
        }
    }
    return false;
}

// Numbers are compared as numbers, everything else is equal or not.
bool final_look::observable_holds(const atom& a) const {
    const int router = router_for(a);
    const std::string& left = observed(router, query_of(a.words));
    if (a.compare.op == compare_op::in_set) {
        return std::any_of(a.right.begin(), a.right.end(),
                           [&](const word& w) { return w.text == left; });
    }
    const std::string right = is_query(a) ? observed(router, query_of(a.right)) : query_of(a.right);
    comparison c = a.compare;
    const auto number = parse_number(left);
    const auto bound = c.op == compare_op::in_range ? std::optional(c.low) : parse_number(right);
    if (!number || !bound) {
        return c.op == compare_op::equal       ? left == right
               : c.op == compare_op::not_equal ? left != right
                                               : false;
    }
    c.low = *bound;
    return compare(static_cast<long>(*number), c);
}

// What a socket was given is told as "PACKET:BYTES", in order.
bool final_look::got_holds(const atom& a) const {
    const std::string& list = observed(router_for(a), got_query(a));
    const auto bytes = parse_number(a.object.text);
    const std::string number = std::to_string(stage_.packet_named(a.object.text));
    for (size_t begin = 0; begin < list.size();) {
        const size_t end = std::min(list.find(' ', begin), list.size());
        const size_t colon = list.find(':', begin);
        if (colon < end &&
            (bytes ? list.substr(colon + 1, end - colon - 1) == std::to_string(*bytes)
                   : list.substr(begin, colon - begin) == number)) {
            return true;
        }
        begin = end + 1;
    }
    return false;
}

bool final_look::atom_holds(const atom& a) const {
    auto state = routers_.find(router_for(a));
    switch (a.kind) {
        case atom_kind::bug:
            return bug_holds(a);
        case atom_kind::fate:
            return fate_holds(a);
        case atom_kind::sent:
            return count_sent(a) != 0;
        case atom_kind::count:
            return compare(static_cast<long>(count_sent(a)), a.compare);
        case atom_kind::live:
            return finished_ && compare(live_.at(a.subject.text), a.compare);
        case atom_kind::stat:
            return finished_ && compare(counters_.at(a.subject.text), a.compare);
        case atom_kind::observable:
            return finished_ && observable_holds(a);
        case atom_kind::refs: {
            // An interface that is gone has no count, not even none.
            long refs = finished_ ? state->second.refs.at(a.subject.text) : -1;
            return refs >= 0 && compare(refs, a.compare);
        }
        case atom_kind::exists:
            return finished_ && state->second.exists.at(exists_query(a));
        case atom_kind::log:
            return finished_ && std::any_of(log_.begin(), log_.end(), [&](const std::string& line) {
                       return line.find(a.subject.text) != std::string::npos;
                   });
        case atom_kind::blocked:
            return blocked_holds(a);
        case atom_kind::event: {
            const label_times& t = stage_.times_of(a.first.label.text);
            return (a.first.done ? t.done : t.start) != 0;
        }
        case atom_kind::before: {
            const label_times& x = stage_.times_of(a.first.label.text);
            const label_times& y = stage_.times_of(a.second.label.text);
            uint32_t first = a.first.done ? x.done : x.start;
            uint32_t second = a.second.done ? y.done : y.start;
            return first != 0 && second != 0 && first < second;
        }
        case atom_kind::got:
            return finished_ && got_holds(a);
        case atom_kind::in_function:
            return false;  // resolve.cc refuses it
    }
    return false;
}

bool final_look::holds(const condition& c) const {
    return evaluate(c, [this](const atom& a) { return atom_holds(a); });
}

std::string final_look::told_of(const atom& a) const {
    switch (a.kind) {
        case atom_kind::observable: {
            const std::string query = query_of(a.words);
            return fmt::format("{} is {}", query, observed(router_for(a), query));
        }
        case atom_kind::got:
            return fmt::format("{} got \"{}\"", a.subject.text,
                               observed(router_for(a), got_query(a)));
        case atom_kind::refs:
            return fmt::format("refs {} is {}", a.subject.text,
                               routers_.at(router_for(a)).refs.at(a.subject.text));
        case atom_kind::live:
            return fmt::format("live {} is {}", a.subject.text, live_.at(a.subject.text));
        case atom_kind::stat:
            return fmt::format("stat {} is {}", a.subject.text, counters_.at(a.subject.text));
        case atom_kind::count:
            return fmt::format("there were {} on {}", count_sent(a), a.interface.name.text);
        default:
            return "";
    }
}

std::string final_look::told(const condition& c) const {
    std::vector<std::string> list;
    for_each_atom(c, [&](const atom& a) {
        std::string one = told_of(a);
        if (!one.empty() && std::find(list.begin(), list.end(), one) == list.end()) {
            list.push_back(std::move(one));
        }
    });
    return fmt::format("{}", fmt::join(list, ", "));
}

std::string final_look::summary(const condition& c) const {
    if (!finished_) {
        return "the execution did not end";
    }
    std::string text;
    for (const auto& [packet, fate] : fates_) {
        text += fmt::format("{}packet {}: {}", text.empty() ? "" : ", ", packet, fate);
    }
    const std::string more = told(c);
    return text + (text.empty() || more.empty() ? "" : ", ") + more;
}

}  // namespace scenario
