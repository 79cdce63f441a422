#include "viz/perfetto.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/trace/json_line.h"
#include "viz/lock_graph.h"
#include "viz/order.h"
#include "viz/packets.h"
#include "viz/phrase.h"

namespace viz {

namespace {

// Groups of tracks; what Perfetto calls a process.
enum group : uint32_t { cpus = 1, contexts = 2, locks = 3, packets = 4, counters = 5 };

class writer {
  public:
    explicit writer(const sim::trace& t)
        : t_(t), j_(out_), of_(t.header.contexts.size()), remarks_(last_step(t) + 1) {
        for (const sim::trace_event& e : t.events) {
            remarks_[e.step] += e.remark ? 1 : 0;
        }
    }

    std::string text() {
        j_.open('{');
        j_.field("displayTimeUnit", "ns");
        j_.key("traceEvents");
        j_.open('[');
        names();
        for (const sim::trace_event& e : t_.events) {
            event(e);
        }
        finish();
        flows();
        findings();
        j_.close(']');
        j_.close('}');
        out_.push_back('\n');
        return fmt::to_string(out_);
    }

  private:
    // What is open of a context.
    struct open_things {
        std::vector<std::string> calls;
        bool waits = false;
        uint64_t packet = 0;  // number of the packet it is at; 0: none
        size_t packet_depth = 0;
    };

    static uint32_t last_step(const sim::trace& t) {
        uint32_t last = 0;
        for (const sim::trace_event& e : t.events) {
            last = std::max(last, e.step);
        }
        return last;
    }

    // Microseconds. What belongs to a step lies within its millisecond.
    uint64_t time_of(const sim::trace_event& e) {
        if (e.step != at_step_) {
            at_step_ = e.step;
            within_ = 0;
        }
        const uint64_t part = e.remark ? ++within_ : 0;
        return e.step * 1000ULL + part * 1000 / (remarks_[e.step] + 1);
    }

    void begin(const char* phase, group g, uint64_t track, uint64_t now, std::string_view name) {
        j_.open('{');
        j_.field("ph", phase);
        j_.field("name", name.empty() ? "?" : name);
        j_.field("pid", static_cast<uint64_t>(g));
        j_.key("tid");
        j_.number(track);
        j_.key("ts");
        j_.number(now);
    }
    void end() { j_.close('}'); }
    void plain(const char* phase, group g, uint64_t track, uint64_t now, std::string_view name) {
        begin(phase, g, track, now, name);
        end();
    }

    void name_track(group g, uint64_t track, const std::string& name, uint64_t order) {
        begin("M", g, track, 0, "thread_name");
        args_name(name);
        end();
        begin("M", g, track, 0, "thread_sort_index");
        j_.key("args");
        j_.open('{');
        j_.key("sort_index");
        j_.number(order);
        j_.close('}');
        end();
    }
    void args_name(const std::string& name) {
        j_.key("args");
        j_.open('{');
        j_.field("name", name);
        j_.close('}');
    }
    void name_group(group g, const char* name) {
        begin("M", g, 0, 0, "process_name");
        args_name(name);
        end();
    }

    void names() {
        name_group(cpus, "1 CPUs: who runs");
        name_group(contexts, "2 contexts: calls, steps, waits");
        name_group(locks, "3 locks: who holds them");
        name_group(packets, "4 packets");
        name_group(counters, "5 counters");
        for (size_t c = 0; c < t_.header.contexts.size(); ++c) {
            const sim::trace_context& context = t_.header.contexts[c];
            // The order of tracks was long ignored for JSON, so the name has the number first.
            name_track(contexts, c + 1, fmt::format("{} {}", context.cpu, who(t_, c)),
                       context.cpu * 64ULL + c);
            if (context.cpu != sim::trace_alone_cpu) {
                name_track(cpus, context.cpu + 1, fmt::format("{0} cpu{0}", context.cpu),
                           context.cpu);
            }
        }
    }

    void event(const sim::trace_event& e) {
        const uint64_t now = time_of(e);
        end_ = std::max(end_, now);
        open_things& mine = of_[e.context];
        if (!e.remark) {
            step(e, mine, now);
        } else if (e.kind == "enter") {
            const std::string name = short_function(
                e.stack.empty() ? (e.object.empty() ? e.detail : e.object) : e.stack[0].function);
            plain("B", contexts, e.context + 1, now, printable(name, true));
            mine.calls.push_back(name);
        } else if (e.kind == "leave") {
            leave(e, mine, now);
        } else if (e.kind == "blocked") {
            end_wait(e.context, mine, now);
            plain("B", contexts, e.context + 1, now, printable(action_of(e), true));
            mine.waits = true;
        } else {
            remark(e, mine, now);
        }
    }

    void leave(const sim::trace_event& e, open_things& mine, uint64_t now) {
        end_wait(e.context, mine, now);
        if (!mine.calls.empty()) {
            plain("E", contexts, e.context + 1, now, mine.calls.back());
            mine.calls.pop_back();
        }
        if (mine.packet != 0 && mine.calls.size() <= mine.packet_depth) {
            async("e", packets, mine.packet, now, "packet");
            mine.packet = 0;
        }
    }

    void remark(const sim::trace_event& e, open_things& mine, uint64_t now) {
        begin("i", contexts, e.context + 1, now, printable(action_of(e), true));
        j_.field("s", "t");
        end();
        if (e.kind == "packet" && sighting_of(e).way != packet_way_of::out) {
            if (mine.packet != 0) {
                async("e", packets, mine.packet, now, "packet");
            }
            mine.packet = ++packets_;
            mine.packet_depth = mine.calls.size();
            async("b", packets, mine.packet, now, printable(e.detail, true));
        } else if (e.kind == "alloc" || e.kind == "free") {
            const bool allocated = e.kind == "alloc";
            counter(allocated ? "blocks allocated" : "blocks freed", now,
                    ++(allocated ? allocated_ : freed_));
        }
    }

    void step(const sim::trace_event& e, open_things& mine, uint64_t now) {
        end_wait(e.context, mine, now);
        runs(e, now);
        begin("X", contexts, e.context + 1, now, printable(action_of(e), true));
        j_.key("dur");
        j_.number(900 / (remarks_[e.step] + 1));
        j_.key("args");
        j_.open('{');
        j_.field("step", e.step);
        j_.field("change", printable(change_of(e), true));
        j_.field("order", e.order);
        j_.field("place", e.stack.empty() ? "" : printable(place(e.stack.front()), true));
        j_.close('}');
        end();
        if (!e.enabled.empty()) {
            counter("contexts that could run", now, e.enabled.size());
        }
        if (takes_lock(e)) {
            async("b", locks, hold(e), now,
                  printable(e.object + " by " + t_.header.contexts[e.context].name, true));
            counter("locks held", now, held_.size());
        } else if (gives_lock_back(e)) {
            const auto it = held_.find({e.context, e.object});
            if (it != held_.end()) {
                async("e", locks, it->second, now, printable(e.object, true));
                held_.erase(it);
                counter("locks held", now, held_.size());
            }
        }
    }

    uint64_t hold(const sim::trace_event& e) {
        return held_.insert_or_assign({e.context, e.object}, ++holds_).first->second;
    }

    void runs(const sim::trace_event& e, uint64_t now) {
        const uint32_t cpu = t_.header.contexts[e.context].cpu;
        if (running_.contains(cpu) && running_[cpu].first == e.context) {
            running_[cpu].second = now;
            return;
        }
        stop(cpu, now);
        running_[cpu] = {e.context, now};
        plain("B", cpus, cpu + 1, now, t_.header.contexts[e.context].name);
        if (last_cpu_ != UINT32_MAX && last_cpu_ != cpu) {
            stop(last_cpu_, now);
        }
        last_cpu_ = cpu;
    }
    void stop(uint32_t cpu, uint64_t now) {
        if (running_.erase(cpu) != 0) {
            plain("E", cpus, cpu + 1, now, "");
        }
    }

    void end_wait(uint32_t context, open_things& mine, uint64_t now) {
        if (mine.waits) {
            plain("E", contexts, context + 1, now, "waits");
            mine.waits = false;
        }
    }

    // Slices that need not nest have an identity of their own.
    void async(const char* phase, group g, uint64_t id, uint64_t now, std::string_view name) {
        begin(phase, g, 1, now, name);
        j_.field("cat", g == locks ? "lock" : "packet");
        j_.field("id", id);
        end();
    }

    void counter(const char* name, uint64_t now, uint64_t value) {
        begin("C", counters, 1, now, name);
        j_.key("args");
        j_.open('{');
        j_.key("value");
        j_.number(value);
        j_.close('}');
        end();
    }

    // What is still open ends with the trace.
    void finish() {
        const uint64_t now = end_ + 1000;
        for (uint32_t c = 0; c < of_.size(); ++c) {
            end_wait(c, of_[c], now);
            for (; !of_[c].calls.empty(); of_[c].calls.pop_back()) {
                plain("E", contexts, c + 1, now, of_[c].calls.back());
            }
            if (of_[c].packet != 0) {
                async("e", packets, of_[c].packet, now, "packet");
            }
        }
        for (const auto& [key, id] : held_) {
            async("e", locks, id, now, key.second);
        }
        while (!running_.empty()) {
            stop(running_.begin()->first, now);
        }
    }

    void flows() {
        std::vector<uint32_t> context_of(remarks_.size(), 0);
        for (const sim::trace_event& e : t_.events) {
            if (!e.remark) {
                context_of[e.step] = e.context;
            }
        }
        uint64_t id = 0;
        for (const order_edge& edge : necessary_order(t_)) {
            ++id;
            flow("s", id, edge.from, context_of[edge.from], "happens before");
            flow("f", id, edge.to, context_of[edge.to], "happens before");
        }
        // By a memory model: whose write is read, by another context.
        for (const read_edge& read : reads_from(t_)) {
            const char* name = read.stale ? "reads an old value" : "reads from";
            ++id;
            flow("s", id, read.from, context_of[read.from], name);
            flow("f", id, read.to, context_of[read.to], name);
        }
    }
    void flow(const char* phase, uint64_t id, uint32_t step, uint32_t context, const char* name) {
        begin(phase, contexts, context + 1, step * 1000ULL, name);
        j_.field("cat", "order");
        j_.field("id", id);
        j_.field("bp", "e");
        end();
    }

    void findings() {
        for (const sim::trace_finding& f : t_.findings) {
            const uint64_t now = f.step == 0 ? end_ : f.step * 1000ULL;
            begin("i", contexts, f.context + 1, now, printable(f.kind, true));
            j_.field("s", "g");
            j_.key("args");
            j_.open('{');
            j_.field("message", printable(f.message, true));
            j_.close('}');
            end();
        }
    }

    const sim::trace& t_;
    fmt::memory_buffer out_;
    sim::json_line j_;
    std::vector<open_things> of_;
    std::vector<uint32_t> remarks_;  // of each step
    uint32_t at_step_ = UINT32_MAX;
    uint64_t within_ = 0;
    uint64_t end_ = 0;
    uint64_t packets_ = 0;
    uint64_t holds_ = 0;
    uint64_t allocated_ = 0;
    uint64_t freed_ = 0;
    std::map<std::pair<uint32_t, std::string>, uint64_t> held_;
    std::map<uint32_t, std::pair<uint32_t, uint64_t>> running_;  // per CPU: context, last seen
    uint32_t last_cpu_ = UINT32_MAX;
};

}  // namespace

std::string perfetto(const sim::trace& t, const format_options&) {
    return writer(t).text();
}

}  // namespace viz
