// What each format costs: time and size at 100, 10,000 and 100,000 events, of the tree of an exploration at so many
// executions. Pictures show every step up to 10,000, and the time of a graph is with its drawing as SVG; beyond that they
// fold, as they do for people.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include "test/viz/traces.h"
#include "viz/formats.h"
#include "viz/graphviz.h"
#include "viz/tree.h"

namespace {

double processor_seconds() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

// What drawing takes, in words.
std::string drawn(const std::string& gv) {
    const std::string path =
        (std::filesystem::temp_directory_path() / "heddle_format_bench.svg").string();
    std::string error;
    const double before = processor_seconds();
    const bool done = viz::draw_file(gv, path, error);
    std::string text =
        done ? fmt::format(", drawn in {:.1f} ms, {:.1f} KB", (processor_seconds() - before) * 1e3,
                           static_cast<double>(std::filesystem::file_size(path)) / 1e3)
             : ", not drawn: " + error;
    std::filesystem::remove(path);
    return text;
}

void row(const viz::format& f, const sim::trace& t) {
    viz::format_options o;
    if (f.picture && t.events.size() <= 11000) {
        o.rows_max = 0;
    }
    std::string bytes;
    std::string error;
    const double begun = processor_seconds();
    if (!f.make(t, o, bytes, error)) {
        fmt::print("{:<12} {:>8}  {}\n", f.name, t.events.size(), error);
        return;
    }
    const double made = processor_seconds() - begun;
    fmt::print("{:<12} {:>8} events {:>9.1f} ms {:>10.1f} KB", f.name, t.events.size(), made * 1e3,
               static_cast<double>(bytes.size()) / 1e3);
    fmt::print("{}\n", f.picture ? drawn(bytes) : "");
}

// An execution of a tree: each choice a step.
sim::trace executed(const std::vector<uint8_t>& choices) {
    sim::trace t;
    t.header.contexts = {{"net0", 0}, {"adm", 1}};
    for (const uint8_t who : choices) {
        sim::trace_event e;
        e.step = static_cast<uint32_t>(t.events.size() + 1);
        e.context = who;
        e.kind = "lock";
        e.object = "conf_lock";
        e.stack = {{"if_get", "model/net/if.cc", 30}};
        e.enabled = {1U - who};
        t.events.push_back(std::move(e));
    }
    return t;
}

// Two ways at each choice, ten steps between two choices; up to 10,000 boxes.
void tree_row(uint32_t executions) {
    const double begun = processor_seconds();
    sim::choice_tree tree;
    std::vector<uint8_t> choices;
    uint32_t depth = 1;
    while (1U << depth < executions) {
        ++depth;
    }
    for (uint32_t i = 0; i < executions; ++i) {
        choices.clear();
        for (uint32_t level = depth; level-- > 0;) {
            choices.insert(choices.end(), 10, static_cast<uint8_t>(i >> level & 1));
        }
        const bool fails = i == executions / 3;
        tree.add(choices.data(), choices.size(),
                 fails ? sim::tree_end::failed : sim::tree_end::passed, fails ? 0 : -1);
    }
    viz::tree_options o;
    o.subject = "a race";
    o.strategy = "optimal";
    o.boxes_max = executions <= 10000 ? 10000 : o.boxes_max;
    o.run = executed;
    const std::string gv = viz::tree_picture(tree, o);
    const double made = processor_seconds() - begun;
    fmt::print("{:<12} {:>8} executions {:>5.1f} ms {:>10.1f} KB{}\n", "tree", executions,
               made * 1e3, static_cast<double>(gv.size()) / 1e3, drawn(gv));
}

sim::trace_event packet_at(const sim::trace_event& step, bool comes_in) {
    sim::trace_event packet = step;
    packet.remark = true;
    packet.preemption = false;
    packet.kind = "packet";
    packet.object.clear();
    packet.detail =
        std::string(comes_in ? "em0 < " : "em1 > ") + "IP 10.0.1.9.1234 > 10.9.0.5.53: udp 64";
    packet.packet = 1 + step.step / 100 % 255;
    packet.bytes = std::string(106, '\x45');
    packet.after.clear();
    packet.enabled.clear();
    return packet;
}

// Four of a hundred steps of a context take its two locks and leave them.
void lock(sim::trace_event& step, uint32_t nth) {
    static constexpr const char* kinds[] = {"lock", "lock", "unlock", "unlock"};
    if (nth % 100 < 4) {
        step.kind = kinds[nth % 100];
        step.detail.clear();
        step.object =
            fmt::format("{} lock {}", nth % 100 % 3 == 0 ? "outer" : "inner", step.context);
    }
}

// A long run in which something is found at its end. A packet comes in at its beginning; one comes in or goes out every
// fifty steps.
sim::trace found_after(uint32_t steps) {
    sim::trace t = test::long_run(steps);
    std::vector<sim::trace_event> events;
    std::vector<uint32_t> of_context(t.header.contexts.size(), 0);
    for (sim::trace_event& e : t.events) {
        if (!e.remark) {
            lock(e, of_context[e.context]++);
        }
        events.push_back(e);
        if (!e.remark && e.step % 50 == 1) {
            events.push_back(packet_at(e, e.step % 100 == 1));
        }
    }
    t.events = std::move(events);
    const sim::trace_event& last = t.events.back();
    sim::trace_finding f{
        "use after free", "read after it was freed", last.step, last.context, last.stack, {}};
    f.evidence.push_back({"freed", last.step / 2, last.context, "", last.stack});
    t.findings.push_back(f);
    return t;
}

}  // namespace

int main() {
    for (const uint32_t steps : {100U, 10000U, 100000U}) {
        const sim::trace t = found_after(steps);
        for (const viz::format& f : viz::formats()) {
            row(f, t);
        }
        tree_row(steps);
    }
    return 0;
}
