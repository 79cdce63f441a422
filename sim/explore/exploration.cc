#include "sim/explore/exploration.h"

#include <algorithm>
#include <utility>

#include "sim/explore/optimal.h"

namespace sim {

namespace {

void write_finding(byte_writer& to, const finding& f) {
    to.put(f.kind);
    to.put(f.context);
    to.put(f.other_context);
    to.put(f.size);
    to.put(f.write);
    to.put(f.other_write);
    to.put(f.step);
    to.put(f.pc);
    to.put(f.address);
    to.put(f.other_pc);
    to.put_text(f.text);
}

finding read_finding(byte_reader& from) {
    finding f;
    f.kind = from.get<finding_kind>();
    f.context = from.get<uint8_t>();
    f.other_context = from.get<uint8_t>();
    f.size = from.get<uint8_t>();
    f.write = from.get<bool>();
    f.other_write = from.get<bool>();
    f.step = from.get<uint32_t>();
    f.pc = from.get<uint64_t>();
    f.address = from.get<uint64_t>();
    f.other_pc = from.get<uint64_t>();
    f.text = from.get_text();
    return f;
}

void write_case(byte_writer& to, const found_case& f) {
    write_finding(to, f.what);
    to.put_list<uint8_t>(f.choices);
    to.put(f.choices.visible);
    to.put(f.preemptions);
    to.put(f.executions);
    to.put(f.of_earlier_round);
}

found_case read_case(byte_reader& from) {
    found_case f;
    f.what = read_finding(from);
    static_cast<std::vector<uint8_t>&>(f.choices) = from.get_list<uint8_t>();
    f.choices.visible = from.get<uint32_t>();
    f.preemptions = from.get<uint32_t>();
    f.executions = from.get<uint64_t>();
    f.of_earlier_round = from.get<bool>();
    return f;
}

void write_allowed(byte_writer& to, const allowed_case& a) {
    to.put(a.number);
    to.put(a.executions);
}

allowed_case read_allowed(byte_reader& from) {
    allowed_case a;
    a.number = from.get<uint32_t>();
    a.executions = from.get<uint64_t>();
    return a;
}

void write_result(byte_writer& to, const explore_result& r) {
    for (uint64_t count : {r.executions, r.pruned, r.deadlocked, r.steps, r.step_bounds,
                           r.unaccounted, uint64_t{r.steps_longest}, r.earlier}) {
        to.put(count);
    }
    to.put(r.complete);
    to.put(r.cut_by_findings);
    to.put_each(r.found, write_case);
    to.put(static_cast<uint64_t>(r.learned.size()));
    for (const auto& [key, witness] : r.learned) {
        to.put_text(key);
        to.put_text(witness);
    }
    to.put_each(r.allowed, write_allowed);
    write_case(to, r.unended);
}

explore_result read_result(byte_reader& from) {
    explore_result r;
    r.executions = from.get<uint64_t>();
    r.pruned = from.get<uint64_t>();
    r.deadlocked = from.get<uint64_t>();
    r.steps = from.get<uint64_t>();
    r.step_bounds = from.get<uint64_t>();
    r.unaccounted = from.get<uint64_t>();
    r.steps_longest = static_cast<uint32_t>(from.get<uint64_t>());
    r.earlier = from.get<uint64_t>();
    r.complete = from.get<bool>();
    r.cut_by_findings = from.get<bool>();
    r.found = from.get_each<found_case>(read_case);
    for (auto n = from.get<uint64_t>(); n != 0 && from.ok(); --n) {
        std::string key = from.get_text();
        add_lesson(r.learned, key, from.get_text());
    }
    r.allowed = from.get_each<allowed_case>(read_allowed);
    r.unended = read_case(from);
    return r;
}

// One of the two begins with the other, which becomes the longer.
bool extend(std::vector<context_path>& known, const std::vector<context_path>& other) {
    const size_t both = std::min(known.size(), other.size());
    if (!std::equal(known.begin(), known.begin() + static_cast<long>(both), other.begin())) {
        return false;
    }
    known.insert(known.end(), other.begin() + static_cast<long>(both), other.end());
    return true;
}

}  // namespace

void write(byte_writer& to, const unit_answer& a) {
    write(to, a.rest);
    write_result(to, a.result);
    to.put_list(a.raced);
    to.put_list(a.contexts);
    to.put(a.in_vain);
    to.put_text(a.news);
}

unit_answer read_answer(byte_reader& from) {
    unit_answer a;
    a.rest = read_rest(from);
    a.result = read_result(from);
    a.raced = from.get_list<location>();
    a.contexts = from.get_list<context_path>();
    a.in_vain = from.get<uint64_t>();
    a.news = from.get_text();
    return a;
}

bool exploration::take(work_unit& u, int32_t near) {
    return by_graphs ? graphs.take(u) : tree.take(u, near);
}

size_t exploration::ready(size_t enough) const {
    return by_graphs ? graphs.ready(enough) : tree.ready(enough);
}

bool exploration::done() const {
    return by_graphs ? graphs.done() : tree.done();
}

void exploration::put_back(uint64_t id) {
    by_graphs ? graphs.put_back(id) : tree.put_back(id);
}

// How many graphs come from one is not known before.
double exploration::share_done() const {
    return by_graphs ? -1 : tree.share_done();
}

void exploration::begin_anew() {
    tree = shared_tree();
    graphs = graph_pool();
    bound_mattered = may_have_missed = false;
}

bool exploration::complete() const {
    return done() && result.all_followed() && !may_have_missed;
}

int32_t exploration::take_in(unit_answer answer, bool& fits) {
    fits = extend(contexts, answer.contexts);
    if (!fits || (!answer.rest.begun && answer.raced.empty())) {
        put_back(answer.rest.id);
        return shared_tree::anywhere;
    }
    in_vain += answer.in_vain;
    merge(result, answer.result);
    if (answer.raced.empty()) {
        bound_mattered |= answer.rest.bound_mattered;
        may_have_missed |= answer.rest.may_have_missed;
        if (!by_graphs) {
            return tree.commit(std::move(answer.rest));
        }
        graphs.commit(std::move(answer.rest));
        return shared_tree::anywhere;
    }
    for (const location& l : answer.raced) {
        if (std::find(visible.begin(), visible.end(), l) == visible.end()) {
            visible.push_back(l);
        }
    }
    next_round(result);
    begin_anew();
    return shared_tree::anywhere;
}

void exploration::write(byte_writer& to) const {
    tree.write(to);
    graphs.write(to);
    to.put(bound_mattered);
    to.put(may_have_missed);
    write_result(to, result);
    to.put_list(visible);
    to.put_list(contexts);
    to.put(in_vain);
}

bool exploration::read(byte_reader& from) {
    if (!tree.read(from) || !graphs.read(from)) {
        return false;
    }
    bound_mattered = from.get<bool>();
    may_have_missed = from.get<bool>();
    result = read_result(from);
    visible = from.get_list<location>();
    contexts = from.get_list<context_path>();
    in_vain = from.get<uint64_t>();
    return from.whole();
}

bool exploration::tell_machine() const {
    for (const location& l : visible) {
        visible_add(l);
    }
    return add_context_paths(contexts);
}

namespace {

std::unique_ptr<unit_strategy> strategy_of(const unit_style& style) {
    if (style.by_graphs) {
        chosen_awaits = await_looks::once;
        return std::make_unique<graph_search>(style.reversals_max);
    }
    return std::make_unique<optimal_strategy>(style.gap);
}

}  // namespace

unit_worker::unit_worker(simulation& subject, const unit_style& style)
    : subject_(subject),
      judge_(style.judge),
      strategy_(strategy_of(style)),
      used_(judge_ != nullptr ? judge_->around(*strategy_) : *strategy_) {}

unit_answer unit_worker::work_on(work_unit u, uint64_t executions,
                                 const execution_observer& go_on) {
    unit_answer answer;
    explore_limits limits;
    limits.executions_max = executions;
    limits.begins_anew = false;
    strategy_->begin_unit(std::move(u));
    const uint64_t before = strategy_->executions_in_vain();
    answer.result = explore(subject_, used_, limits, [&](execution_end end) {
        const bool enough = judge_ != nullptr && !judge_->see(end);
        answer.enough |= enough;
        return go_on(end) && !enough;
    });
    answer.in_vain = strategy_->executions_in_vain() - before;
    answer.result.pruned -= answer.in_vain;
    answer.rest = strategy_->end_unit();
    answer.raced = visible_take_found();
    answer.contexts = context_paths();
    return answer;
}

bool explore_rest(simulation& subject, exploration& all, const explore_limits& limits,
                  const unit_observer& more, const unit_style& style) {
    all.by_graphs = style.by_graphs;
    unit_worker worker(subject, style);
    int32_t near = shared_tree::anywhere;
    bool stopped = false;
    bool enough = false;
    const uint64_t before = all.executions();
    uint64_t done = 0;
    const execution_observer go_on = [&](execution_end end) {
        done += worker.strategy().in_vain() ? 0 : 1;
        stopped |= (limits.stop_at_first && end != execution_end::pruned && !g.findings.empty()) ||
                   !more(worker.strategy());
        return !stopped;
    };
    work_unit u;
    while (!stopped && !enough && before + done < limits.executions_max && all.take(u, near)) {
        HEDDLE_ASSERT(all.tell_machine());
        bool fits = true;
        unit_answer answer =
            worker.work_on(std::move(u), limits.executions_max - before - done, go_on);
        enough = answer.enough;
        near = all.take_in(std::move(answer), fits);
        HEDDLE_ASSERT(fits);
    }
    all.result.complete = all.complete();
    return enough;
}

}  // namespace sim
