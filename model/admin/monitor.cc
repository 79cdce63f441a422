#include "model/admin/monitor.h"

#include <algorithm>
#include <cerrno>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "model/admin/complaint.h"
#include "model/admin/text.h"
#include "model/net/rtsock.h"
#include "model/net/stack.h"

namespace model::admin {

using namespace net;

namespace {

int usage(std::string& out) {
    out +=
        "usage: route monitor [messages N | as name] [buffer N] [only TYPE ...] [without FLAG "
        "...]\n"
        "                     [priority N] [tables]\n"
        "       route read name [N | all]\n"
        "       route close name\n";
    return 1;
}

// ---- its arguments ------------------------------------------------------------------------------

struct request {
    std::string name;       // empty: opened, read and closed at one go
    uint32_t messages = 1;  // then
    uint32_t limit = rop_limit_default;
    route_filter filter;
};

struct flag_word {
    std::string_view word;
    uint32_t flag;
};
constexpr flag_word flag_words[] = {
    {"llinfo", RTF_LLINFO},   {"broadcast", RTF_BROADCAST}, {"local", RTF_LOCAL},
    {"cloned", RTF_CLONED},   {"host", RTF_HOST},           {"static", RTF_STATIC},
    {"dynamic", RTF_DYNAMIC}, {"connected", RTF_CONNECTED}, {"gateway", RTF_GATEWAY},
};

bool read_flag(std::string_view word, uint32_t* flags) {
    for (const flag_word& f : flag_words) {
        if (f.word == word) {
            *flags |= f.flag;
            return true;
        }
    }
    return false;
}

bool read_type(std::string_view word, uint32_t* types) {
    const int type = message_type(word);
    *types |= type == 0 ? 0 : 1U << static_cast<unsigned>(type);
    return type != 0;
}

bool read_number(std::string_view word, uint32_t min, uint32_t max, uint32_t* to) {
    const auto number = parse_number(word, max);
    *to = number.value_or(0);
    return number && *number >= min;
}

// A word that takes one value, and its value.
bool read_value(request& r, std::string_view word, std::string_view value) {
    if (word == "as") {
        r.name = value;
        return is_monitor_name(value);
    }
    if (word == "messages") {
        return read_number(value, 1, UINT16_MAX, &r.messages);
    }
    if (word == "buffer") {
        return read_number(value, 1, rop_limit_max, &r.limit);
    }
    return word == "priority" && read_number(value, 1, RTP_ANY - 1, &r.filter.priority);
}

std::optional<request> read_request(unsigned tableid, arguments args) {
    request r;
    r.filter.tableid = static_cast<int>(tableid);
    std::string_view list;  // only, without: what follows belongs to it
    for (size_t at = 0; at < args.size(); ++at) {
        const std::string_view word = args[at];
        if (word == "only" || word == "without") {
            list = word;
        } else if (list == "only" && read_type(word, &r.filter.types)) {
        } else if (word == "tables") {
            r.filter.tableid = route_filter::any_table;
            list = {};
        } else if (list == "without" && read_flag(word, &r.filter.flags)) {
        } else if (at + 1 < args.size() && read_value(r, word, args[at + 1])) {
            ++at;
            list = {};
        } else {
            return std::nullopt;
        }
    }
    return r;
}

// ---- programs by name ---------------------------------------------------------------------------

route_listener* listener_locked(const rtsock_state& rs, std::string_view name) {
    for (const auto& l : rs.names) {
        if (l->name == name) {
            return l.get();
        }
    }
    return nullptr;
}

// The one that is open, referenced; null if none.
rtpcb* rtpcb_of_name(stack& st, std::string_view name) {
    kern::mtx_enter(st.rtsock.names_mtx);
    const route_listener* l = listener_locked(st.rtsock, name);
    rtpcb* rop = l == nullptr ? nullptr : l->rop;
    if (rop != nullptr) {
        kern::refcnt_take(rop->rop_refcnt);
    }
    kern::mtx_leave(st.rtsock.names_mtx);
    return rop;
}

// The table that it keeps a copy of; who hears of all of them keeps table 0.
unsigned table_of(const route_filter& filter) {
    return static_cast<unsigned>(std::max(filter.tableid, 0));
}

// What the table is at this moment, as a program reads it by sysctl(2).
std::vector<known_route> read_table(stack& st, unsigned tableid) {
    std::vector<known_route> table;
    kern::rw_enter_read(st.conf_lock);
    const rtable* of = rtable_get_locked(st, tableid);
    for (const rtentry* rt = of == nullptr ? nullptr : of->all_head; rt != nullptr;
         rt = rt->rt_all_next) {
        table.push_back({rt->rt_dest, rt->rt_plen,
                         static_cast<uint8_t>(rt->rt_priority.load() & RTP_MASK), rt->rt_gateway});
    }
    kern::rw_exit(st.conf_lock);
    return table;
}

// What it was before does not matter any more, but what it is told from now on does; what of that
// the table had already is told again, which does no harm.
void keep_table(stack& st, std::string_view name, const route_filter& filter) {
    std::vector<known_route> table = read_table(st, table_of(filter));
    kern::mtx_enter(st.rtsock.names_mtx);
    if (route_listener* l = listener_locked(st.rtsock, name); l != nullptr) {
        l->table = std::move(table);
        l->since = l->got.size();
    }
    kern::mtx_leave(st.rtsock.names_mtx);
}

int open_as(stack& st, const request& r) {
    rtpcb* rop = route_attach(st, r.filter, r.limit);
    kern::mtx_enter(st.rtsock.names_mtx);
    route_listener* l = listener_locked(st.rtsock, r.name);
    const bool taken = l != nullptr && l->rop != nullptr;
    if (!taken) {
        if (l == nullptr) {
            l = st.rtsock.names.emplace_back(std::make_unique<route_listener>()).get();
        }
        *l = {r.name, rop, {}, {}, 0};
    }
    kern::mtx_leave(st.rtsock.names_mtx);
    if (taken) {
        route_detach(st, rop);
        return EEXIST;
    }
    keep_table(st, r.name, r.filter);
    return 0;
}

// ---- its commands -------------------------------------------------------------------------------

int monitor_at_one_go(stack& st, const request& r, std::string& out) {
    rtpcb* rop = route_attach(st, r.filter, r.limit);
    int error = 0;
    for (uint32_t n = 0; error == 0 && n < r.messages; ++n) {
        rt_message m;
        error = route_read(*rop, true, &m);
        out += error == 0 ? message_line(m) : "";
    }
    route_detach(st, rop);
    return error == 0 ? 0 : err(out, "route", "monitor", error);
}

int open_monitor(stack& st, unsigned tableid, arguments args, std::string& out) {
    const std::optional<request> r = read_request(tableid, args);
    if (!r) {
        return usage(out);
    }
    if (r->name.empty()) {
        return monitor_at_one_go(st, *r, out);
    }
    const int error = open_as(st, *r);
    return error == 0 ? 0 : err(out, "route", r->name, error);
}

// One message, and what the program does about it.
int read_one(stack& st, rtpcb& rop, std::string_view name, bool wait, std::string& out) {
    rt_message m;
    if (const int error = route_read(rop, wait, &m); error != 0) {
        return error;
    }
    kern::mtx_enter(st.rtsock.names_mtx);
    if (route_listener* l = listener_locked(st.rtsock, name); l != nullptr) {
        l->got.push_back(m);
    }
    kern::mtx_leave(st.rtsock.names_mtx);
    if (m.type == RTM_DESYNC) {
        keep_table(st, name, rop.rop_filter);
    }
    out += message_line(m);
    return 0;
}

int read_monitor(stack& st, arguments args, std::string& out) {
    const bool all = args.size() == 2 && args[1] == "all";
    uint32_t count = 1;
    if (args.empty() || args.size() > 2 ||
        (args.size() == 2 && !all && !read_number(args[1], 1, UINT16_MAX, &count))) {
        return usage(out);
    }
    rtpcb* rop = rtpcb_of_name(st, args[0]);
    int error = rop == nullptr ? EBADF : 0;
    for (uint32_t n = 0; error == 0 && (all || n < count); ++n) {
        error = read_one(st, *rop, args[0], !all, out);
    }
    rtpcb_unref(rop);
    return error == 0 || (all && error == EAGAIN) ? 0 : err(out, "route", args[0], error);
}

int close_monitor(stack& st, arguments args, std::string& out) {
    if (args.size() != 1) {
        return usage(out);
    }
    kern::mtx_enter(st.rtsock.names_mtx);
    route_listener* l = listener_locked(st.rtsock, args[0]);
    rtpcb* rop = l == nullptr ? nullptr : std::exchange(l->rop, nullptr);
    kern::mtx_leave(st.rtsock.names_mtx);
    if (rop == nullptr) {
        return err(out, "route", args[0], EBADF);
    }
    route_detach(st, rop);
    return 0;
}

}  // namespace

bool is_monitor_name(std::string_view name) {
    return !name.empty() && name.size() < 16 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    });
}

int monitor(stack& st, std::string_view verb, unsigned tableid, arguments args, std::string& out) {
    return verb == "monitor" ? open_monitor(st, tableid, args, out)
           : verb == "read"  ? read_monitor(st, args, out)
                             : close_monitor(st, args, out);
}

// ---- for observers ------------------------------------------------------------------------------

namespace {

template <typename Messages>
std::string words_of(const Messages& messages) {
    std::string text;
    for (const rt_message& m : messages) {
        text += (text.empty() ? "" : " + ") + message_words(m);
    }
    return text;
}

// Destination, length, priority -> gateways.
using known_table = std::map<std::tuple<uint32_t, uint8_t, uint8_t>, std::set<uint32_t>>;

// A program learns from a message. What it knows already is told again after it has read the table: the last word about
// a route is the right one.
void learn(known_table& known, const rt_message& m, unsigned tableid) {
    const std::tuple place(m.dest, m.plen, m.priority);
    if (m.error != 0 || m.tableid != tableid) {
        return;
    }
    if (m.type == RTM_ADD || m.type == RTM_CHANGE) {
        std::set<uint32_t>& gateways = known[place];
        if ((m.flags & RTF_MPATH) == 0) {
            gateways.clear();
        }
        gateways.insert(m.gateway);
    } else if (m.type == RTM_DELETE) {
        known[place].erase(m.gateway);
        if (known[place].empty()) {
            known.erase(place);
        }
    }
}

known_table table_of(const std::vector<known_route>& routes) {
    known_table table;
    for (const known_route& r : routes) {
        table[{r.dest, r.plen, r.priority}].insert(r.gateway);
    }
    return table;
}

std::string knows(stack& st, const route_listener& l) {
    if (l.rop == nullptr) {
        return "closed";
    }
    if (l.rop->rop_desync) {
        return "desync";
    }
    const unsigned tableid = table_of(l.rop->rop_filter);
    known_table known = table_of(l.table);
    for (size_t n = l.since; n < l.got.size(); ++n) {
        learn(known, l.got[n], tableid);
    }
    for (const rt_message& m : l.rop->queue) {
        learn(known, m, tableid);
    }
    known_table real;
    const rtable* of = rtable_get(st, tableid);
    for (const rtentry* rt = of == nullptr ? nullptr : of->all_head; rt != nullptr;
         rt = rt->rt_all_next) {
        const auto priority = static_cast<uint8_t>(rt->rt_priority.load() & RTP_MASK);
        real[{rt->rt_dest, rt->rt_plen, priority}].insert(rt->rt_gateway);
    }
    return known == real ? "in_step" : "out_of_step";
}

}  // namespace

bool observe_monitor(stack& st, arguments words, std::string& out) {
    if (words.size() != 2) {
        return false;
    }
    const route_listener* l = listener_locked(st.rtsock, words[1]);
    const auto is_desync = [](const rt_message& m) { return m.type == RTM_DESYNC; };
    if (words[0] != "got" && words[0] != "queued" && words[0] != "messages" &&
        words[0] != "desync" && words[0] != "knows") {
        return false;
    }
    if (l == nullptr) {
        out = "none";
    } else if (words[0] == "got") {
        out = words_of(l->got);
    } else if (words[0] == "queued") {
        out = l->rop == nullptr ? "" : words_of(l->rop->queue);
    } else if (words[0] == "messages") {
        out = std::to_string(l->got.size());
    } else if (words[0] == "desync") {
        out = std::to_string(std::count_if(l->got.begin(), l->got.end(), is_desync));
    } else {
        out = knows(st, *l);
    }
    return true;
}

}  // namespace model::admin
