#include "sim/machine/fair.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "sim/machine/digest.h"
#include "sim/machine/loops.h"
#include "sim/machine/module.h"
#include "sim/machine/schedule.h"
#include "sim/machine/spin.h"

namespace sim {

bool fair_on = false;

namespace {

// Rests that a new one is compared with: a turn of everybody, and more.
constexpr size_t compared_max = 1024;

struct quiet_time {
    digest state;
    uint64_t possible;  // who could have taken a step since the rest before
    uint64_t went;      // who did
    size_t steps;       // taken before
};

std::vector<uint64_t> sites;  // sorted

// What belongs to an execution.
struct progress {
    uint64_t waiting = 0;
    uint64_t possible = 0;  // since the last rest
    uint64_t went = 0;
    size_t rests = 0;       // kept for a snapshot, as is `steps`
    size_t comparable = 0;  // the first rest that later ones may be compared with
    size_t steps = 0;
    uint32_t next_turn = 0;  // the lowest number that goes on next
    bool time_had_its_turn = false;
    std::vector<uint8_t> came;  // [context * sites + site]
    std::vector<entry_state> entries;

    void begin() {
        *this = progress{};
        came.assign(contexts_max * sites.size(), 0);
        entries.resize(contexts_max);
    }
};

progress now;
std::vector<quiet_time> rests;
std::vector<sight> steps;
std::vector<progress> saved;  // by level
bool due = false;
size_t repeated_from = 0;  // livelock: the step behind the rest that came again
bool is_livelock = false;

uint8_t* came_to(unsigned context) {
    return now.came.data() + context * sites.size();
}

uint64_t next_in_turn() {
    const uint64_t later = now.waiting & ~((1ULL << now.next_turn) - 1);
    const uint64_t from = later != 0 ? later : now.waiting;
    return from & -from;
}

bool all_go_on() {
    return rests.size() <= fair_rests_for_all;
}

digest state_now() {
    digest d = digest_of_state(now.entries);
    d.add(now.waiting);
    d.add(all_go_on() ? 0 : next_in_turn());
    return d;
}

// The rest at which the state was this one; rests.size() if there is none.
size_t same_rest() {
    const size_t last = rests.size() - 1;
    const size_t floor = std::max(now.comparable, last - std::min(last, compared_max));
    for (size_t i = last; module_unseen_writers().empty() && i-- > floor;) {
        if (rests[i].state == rests[last].state) {
            return i;
        }
    }
    return rests.size();
}

// The execution has come round: it is over.
void end_round(size_t before) {
    uint64_t possible = 0;
    uint64_t went = 0;
    for (size_t i = before + 1; i < rests.size(); ++i) {
        possible |= rests[i].possible;
        went |= rests[i].went;
    }
    is_livelock = (possible & ~went) == 0;
    repeated_from = rests[before].steps;
    g.end = is_livelock ? execution_end::deadlock : execution_end::pruned;
}

void count_arrival(const context& c) {
    // Who takes a CPU or gives it up (cpus.h) came here before.
    if (c.op.kind == op_kind::await || c.op.kind == op_kind::give_up || c.op.takes_cpu) {
        return;
    }
    const uint64_t site = site_of(c);
    const auto at = std::lower_bound(sites.begin(), sites.end(), site);
    if (at == sites.end() || *at != site) {
        return;
    }
    uint8_t& times = came_to(c.id)[at - sites.begin()];
    if (times >= fair_rounds) {
        now.waiting |= c.bit;
    } else {
        ++times;
    }
}

// Everybody counts from zero. While all go on, each comes to wait where it waits now; in turns, behind it.
void let_go_on(uint64_t who, bool same_place) {
    for (unsigned id = 0; id < g.context_count; ++id) {
        if ((now.waiting & ~who & 1ULL << id) == 0) {
            std::fill_n(came_to(id), sites.size(), uint8_t{0});
        }
    }
    now.waiting &= ~who;
    for (uint64_t rest = same_place ? who : 0; rest != 0; rest &= rest - 1) {
        count_arrival(g.contexts[__builtin_ctzll(rest)]);
    }
}

void begin_progress() {
    due = is_livelock = false;
    now.begin();
    rests.clear();
    steps.clear();
}

}  // namespace

void fair_use(std::vector<uint64_t> in_use) {
    sites = std::move(in_use);
    std::sort(sites.begin(), sites.end());
    fair_on = !sites.empty();
    begin_progress();
}

std::vector<std::string> fair_assumptions() {
    std::vector<std::string> list;
    for (const std::string& loop : describe_sites(sites)) {
        list.push_back(
            fmt::format("contexts are scheduled fairly: in the loop at {} one goes on "
                        "after {} rounds only when nobody else can",
                        loop, fair_rounds));
    }
    return list;
}

uint64_t fair_waiting() {
    return now.waiting;
}

void fair_arrived(const context& c) {
    host_scope host;
    now.entries[c.id] = entry_of_current();
    count_arrival(c);
}

void fair_chosen(const context& c, uint64_t possible) {
    host_scope host;
    now.possible |= possible;
    now.went |= c.bit;
    now.entries[c.id] = {};
    steps.push_back(sight_of(c));
}

void fair_saw_time() {
    now.comparable = rests.size();
}

bool fair_wants_rest(bool time_can_pass) {
    if (now.waiting == 0) {
        return false;
    }
    due = !time_can_pass || now.time_had_its_turn;
    now.time_had_its_turn = !due;
    return due;
}

bool fair_rest_due() {
    return due;
}

void fair_rest() {
    due = false;
    rests.push_back({{}, now.possible, now.went, steps.size()});
    rests.back().state = state_now();
    now.possible = now.went = 0;
    if (const size_t before = same_rest(); before != rests.size()) {
        end_round(before);
        return;
    }
    g.policy->time_passes();
    g.time_passed_at = g.steps;
    const uint64_t who = all_go_on() ? now.waiting : next_in_turn();
    if (!all_go_on()) {
        now.next_turn = static_cast<uint32_t>(__builtin_ctzll(who) + 1) % contexts_max;
    }
    let_go_on(who, all_go_on());
    spin_look_again();
    g.end = execution_end::running;
}

bool fair_livelock() {
    return is_livelock;
}

std::string fair_repeats(unsigned context) {
    std::vector<sight> round;
    for (size_t i = is_livelock ? repeated_from : steps.size(); i < steps.size(); ++i) {
        if (steps[i].context == context) {
            round.push_back(steps[i]);
        }
    }
    // By places, whatever came first: the round may begin anywhere. Twice, since what comes once does not
    // repeat.
    std::sort(round.begin(), round.end(), [](const sight& a, const sight& b) {
        return std::tie(a.site, a.kind) < std::tie(b.site, b.kind);
    });
    const size_t once = round.size();
    for (size_t i = 0; i < once; ++i) {
        round.push_back(round[i]);
    }
    return text_of(what_repeats(round));
}

void fair_save(unsigned level) {
    if (!fair_on) {
        return;  // there is no progress, and whoever uses other sites begins at the root
    }
    saved.resize(level + 1);
    saved[level] = now;
    saved[level].rests = rests.size();
    saved[level].steps = steps.size();
}

void fair_restore(unsigned level) {
    if (!fair_on) {
        return;
    }
    if (level == 0) {
        begin_progress();
        return;
    }
    due = is_livelock = false;
    now = saved[level];
    rests.resize(now.rests);
    steps.resize(now.steps);
}

}  // namespace sim
