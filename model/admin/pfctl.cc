#include <cerrno>
#include <optional>

#include "model/admin/complaint.h"
#include "model/admin/text.h"
#include "model/admin/tools.h"
#include "model/net/stack.h"
#include "model/pf/pf_ioctl.h"
#include "model/pf/pf_parse.h"
#include "model/pf/pf_print.h"
#include "model/pf/pf_state.h"
#include "model/pf/pfvar.h"

namespace model::admin {

using namespace net;

namespace {

struct pfctl_options {
    bool disable = false;
    bool enable = false;
    bool dry = false;
    bool verbose = false;
    bool load = false;
    std::string anchor;
    std::optional<std::string> show;
    std::optional<std::string> flush;
    std::vector<std::string> kill;
};

int usage(std::string& out) {
    out +=
        "usage: pfctl [-deNnv] [-a anchor] [-F modifier] [-f file] [-k host] [-s modifier]\n"
        "       modifiers: rules states all (-F), rules states info timeouts (-s);"
        " the file is the standard input: -\n";
    return 1;
}

// The argument of an option that has one, the rest of its word or the next one; nothing: it is missing.
std::optional<std::string> argument_of(std::string_view rest, arguments& args) {
    if (!rest.empty()) {
        return std::string(rest);
    }
    if (args.size() < 2) {
        return std::nullopt;
    }
    args = args.subspan(1);
    return std::string(args[0]);
}

// `rest`: what stands behind the letter in its word.
bool read_option(char letter, std::string_view rest, arguments& args, pfctl_options& o) {
    switch (letter) {
        case 'd':
            o.disable = true;
            return true;
        case 'e':
            o.enable = true;
            return true;
        case 'n':
            o.dry = true;
            return true;
        case 'v':
            o.verbose = true;
            return true;
        case 'f':
            o.load = true;
            if (rest.empty() && args.size() > 1 && args[1] == "-") {
                args = args.subspan(1);
                rest = "-";
            }
            return rest.empty() || rest == "-";
        default:
            break;
    }
    const std::optional<std::string> argument = argument_of(rest, args);
    if (!argument) {
        return false;
    }
    switch (letter) {
        case 'a':
            o.anchor = *argument;
            return true;
        case 'k':
            o.kill.push_back(*argument);
            return true;
        case 's':
            o.show = argument;
            return true;
        case 'F':
            o.flush = argument;
            return true;
        default:
            return false;
    }
}

bool read_options(arguments args, pfctl_options& o) {
    while (!args.empty()) {
        const std::string word(args[0]);
        if (word.size() < 2 || word[0] != '-') {
            return false;
        }
        for (size_t n = 1; n < word.size(); ++n) {
            if (!read_option(word[n], std::string_view(word).substr(n + 1), args, o)) {
                return false;
            }
            if (std::string_view("akfsF").find(word[n]) != std::string_view::npos) {
                break;  // its argument was the rest of the word, or the next one
            }
        }
        args = args.subspan(1);
    }
    return o.kill.size() <= 2;
}

// ---- show ---------------------------------------------------------------------------------------

int show_rules(stack& st, const std::string& anchor, std::string& out) {
    std::vector<pf::pf_rule_shown> rules;
    if (pf::pf_ioc_getrules(st, anchor, rules) != 0) {
        return errx(out, "pfctl", "Anchor '" + anchor + "' not found.");
    }
    for (const pf::pf_rule_shown& r : rules) {
        out += pf::pf_rule_text(r.spec);
        if (r.spec.anchor_here) {
            out += " {\n";
            for (const pf::pf_rule_spec& inner : r.inside) {
                out += "  " + pf::pf_rule_text(inner) + "\n";
            }
            out += "}";
        }
        out += "\n";
    }
    return 0;
}

void show_states(stack& st, std::string& out) {
    const std::vector<pf::pf_state*> states = pf::pf_states_of_now(st);
    for (const pf::pf_state* s : states) {
        if (!s->unlinked.load(std::memory_order_relaxed)) {
            out += pf::pf_state_text(*s) + "\n";
        }
    }
    pf::pf_states_unref(st, states);
}

void show_counter(stack& st, const char* name, counter which, std::string& out) {
    out +=
        "  " + left(name, 27) + right(std::to_string(counters_read(st.counters, which)), 14) + "\n";
}

void show_info(stack& st, std::string& out) {
    const bool on = st.pf->running.load(std::memory_order_relaxed);
    const std::vector<pf::pf_state*> states = pf::pf_states_of_now(st);
    size_t current = 0;
    for (const pf::pf_state* s : states) {
        current += s->unlinked.load(std::memory_order_relaxed) ? 0 : 1;
    }
    pf::pf_states_unref(st, states);
    out += std::string("Status: ") + (on ? "Enabled" : "Disabled") + "\n\n";
    out += left("State Table", 29) + right("Total", 14) + "\n";
    out += "  " + left("current entries", 27) + right(std::to_string(current), 14) + "\n";
    show_counter(st, "searches", counter::pf_searches, out);
    show_counter(st, "inserts", counter::pf_inserts, out);
    show_counter(st, "removals", counter::pf_removals, out);
    out += "Counters\n";
    show_counter(st, "match", counter::pf_match, out);
    show_counter(st, "fragment", counter::pf_fragment, out);
    show_counter(st, "short", counter::pf_short, out);
    show_counter(st, "ip-option", counter::pf_ip_option, out);
    show_counter(st, "state-mismatch", counter::pf_state_mismatch, out);
    show_counter(st, "state-insert", counter::pf_state_insert, out);
    show_counter(st, "translate", counter::pf_translate, out);
}

void show_timeouts(stack& st, std::string& out) {
    for (unsigned n = 0; n < pf::pftm_max; ++n) {
        const uint32_t seconds = st.pf->timeouts[n].load(std::memory_order_relaxed);
        out += left(pf::pf_timeouts[n].name, 20) + " " + right(std::to_string(seconds), 10) + "s\n";
    }
}

// A modifier may be cut short, as in -s r.
bool means(const std::string& modifier, std::string_view whole) {
    return !modifier.empty() && whole.starts_with(modifier);
}

int show(stack& st, const pfctl_options& o, std::string& out) {
    if (means(*o.show, "rules")) {
        return show_rules(st, o.anchor, out);
    }
    if (means(*o.show, "states")) {
        show_states(st, out);
    } else if (means(*o.show, "info")) {
        show_info(st, out);
    } else if (means(*o.show, "timeouts")) {
        show_timeouts(st, out);
    } else {
        return errx(out, "pfctl", "Unknown show modifier '" + *o.show + "'");
    }
    return 0;
}

// ---- flush, kill --------------------------------------------------------------------------------

void flush_rules(stack& st, const std::string& anchor, std::string& out) {
    pf::pf_ioc_clrrules(st, anchor);
    out += "rules cleared\n";
}

void flush_states(stack& st, std::string& out) {
    out += std::to_string(pf::pf_ioc_killstates(st, 0, 0)) + " states cleared\n";
}

int flush(stack& st, const pfctl_options& o, std::string& out) {
    const bool all = means(*o.flush, "all");
    if (!all && !means(*o.flush, "rules") && !means(*o.flush, "states")) {
        return errx(out, "pfctl", "Unknown flush modifier '" + *o.flush + "'");
    }
    if (all || means(*o.flush, "rules")) {
        flush_rules(st, o.anchor, out);
    }
    if (all || means(*o.flush, "states")) {
        flush_states(st, out);
    }
    return 0;
}

int kill_states(stack& st, const pfctl_options& o, std::string& out) {
    uint32_t hosts[2] = {};
    for (size_t n = 0; n < o.kill.size(); ++n) {
        const auto address = parse_address(o.kill[n]);
        if (!address) {
            return errx(out, "pfctl", "getaddrinfo: " + o.kill[n] + ": no such host");
        }
        hosts[n] = *address;
    }
    const unsigned killed = pf::pf_ioc_killstates(st, hosts[0], hosts[1]);
    out += "killed " + std::to_string(killed) + " states from 1 sources and " +
           std::to_string(o.kill.size() - 1) + " destinations\n";
    return 0;
}

// ---- load ---------------------------------------------------------------------------------------

int add_rules(stack& st, const std::vector<pf::pf_config_rule>& rules,
              const pf::pf_trans_element& to) {
    for (const pf::pf_config_rule& r : rules) {
        if (const int error = pf::pf_ioc_addrule(st, to, r.spec); error != 0) {
            return error;
        }
    }
    return 0;
}

// The rulesets of a file: the one that is loaded, and those of anchors in braces, once each.
struct ruleset_to_load {
    std::string name;
    const std::vector<pf::pf_config_rule>* rules;
};

std::vector<ruleset_to_load> rulesets_of(const pf::pf_config& config, const std::string& name) {
    std::vector<ruleset_to_load> all = {{name, &config.rules}};
    for (const pf::pf_config_rule& r : config.rules) {
        if (r.spec.anchor_here && all.back().name != r.spec.anchor) {
            all.push_back({r.spec.anchor, &r.inside});
        }
    }
    return all;
}

int load_rules(stack& st, const pf::pf_config& config, const std::string& name, std::string& out) {
    const std::vector<ruleset_to_load> all = rulesets_of(config, name);
    std::vector<pf::pf_trans_element> elements;
    for (const ruleset_to_load& rs : all) {
        elements.push_back({rs.name, 0});
    }
    pf::pf_ioc_xbegin(st, elements);
    int error = 0;
    for (size_t n = 0; n < all.size() && error == 0; ++n) {
        error = add_rules(st, *all[n].rules, elements[n]);
    }
    if (error != 0) {
        pf::pf_ioc_xrollback(st, elements);
        return err(out, "pfctl", "DIOCADDRULE", error);
    }
    error = pf::pf_ioc_xcommit(st, elements);
    if (error != 0) {
        pf::pf_ioc_xrollback(st, elements);
        return err(out, "pfctl", "DIOCXCOMMIT", error);
    }
    return 0;
}

// The tables that rules name must be there, and those of `on rdomain` be domains.
void check_tables(stack& st, const std::vector<pf::pf_config_rule>& rules,
                  std::vector<pf::pf_parse_error>& errors) {
    for (const pf::pf_config_rule& r : rules) {
        const auto table = static_cast<unsigned>(r.spec.rtableid);
        const auto domain = static_cast<unsigned>(r.spec.onrdomain);
        if (r.spec.rtableid >= 0 && rtable_get(st, table) == nullptr) {
            errors.push_back(
                {r.line, r.column, "rtable " + std::to_string(table) + " does not exist", ""});
        }
        if (r.spec.onrdomain > 0 && rtable_l2(st, domain) != domain) {
            errors.push_back({r.line, r.column,
                              "number " + std::to_string(domain) + " is not a valid routing domain",
                              ""});
        }
        check_tables(st, r.inside, errors);
    }
}

// Where pfctl says a line only, the column and what was expected are said behind it.
int complain(const pf::pf_config& config, std::string& out) {
    for (const pf::pf_parse_error& e : config.errors) {
        out += "stdin:" + std::to_string(e.line) + ": " + e.what + "\n";
        if (!e.hint.empty()) {
            out += "stdin:" + std::to_string(e.line) + ":" + std::to_string(e.column) +
                   ": hint: " + e.hint + "\n";
        }
    }
    return errx(out, "pfctl", "Syntax error in config file: pf rules not loaded");
}

int load(stack& st, const pfctl_options& o, std::string_view input, std::string& out) {
    pf::pf_config config = pf::pf_parse(input, !o.anchor.empty());
    check_tables(st, config.rules, config.errors);
    if (!config.errors.empty()) {
        return complain(config, out);
    }
    if (o.verbose) {
        out += pf::pf_config_text(config);
    }
    if (o.dry) {
        return 0;
    }
    if (o.anchor.empty()) {
        pf::pf_ioc_set_skip(st, config.skip);
    }
    for (const auto& [which, seconds] : config.timeouts) {
        pf::pf_ioc_set_timeout(st, which, seconds);
    }
    return load_rules(st, config, o.anchor, out);
}

int enable(stack& st, bool on, std::string& out) {
    const int error = on ? pf::pf_ioc_start(st) : pf::pf_ioc_stop(st);
    if (error != 0) {
        return errx(out, "pfctl", on ? "pf already enabled" : "pf not enabled");
    }
    out += on ? "pf enabled\n" : "pf disabled\n";
    return 0;
}

}  // namespace

int pfctl(stack& st, arguments args, std::string_view input, std::string& out) {
    pfctl_options o;
    if (args.empty() || !read_options(args, o)) {
        return usage(out);
    }
    int status = o.disable ? enable(st, false, out) : 0;
    if (status == 0 && o.show) {
        status = show(st, o, out);
    }
    if (status == 0 && o.flush) {
        status = flush(st, o, out);
    }
    if (status == 0 && !o.kill.empty()) {
        status = kill_states(st, o, out);
    }
    if (status == 0 && o.load) {
        status = load(st, o, input, out);
    }
    return status == 0 && o.enable ? enable(st, true, out) : status;
}

// pf purge: one pass of what the task does, in the calling context.
int pf_command(stack& st, arguments args, std::string& out) {
    if (args.size() != 1 || args[0] != "purge") {
        out += "usage: pf purge\n";
        return 1;
    }
    pf::pf_purge_expired_states(st);
    return 0;
}

}  // namespace model::admin
