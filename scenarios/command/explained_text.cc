#include "scenarios/command/explained_text.h"

#include <fmt/format.h>

#include <map>

#include "scenarios/command/orders_text.h"
#include "viz/phrase.h"

namespace scenario {

namespace {

const viz::plumbing_files plumbing = {"kern/"};

// " (if.cc:76, in if_lladdr)", with the step if it has one.
std::string place_text(const std::vector<sim::trace_frame>& stack, uint32_t step = 0) {
    const std::string at = step == 0 ? "" : fmt::format("step {}, ", step);
    for (const sim::trace_frame& f : viz::telling_stack(stack, plumbing)) {
        const bool own = f.file.rfind("/usr/", 0) != 0 && f.file.rfind("heddle/", 0) != 0;
        if (own && !f.function.empty() && !viz::is_library(f.function)) {
            const std::string in = "in " + viz::short_function(f.function);
            return f.file.empty() ? fmt::format(" ({}{})", at, in)
                                  : fmt::format(" ({}{}:{}, {})", at, f.file, f.line, in);
        }
    }
    return step == 0 ? "" : fmt::format(" (step {})", step);
}

std::string name_of(const sim::trace& t, uint32_t context) {
    return context < t.header.contexts.size() ? t.header.contexts[context].name : "?";
}

const sim::trace_event* step_or_null(const sim::trace& t, uint32_t step) {
    for (const sim::trace_event& e : t.events) {
        if (!e.remark && e.step == step) {
            return &e;
        }
    }
    return nullptr;
}

// "reads count", "locks conf_lock": an operation as something that somebody does.
std::string deed_of(const sim::trace_event& e) {
    static const std::map<std::string, std::string> verbs = {
        {"load", "reads"},
        {"store", "writes"},
        {"rmw", "updates"},
        {"cas", "exchanges"},
        {"lock", "locks"},
        {"trylock", "tries to lock"},
        {"unlock", "unlocks"},
        {"rdlock", "read-locks"},
        {"wrlock", "write-locks"},
        {"rwunlock", "unlocks"},
        {"signal", "signals"},
        {"broadcast", "wakes all on"},
        {"sem_post", "posts"},
        {"sem_wait", "takes"},
        {"await", "sees what it waits for in"},
        {"cond_enqueue", "waits on"},
        {"cond_resume", "wakes up on"},
        {"dispatch", "takes"},
        {"give_up", "gives up"},
        {"interrupt", "interrupts"},
        {"interrupt_end", "returns to"},
        {"raise_level", "raises the level of"},
        {"lower_level", "lowers the level of"}};
    if (e.detail == sim::tried_in_vain) {
        return "has to wait for " + e.object;
    }
    const auto verb = verbs.find(e.kind);
    return verb != verbs.end() && !e.object.empty() ? verb->second + " " + e.object
                                                    : "does " + viz::action_of(e);
}

// "net0 locks conf_lock (if.cc:80, in if_remove)".
std::string step_text(const sim::trace& t, uint32_t step) {
    const sim::trace_event* e = step_or_null(t, step);
    return e == nullptr ? fmt::format("step {}", step)
                        : fmt::format("{} {}{}", name_of(t, e->context), deed_of(*e),
                                      place_text(e->stack, step));
}

const sim::trace_evidence* freed_or_null(const explained_report& r) {
    for (const sim::trace_evidence& e : r.told().evidence) {
        if (e.label == "freed") {
            return &e;
        }
    }
    return nullptr;
}

// "reads queue em1+160" of "net0 on cpu0 reads queue em1+160, which is freed".
std::pair<std::string, std::string> use_of_freed(const explained_report& r) {
    const sim::trace_finding& f = r.told();
    const std::string who = viz::who(r.trace, f.context) + " ";
    const size_t end = f.message.find(", which is freed");
    const size_t blank = f.message.find(' ', who.size());
    if (f.message.rfind(who, 0) != 0 || end == std::string::npos || blank > end) {
        return {"uses", "what is used"};
    }
    return {f.message.substr(who.size(), blank - who.size()),
            f.message.substr(blank + 1, end - blank - 1)};
}

std::string freeing_text(const explained_report& r, const sim::trace_evidence& freed) {
    return fmt::format("{} frees {}{}", name_of(r.trace, freed.context), use_of_freed(r).second,
                       place_text(freed.stack, freed.step));
}

std::string release_text(const explained_report& r) {
    const sim::trace_finding& f = r.told();
    return fmt::format("{} before {} {} it{}", freeing_text(r, *freed_or_null(r)),
                       name_of(r.trace, f.context), use_of_freed(r).first,
                       place_text(f.stack, f.step));
}

// "forks[3]" of "forks[3], held by t4".
std::string waited_for(const sim::trace& t, const sim::trace_evidence& e) {
    const std::string text = viz::remainder_of(t, e);
    return text.substr(0, text.find(", held by "));
}

// "before net0 reads count (step 7, ...)", or what its context stands at.
std::string second_text(const sim::trace& t, const step_order& o) {
    if (o.second_step != 0) {
        return "before " + step_text(t, o.second_step);
    }
    const std::string name = name_of(t, o.second_context);
    for (const sim::trace_finding& f : t.findings) {
        for (const sim::trace_evidence& e : f.evidence) {
            if (e.context == o.second_context && e.label == "waits for") {
                return fmt::format("before {} waits for {}{}", name, waited_for(t, e),
                                   place_text(e.stack));
            }
        }
    }
    if (o.second_kind.empty()) {
        return "before " + name + " waits";
    }
    sim::trace_event next;
    next.kind = o.second_kind;
    next.object = o.second_object;
    const std::string place = o.second_place.empty() ? "" : " (" + o.second_place + ")";
    return fmt::format("before {} {}{}", name, deed_of(next), place);
}

// What comes before several others is said once.
std::string orders_text(const explained_report& r) {
    std::string out;
    uint32_t said = 0;  // step
    for (const step_order& o : r.orders) {
        out += out.empty() ? "" : " and ";
        if (o.release && freed_or_null(r) != nullptr) {
            out += release_text(r);
            said = 0;
            continue;
        }
        out += said == o.first_step ? "" : step_text(r.trace, o.first_step) + " ";
        out += second_text(r.trace, o);
        said = o.first_step;
    }
    return out;
}

// What was looked at, for all that is claimed.
std::string ground_text(const explained_report& r) {
    const std::string seen = fmt::format("{}, {} of them without the failure",
                                         plural(r.executions, "execution"), grouped(r.passes));
    if (r.all_interleavings) {
        return "decided: all interleavings were run (" + seen + ")";
    }
    if (r.complete_to >= 0) {
        return fmt::format("decided for at most {}, sampled beyond ({})",
                           plural(static_cast<uint64_t>(r.complete_to), "preemption"), seen);
    }
    return "sampled, not decided: " + seen;
}

std::string turning_text(const explained_report& r) {
    const std::string how =
        r.turning_decided
            ? fmt::format("decided: {}",
                          r.continuations == 1
                              ? std::string("the only continuation fails")
                              : fmt::format("all {} continuations fail", grouped(r.continuations)))
            : fmt::format("sampled: all {} continuations that were run fail",
                          grouped(r.continuations));
    if (r.turning_step == 0) {
        return fmt::format("nothing averts it from the beginning ({})", how);
    }
    const sim::trace_evidence* freed = freed_or_null(r);
    const std::string what = freed != nullptr && freed->step == r.turning_step
                                 ? freeing_text(r, *freed)
                                 : step_text(r.trace, r.turning_step);
    return fmt::format("after step {} nothing averts it: {} ({})", r.turning_step, what, how);
}

std::string paragraph(const std::string& text, const look& how) {
    std::string out;
    for (const std::string& piece : viz::wrapped(text, how.width - 2)) {
        out += "  " + piece + "\n";
    }
    return out;
}

std::string strong_paragraph(const std::string& text, const look& how) {
    std::string out;
    for (const std::string& piece : viz::wrapped(text, how.width - 2)) {
        out += "  " + paint(how, ink::strong, piece) + "\n";
    }
    return out;
}

}  // namespace

std::string order_sentence(const explained_report& r) {
    if (r.always) {
        return "fails whatever the order: no execution without the failure was seen";
    }
    if (r.orders.empty()) {
        return "no order of operations tells executions that fail from others";
    }
    const std::string orders = orders_text(r);
    if (r.sufficient) {
        return (r.necessary ? "fails iff " : "fails if ") + orders;
    }
    return (r.necessary ? "fails only if " : "fails more often if ") + orders;
}

std::string explained_text(const explained_report& r, const look& how) {
    std::string out = r.turning_known() ? paragraph(turning_text(r), how) + "\n" : "";
    const std::vector<std::string> missing = missing_orders_text(r);
    for (size_t i = 0; i < missing.size(); ++i) {
        out += i == 0 ? strong_paragraph(missing[i], how) : paragraph(missing[i], how);
    }
    const std::string cut = r.cut_short ? "  the time was up: --budget-time S allows more\n" : "";
    // Where a value is old, the order of steps says little.
    if (r.missing.what == sim::missing_orders::answer::found && !r.sufficient) {
        return out + cut;
    }
    out += missing.empty() ? "" : "\n";
    out += strong_paragraph(order_sentence(r), how);
    if (r.sufficient && !r.necessary) {
        out += paragraph("there are other ways to the same failure", how);
    }
    if (!r.always && !r.sufficient && !r.orders.empty()) {
        out += paragraph("these do not suffice: some executions keep them and do not fail", how);
    }
    return out + paragraph(ground_text(r), how) + cut;
}

}  // namespace scenario
