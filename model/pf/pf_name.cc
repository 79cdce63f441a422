#include "model/pf/pf_name.h"

#include <algorithm>
#include <cerrno>

#include "model/net/stack.h"
#include "model/netinet/in_pcb.h"
#include "model/pf/pf_state.h"
#include "model/pf/pf_state_key.h"
#include "model/pf/pfvar.h"

namespace model::pf {

using namespace net;

namespace {

bool has_end(const pf_key_cmp& k, const pf_state_wanted& wanted) {
    for (const unsigned side : {0U, 1U}) {
        if ((wanted.addr == 0 || k.addr[side] == wanted.addr) &&
            (wanted.port == 0 || k.port[side] == wanted.port)) {
            return true;
        }
    }
    return false;
}

bool is_wanted(const pf_state& s, const pf_state_wanted& wanted) {
    const pf_key_cmp& wire = s.key[pf_sk_wire]->cmp;
    return !s.unlinked.load(std::memory_order_relaxed) && wire.proto == wanted.proto &&
           (has_end(wire, wanted) || has_end(s.key[pf_sk_stack]->cmp, wanted));
}

// Known by its id, wherever the name is asked for.
void remember(pf_softc& pf, std::string_view name, uint64_t id) {
    kern::mtx_enter(pf.names_mtx);
    const auto at = std::find_if(pf.names.begin(), pf.names.end(),
                                 [&](const pf_named& n) { return n.name == name; });
    if (at == pf.names.end()) {
        pf.names.push_back({std::string(name), id});
    } else {
        at->id = id;
    }
    kern::mtx_leave(pf.names_mtx);
}

const pf_state* named_or_null(const pf_softc& pf, std::string_view name) {
    const auto at = std::find_if(pf.names.begin(), pf.names.end(),
                                 [&](const pf_named& n) { return n.name == name; });
    const pf_state* s = at == pf.names.end() ? nullptr : pf.list_head;
    while (s != nullptr && s->id != at->id) {
        s = s->list_next;
    }
    return s;
}

}  // namespace

int pf_state_name(stack& st, const pf_state_wanted& wanted, std::string_view name) {
    const std::vector<pf_state*> all = pf_states_of_now(st);
    const auto is_one = [&](const pf_state* s) { return is_wanted(*s, wanted); };
    const auto found = std::find_if(all.begin(), all.end(), is_one);
    const auto count = std::count_if(all.begin(), all.end(), is_one);
    if (count == 1) {
        remember(*st.pf, name, (*found)->id);
    }
    pf_states_unref(st, all);
    return count == 0 ? ENOENT : count == 1 ? 0 : E2BIG;
}

long pf_state_named_refs(const stack& st, std::string_view name) {
    const pf_state* s = named_or_null(*st.pf, name);
    return s == nullptr ? -1 : static_cast<long>(kern::refcnt_read(s->refcnt));
}

bool pf_state_key_named(const stack& st, std::string_view name, std::string_view field,
                        std::string& out) {
    const pf_state* s = named_or_null(*st.pf, name);
    const pf_state_key* sk = s == nullptr ? nullptr : s->key[pf_sk_stack];
    out = "none";
    if (field == "inp") {
        const netinet::inpcb* inp =
            sk == nullptr ? nullptr : sk->sk_inp.load(std::memory_order_relaxed);
        out = inp == nullptr ? "none" : inp->inp_name;
        return true;
    }
    if (field == "refs") {
        out = sk == nullptr ? "none" : std::to_string(kern::refcnt_read(sk->sk_refcnt));
        return true;
    }
    if (field == "removed") {
        out = sk == nullptr ? "none" : pf_state_key_isvalid(sk) ? "0" : "1";
        return true;
    }
    return false;
}

}  // namespace model::pf
