#include "viz/lifetime.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/trace/main_finding.h"
#include "viz/ladder.h"

namespace viz {

namespace {

// How often each object is spoken of, to tell near ones.
std::string names_there_are(const sim::trace& t) {
    std::map<std::string, int, std::less<>> counted;
    for (const sim::trace_event& e : t.events) {
        if (e.kind == "take" || e.kind == "put" || e.kind == "free" || e.kind == "state") {
            ++counted[std::string(object_of(e.object))];
        }
    }
    std::string out;
    for (const auto& [name, count] : counted) {
        out += (out.empty() ? "" : ", ") + name;
    }
    return out.empty() ? "none that is counted or freed" : out;
}

// What the finding speaks of: the object of its step, or of its evidence's steps.
std::string object_of_finding(const sim::trace& t) {
    if (t.findings.empty()) {
        return "";
    }
    const sim::trace_finding& f = sim::main_finding(t);
    std::vector<uint32_t> steps = {f.step};
    for (const sim::trace_evidence& e : f.evidence) {
        steps.push_back(e.step);
    }
    for (const uint32_t step : steps) {
        for (const sim::trace_event& e : t.events) {
            if (step != 0 && e.step == step && !e.remark && !e.object.empty()) {
                return std::string(object_of(e.object));
            }
        }
    }
    return "";
}

class teller {
  public:
    teller(const sim::trace& t, const format_options& options, const std::string& object)
        : t_(t), o_(options), object_(object) {}

    bool any() {
        for (const sim::trace_event& e : t_.events) {
            event(e);
        }
        finish();
        return !l_.rows.empty();
    }

    ladder take() {
        l_.title = fmt::format("{}: the life of {}", t_.header.subject, object_);
        l_.key = {
            "yellow: changes it   blue: takes or puts a reference   red: the finding   orange: "
            "explains it",
            "dashed: from taking a reference to putting it   \"never put\": not in this "
            "execution"};
        return std::move(l_);
    }

  private:
    struct reference {
        uint32_t row = 0;
        uint32_t context = 0;
    };

    [[nodiscard]] bool is_ours(const std::string& name) const { return is_part_of(name, object_); }

    void event(const sim::trace_event& e) {
        if (!is_ours(e.object)) {
            return;
        }
        const bool counts = e.kind == "take" || e.kind == "put";
        if (counts) {
            // The step that follows in the same context is the operation; it knows its callers.
            pending_[e.context] = e.kind;
            return;
        }
        std::string what;
        if (!e.remark && pending_.contains(e.context)) {
            what = pending_[e.context];
            pending_.erase(e.context);
        }
        const std::string change = change_of(e);
        const bool named = is_named(e);
        if (what.empty() && change.empty() && !named) {
            return;  // one more reader
        }
        row(e, what, change, named);
    }

    [[nodiscard]] bool is_named(const sim::trace_event& e) const {
        for (const sim::trace_finding& f : t_.findings) {
            if (f.step == e.step && !e.remark) {
                return true;
            }
            for (const sim::trace_evidence& v : f.evidence) {
                if (v.step == e.step && !e.remark && v.step != 0) {
                    return true;
                }
            }
        }
        return false;
    }

    // In words: all that findings say of this step, or "". Where it is evidence of what is found later, that tells more
    // than what it is found guilty of itself.
    [[nodiscard]] std::string words_of(const sim::trace_event& e, look& as) const {
        std::vector<std::string> words;
        const auto say = [&](const std::string& word, look how) {
            if (std::find(words.begin(), words.end(), word) == words.end()) {
                words.push_back(word);
                as = how;
            }
        };
        for (const sim::trace_finding& f : t_.findings) {
            for (const sim::trace_evidence& v : f.evidence) {
                if (v.step == e.step && !e.remark && v.step != 0) {
                    say(v.label, look::evidence);
                }
            }
        }
        for (const sim::trace_finding& f : t_.findings) {
            if (f.step == e.step && !e.remark) {
                say(f.kind, look::finding_step);
            }
        }
        return fmt::format("{}", fmt::join(words, ", "));
    }

    void row(const sim::trace_event& e, const std::string& what, const std::string& change,
             bool named) {
        ladder_row r;
        r.context = e.context;
        r.as = what.empty() ? look::change : look::remark;
        const std::string said = named ? words_of(e, r.as) : "";
        const std::vector<sim::trace_frame> stack = telling_stack(e.stack, o_.plumbing);
        std::string head = fmt::format("{}  ", e.step);
        head += what == "take" ? "takes a reference" : what == "put" ? "puts a reference" : "";
        head += what.empty() ? (said.empty() ? change : said) : "";
        r.lines.push_back(head);
        if (!what.empty() || !said.empty()) {
            r.lines.push_back(change.empty() ? action_of(e) : change);
        }
        for (size_t i = 0; i < std::min<size_t>(stack.size(), 2); ++i) {
            r.lines.push_back((i == 0 ? "in " : "from ") + place(stack[i]));
        }
        r.tooltip = stack_text(e.stack);
        r.url = stack.empty() ? "" : url_of(stack.front());
        r.is_bold = named;
        const auto index = static_cast<uint32_t>(l_.rows.size());
        l_.rows.push_back(std::move(r));
        if (what == "take") {
            open_.push_back({index, e.context});
        } else if (what == "put") {
            put(e.context, index);
        }
        if (named) {
            marked_.push_back(index);
        }
    }

    void put(uint32_t context, uint32_t index) {
        const auto it = std::find_if(open_.rbegin(), open_.rend(),
                                     [&](const reference& r) { return r.context == context; });
        if (it == open_.rend()) {
            l_.rows[index].lines.emplace_back("(taken before the race, or by another)");
            return;
        }
        l_.lines.push_back({it->row, index, "#6b9bc3", "dashed", "takes and puts"});
        open_.erase(std::next(it).base());
    }

    void finish() {
        for (const reference& r : open_) {
            l_.rows[r.row].lines.emplace_back("never put");
        }
        if (!t_.findings.empty() && marked_.size() > 1) {
            for (size_t i = 0; i + 1 < marked_.size(); ++i) {
                l_.lines.push_back({marked_[i], marked_.back(), orange, "solid", "explains it"});
            }
        }
    }

    const sim::trace& t_;
    const format_options& o_;
    const std::string& object_;
    ladder l_;
    std::map<uint32_t, std::string> pending_;  // per context: a take or put without its step
    std::vector<reference> open_;
    std::vector<uint32_t> marked_;
};

}  // namespace

bool lifetime(const sim::trace& t, const format_options& options, std::string& gv,
              std::string& error) {
    const std::string object = options.object.empty() ? object_of_finding(t) : options.object;
    teller teller(t, options, object);
    if (object.empty() || !teller.any()) {
        error = fmt::format("{}: nothing happens to \"{}\"; --object NAME, one of: {}",
                            t.header.subject, object, names_there_are(t));
        return false;
    }
    gv = graphviz_text(draw_ladder(t, teller.take()));
    return true;
}

}  // namespace viz
