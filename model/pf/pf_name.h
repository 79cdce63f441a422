// pf_name.h - states that an observer has given names to, and what it may ask of them.
// Source:  ours.
// Shapes:  a name stands for the id of a state: it keeps nothing alive. "none" of a state that has been freed.
// Locks:   [N] pf.names_mtx, a leaf, where names are given. What asks takes no lock: for when nobody runs, and of links
//          where pf_inp_mtx is given up: the link of a state's key ends before the state is freed.
// Errors:  as each function says.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace model::net {
struct stack;
}

namespace model::pf {

struct pf_state;

// What a state is looked up by; 0: any.
struct pf_state_wanted {
    uint8_t proto = 0;
    uint32_t addr = 0;  // at either end, as it is on the link or as this router sees it
    uint16_t port = 0;  // beside that address
};

// Gives the name to the only state that is meant; a name may be given again. 0, ENOENT: there is none, E2BIG: there are
// several.
[[nodiscard]] int pf_state_name(net::stack& st, const pf_state_wanted& wanted,
                                std::string_view name);

// References to it, the list's included; -1: nobody has that name.
[[nodiscard]] long pf_state_named_refs(const net::stack& st, std::string_view name);

// Of its key as this router sees it: "inp", the name of the socket whose pcb it is linked to; "refs"; "removed", 0 or 1.
// False: there is no such field.
[[nodiscard]] bool pf_state_key_named(const net::stack& st, std::string_view name,
                                      std::string_view field, std::string& out);

}  // namespace model::pf
