// Conditions in normal form.

#include "scenarios/lang/print.h"
#include "scenarios/lang/references.h"

namespace scenario {

namespace {

constexpr const char* operator_texts[] = {"==", "!=", "<", "<=", ">", ">=", "in", "in"};
constexpr const char* fate_texts[] = {"forwarded", "delivered", "held", "dropped", "lost"};

std::string joined(const std::vector<word>& words, const char* between) {
    std::string text;
    for (const word& w : words) {
        text += (text.empty() ? "" : between) + to_text(w);
    }
    return text;
}

std::string compare_text(const comparison& c) {
    std::string text = operator_texts[static_cast<size_t>(c.op)];
    text += " " + std::to_string(c.low);
    return text + (c.op == compare_op::in_range ? ".." + std::to_string(c.high) : "");
}

std::string bug_text(const atom& a) {
    std::string text = "bug";
    text += a.subject.empty() ? "" : " " + to_text(a.subject);
    text += a.words.empty() ? "" : " " + joined(a.words, " ");
    return text + (a.where.empty() ? "" : " at " + to_text(a.where));
}

std::string fate_text(const atom& a) {
    std::string text =
        "fate " + to_text(a.subject) + " == " + fate_texts[static_cast<size_t>(a.fate)];
    text += a.interface.name.empty() ? "" : " " + to_text(a.interface);
    return text + (a.object.empty() ? "" : " " + to_text(a.object));
}

std::string sent_text(const atom& a) {
    return to_text(a.interface) + " > " + (a.packet ? to_text(*a.packet) : to_text(a.subject));
}

std::string event_text(const label_event& e) {
    return (e.done ? "done " : "start ") + to_text(e.label);
}

std::string exists_text(const atom& a) {
    if (!a.interface.name.empty()) {
        return to_text(a.subject) + " " + to_text(a.interface);
    }
    return to_text(a.subject) + " " + to_text(a.object) +
           (a.interface.router.empty() ? "" : " on " + to_text(a.interface.router));
}

std::string observable_text(const atom& a) {
    std::string text = joined(a.words, " ");
    if (a.compare.op == compare_op::in_set) {
        return text + " in { " + joined(a.right, ", ") + " }";
    }
    if (a.compare.op == compare_op::in_range) {
        return text + " " + compare_text(a.compare);
    }
    return text + " " + operator_texts[static_cast<size_t>(a.compare.op)] + " " +
           joined(a.right, " ");
}

bool is_list(const condition& c) {
    return c.kind == condition_kind::conjunction || c.kind == condition_kind::disjunction;
}

// Recursive: the reader bounds the depth.
std::string part_text(const condition& part, condition_kind around) {
    bool tighter =
        part.kind == condition_kind::atom || part.kind == condition_kind::negation ||
        (part.kind == condition_kind::conjunction && around == condition_kind::disjunction) ||
        (is_list(part) && around == condition_kind::implication);
    return tighter ? to_text(part) : "(" + to_text(part) + ")";
}

}  // namespace

std::string to_text(const atom& a) {
    switch (a.kind) {
        case atom_kind::bug:
            return bug_text(a);
        case atom_kind::fate:
            return fate_text(a);
        case atom_kind::sent:
            return sent_text(a);
        case atom_kind::count:
            return "count(" + sent_text(a) + ") " + compare_text(a.compare);
        case atom_kind::live:
            return "live " + to_text(a.subject) + " " + compare_text(a.compare);
        case atom_kind::refs:
            return "refs " + to_text(a.subject) + " " + compare_text(a.compare);
        case atom_kind::stat:
            return "stat " + to_text(a.subject) + " " + compare_text(a.compare);
        case atom_kind::log:
            return "log " + to_text(a.subject);
        case atom_kind::blocked:
            return to_text(a.subject) + " blocked" +
                   (a.object.empty() ? "" : " on " + to_text(a.object));
        case atom_kind::in_function:
            return to_text(a.subject) + " in " + to_text(a.where);
        case atom_kind::event:
            return event_text(a.first);
        case atom_kind::before:
            return event_text(a.first) + " before " + event_text(a.second);
        case atom_kind::exists:
            return exists_text(a);
        case atom_kind::got:
            return to_text(a.subject) + " got " + to_text(a.object);
        case atom_kind::observable:
            return observable_text(a);
    }
    return "";
}

// Recursive: the reader bounds the depth.
std::string to_text(const condition& c) {
    if (c.kind == condition_kind::atom) {
        return to_text(c.leaf);
    }
    if (c.kind == condition_kind::negation) {
        const condition& inner = c.parts.front();
        // `no bug`, `no route X`; `not (a and b)`, `not fate P == held`.
        bool thing = inner.kind == condition_kind::atom &&
                     (inner.leaf.kind == atom_kind::bug || inner.leaf.kind == atom_kind::exists ||
                      inner.leaf.kind == atom_kind::log);
        bool bare = inner.kind == condition_kind::atom || inner.kind == condition_kind::negation;
        return (thing ? "no " : "not ") + (bare ? to_text(inner) : "(" + to_text(inner) + ")");
    }
    const char* joint = c.kind == condition_kind::conjunction   ? " and "
                        : c.kind == condition_kind::disjunction ? " or "
                                                                : " implies ";
    std::string text;
    for (const condition& part : c.parts) {
        text += (text.empty() ? "" : joint) + part_text(part, c.kind);
    }
    return text;
}

}  // namespace scenario
