#include "scenarios/runner/stage.h"

#include <fmt/format.h>

#include "scenarios/lang/references.h"
#include "scenarios/runner/script_points.h"
#include "scenarios/runner/stage_packets.h"
#include "sim/check/describe.h"
#include "sim/check/journal.h"
#include "sim/machine/clock.h"
#include "sim/machine/faults.h"
#include "sim/machine/packets.h"
#include "sim/machine/record.h"

namespace scenario {

namespace {

// The output buffer lies on the calling context's stack: memory that the subject may write.
constexpr unsigned long output_size = 2048;

sim::journalled_list<unsigned> lost_packets;  // of this execution

void record_loss(const action& a) {
    if (sim::g.record != nullptr) {
        const std::string_view bytes(reinterpret_cast<const char*>(a.frame.data()), a.frame.size());
        sim::record_frame(a.interface, '<', a.packet, bytes);
        sim::g.record->packet("fate", fmt::format("P{}", a.packet), "lost on the wire", a.packet,
                              bytes);
    }
}

uint32_t& bound_of(sim::machine_limits& limits, sim::fault kind) {
    return limits.faults[static_cast<size_t>(kind)];
}

}  // namespace

int stage::router_named(const word& name) const {
    return name.empty() ? 0 : routers_.at(name.text);
}

unsigned stage::packet_named(const std::string& name) const {
    auto found = packets_.find(name);
    return found == packets_.end() ? 0 : found->second;
}

void stage::prepare(const statement& line, const word& router, std::vector<action>& to) {
    action a;
    a.source = &line;
    a.router = router_named(line.router.empty() ? router : line.router);
    if (const auto* c = std::get_if<command>(&line.action); c != nullptr) {
        a.line = line_of(*c);
        hardware_.note(a.router, *c);
    } else if (const auto* in = std::get_if<injection>(&line.action); in != nullptr) {
        a.what = action::kind::inject;
        if (!in->interface.router.empty()) {
            a.router = router_of(in->interface);
        }
        a.interface = in->interface.name.text;
        a.queue = in->queue;
        a.packet = next_packet_++;
        packet_routers_.push_back(a.router);
        a.frame = hardware_.frame_of(*in, a.router, a.packet);
        if (!in->name.empty()) {
            packets_[in->name.text] = a.packet;
        }
    } else if (const auto* t = std::get_if<advance>(&line.action); t != nullptr) {
        a.what = action::kind::advance;
        a.nanoseconds = t->nanoseconds;
    } else if (const auto* e = std::get_if<expectation>(&line.action); e != nullptr) {
        a.what = action::kind::check;
        a.expected = e->holds;
    } else if (const auto* p = std::get_if<packet_expectation>(&line.action); p != nullptr) {
        a.what = action::kind::check;
        a.expected.leaf.kind = atom_kind::sent;
        a.expected.leaf.interface = p->interface;
        a.expected.leaf.packet = p->packet;
    }
    a.label = label_of(line);
    if (!a.label.empty()) {
        a.times = &times_[a.label];
    }
    to.push_back(std::move(a));
}

void stage::prepare_all() {
    auto list = [&](const std::vector<statement>& lines, const word& router,
                    std::vector<action>& to) {
        for (const statement& line : lines) {
            prepare(line, router, to);
        }
    };
    for (const router& r : script_.routers) {
        list(r.statements, r.name, topology_.emplace_back());
    }
    list(script_.before, word{}, before_);
    for (const context& c : script_.contexts) {
        list(c.statements, c.cpu.router, contexts_.emplace_back());
    }
    list(script_.after, word{}, after_);
    prepare_timers();
}

void stage::prepare_timers() {
    for (const freedom& f : script_.freedoms) {
        if (f.kind == freedom_kind::timer_may_fire) {
            const timer_ref timer = timer_of(f.subject);
            action a;
            a.what = action::kind::may_fire;
            a.router = timer.router.empty() ? 0 : routers_.at(timer.router);
            a.line = timer.name;
            a.label = "timer:" + f.subject.text;
            timers_.push_back(std::move(a));
        }
    }
}

// A frame comes in, unless it is lost on the wire.
int stage::inject(const action& a) {
    if (a.may_be_lost && sim::fault_chosen(sim::fault::lost_packet, 0)) {
        const sim::host_scope host;
        lost_packets.push_back(a.packet);
        record_loss(a);
        return 0;
    }
    if (sim::g.record != nullptr) {
        const std::string queue = a.queue ? fmt::format(" queue {}", *a.queue) : "";
        sim::record_frame(a.interface + queue, '<', a.packet,
                          {reinterpret_cast<const char*>(a.frame.data()), a.frame.size()});
    }
    const void* frame = a.frame.data();
    const auto size = static_cast<unsigned long>(a.frame.size());
    return a.queue ? sim::call_subject<int>(reinterpret_cast<uint64_t>(model_.receive), a.router,
                                            a.interface.c_str(), *a.queue, frame, size, a.packet)
                   : sim::call_subject<int>(reinterpret_cast<uint64_t>(model_.input), a.router,
                                            a.interface.c_str(), frame, size, a.packet);
}

int stage::perform(const action& a) {
    if (a.times != nullptr) {
        sim::statement_point(sim::point_kind::start, a.label);
        a.times->start = ++clock_;
    }
    int status = 0;
    switch (a.what) {
        case action::kind::command: {
            char text[output_size];
            text[0] = '\0';
            sim::record_remark("command", 0, a.line.c_str());
            status = sim::call_subject<int>(reinterpret_cast<uint64_t>(model_.command), a.router,
                                            a.line.c_str(), &text[0], output_size);
            output_ = text;
            break;
        }
        case action::kind::inject:
            status = inject(a);
            break;
        case action::kind::advance:
            sim::clock_advances(a.nanoseconds, 0);
            break;
        case action::kind::may_fire: {
            const bool fires = sim::call_subject<int>(reinterpret_cast<uint64_t>(model_.may_fire),
                                                      a.router, a.line.c_str()) != 0;
            sim::record_remark("note", 0, fires ? "the timer fires" : "the timer does not fire");
            break;
        }
        case action::kind::check:
            break;  // judged where it stands, by who runs the list
    }
    if (a.times != nullptr) {
        sim::statement_point(sim::point_kind::done, a.label);
        a.times->done = ++clock_;
    }
    return status;
}

void stage::keep(unsigned level) {
    kept_.resize(level + 1);
    kept_[level] = {times_, clock_};
}

// Actions point at the times: their places stay.
void stage::go_back(unsigned level) {
    for (const auto& [label, times] : kept_[level].times) {
        times_[label] = times;
    }
    clock_ = kept_[level].clock;
}

// What was done before the race stays done.
void stage::forget() {
    clock_ = clock_at_snapshot_;
    for (auto& [label, times] : times_) {
        if (times.start > clock_ || times.done > clock_) {
            times = label_times{};
        }
    }
}

// Outside the race a command that fails is a mistake of the script.
bool stage::run_checked(sim::simulation& machine, const std::vector<action>& list,
                        const judge& holds, std::string& error) {
    for (const action& a : list) {
        if (a.what == action::kind::check) {
            if (const judgement here = holds(a.expected); !here.holds) {
                error =
                    render(script_.texts.at(a.source->at, "this does not hold here", here.told));
                return false;
            }
            continue;
        }
        int status = 0;
        bool ok = machine.run_alone([&] {
            sim::call_subject<void>(reinterpret_cast<uint64_t>(model_.attach), a.router, 0U);
            status = perform(a);
        });
        if (!ok) {
            std::string what = sim::g.findings.empty()
                                   ? "it never ended"
                                   : sim::describe(sim::g.findings.front()).message;
            error = render(script_.texts.at(a.source->at, "set-up failed: " + what));
            return false;
        }
        if (status != 0) {
            std::string said = output_.substr(0, output_.find('\n'));
            error = render(script_.texts.at(
                a.source->at,
                said.empty() ? fmt::format("the command failed: status {}", status) : said));
            return false;
        }
    }
    return true;
}

// CPU 0 of one router is another processor than CPU 0 of the next.
unsigned stage::processor_of(const cpu_ref& cpu) const {
    unsigned before = 0;
    for (const router& r : script_.routers) {
        if (routers_.at(r.name.text) < router_named(cpu.router)) {
            before += r.cpus;
        }
    }
    return before + cpu.cpu;
}

bool stage::was_lost(unsigned packet) const {
    for (size_t i = 0; i < lost_packets.size(); ++i) {
        if (lost_packets[i] == packet) {
            return true;
        }
    }
    return false;
}

// What the caller has asked for is asked for of all; the script says of which.
void stage::allow_faults(sim::simulation& machine) {
    sim::machine_limits limits = sim::g.limits;
    const bool any_packet = bound_of(limits, sim::fault::lost_packet) != 0;
    const bool any_allocation = bound_of(limits, sim::fault::failed_allocation) != 0;
    std::vector<sim::allocation_choice> allocations;
    for (const freedom& f : script_.freedoms) {
        if (f.kind == freedom_kind::clock_any) {
            bound_of(limits, sim::fault::early_timer) = sim::faults_max;
        } else if (f.kind == freedom_kind::fail_alloc && !any_allocation) {
            allocations.push_back({f.nth, f.context.text});
            ++bound_of(limits, sim::fault::failed_allocation);
        } else if (f.kind == freedom_kind::may_lose && !any_packet) {
            ++bound_of(limits, sim::fault::lost_packet);
        }
    }
    for (size_t i = 0; i < contexts_.size(); ++i) {
        for (action& a : contexts_[i]) {
            a.may_be_lost = any_packet;
            for (const freedom& f : script_.freedoms) {
                a.may_be_lost |= f.kind == freedom_kind::may_lose && a.packet != 0 &&
                                 packet_named(f.subject.text) == a.packet;
            }
            sim::g.clock_moves |= a.what == action::kind::advance;
        }
    }
    sim::choose_allocations(std::move(allocations));
    machine.set_limits(limits);
}

sim::context_body stage::body_of(const context& c, const std::vector<action>& list) {
    const int router = router_named(c.cpu.router);
    const unsigned cpu = c.cpu.cpu;
    return {c.name.text, processor_of(c.cpu),
            [this, router, cpu, &list] {
                sim::call_subject<void>(reinterpret_cast<uint64_t>(model_.attach), router, cpu);
                for (const action& a : list) {
                    perform(a);
                }
                sim::statement_point(sim::point_kind::end, "");
            },
            true, c.level};
}

// A clock of its own: only the timeouts' mutex is taken on it, no CPU of the router.
sim::context_body stage::body_of_timer(const action& a, unsigned processor) {
    return {a.label, processor,
            [this, &a] {
                perform(a);
                sim::statement_point(sim::point_kind::end, "");
            },
            false, 0};
}

// Services of several routers have the router's name before theirs.
void stage::name_services(const router& of, unsigned first) {
    for (unsigned i = first; i < sim::g.context_count && routers_.size() > 1; ++i) {
        if (sim::g.contexts[i].service) {
            sim::g.contexts[i].name = of.name.text + ":" + sim::g.contexts[i].name;
        }
    }
}

bool stage::place_services(sim::simulation& machine, std::string& error) {
    for (const placement& p : script_.placements) {
        if (!machine.place_service(to_service(p, routers_.size()), processor_of(p.cpu))) {
            error = render(script_.texts.at(p.context.at, "the model has no such context"));
            return false;
        }
    }
    return true;
}

bool stage::make_routers(sim::simulation& machine, std::string& error) {
    for (const router& r : script_.routers) {
        int made = -1;
        const unsigned first = sim::g.context_count;
        bool ok = machine.run_alone([&] {
            made = sim::call_subject<int>(reinterpret_cast<uint64_t>(model_.create),
                                          r.name.text.c_str(), r.cpus);
        });
        if (!ok || made != routers_[r.name.text]) {
            error = render(script_.texts.at(r.name.at, "the model cannot make this router"));
            return false;
        }
        name_services(r, first);
    }
    return place_services(machine, error);
}

bool stage::set_up(sim::simulation& machine, const judge& holds, std::string& error) {
    if (!find_model_interface(model_, error)) {
        return false;
    }
    int number = 0;
    for (const router& r : script_.routers) {
        routers_[r.name.text] = number++;
    }
    tell_packets(script_);
    prepare_all();
    if (!make_routers(machine, error)) {
        return false;
    }
    for (const std::vector<action>& list : topology_) {
        if (!run_checked(machine, list, holds, error)) {
            return false;
        }
    }
    if (!run_checked(machine, before_, holds, error)) {
        return false;
    }
    allow_faults(machine);
    std::vector<sim::context_body> bodies;
    for (size_t i = 0; i < script_.contexts.size(); ++i) {
        bodies.push_back(body_of(script_.contexts[i], contexts_[i]));
    }
    unsigned behind = 0;
    for (const router& r : script_.routers) {
        behind += r.cpus;
    }
    for (const action& a : timers_) {
        bodies.push_back(body_of_timer(a, behind++));
    }
    machine.set_contexts(std::move(bodies));
    machine.take_snapshot();
    clock_at_snapshot_ = clock_;
    return true;
}

}  // namespace scenario
