// pf_rule_lists.h - a rule as it is written, with lists, and the rules that it means.
// Source:  pf.conf(5); the order of expand_rule() in OpenBSD's pfctl.
// Shapes:  an empty list means: any.
// Locks:   none; pure functions.
// Errors:  as pf_parse.h.
#pragma once

#include <string>
#include <vector>

#include "model/pf/pf_parse.h"
#include "model/pf/pf_rule.h"

namespace model::pf {

struct pf_interface_item {
    std::string name;
    bool negated = false;
    int16_t rdomain = -1;  // on rdomain, in place of an interface
};

struct pf_rule_lists {
    pf_rule_spec spec;  // what is the same in all of them
    std::vector<pf_interface_item> interfaces;
    std::vector<uint8_t> protos;
    std::vector<pf_addr_wrap> src_hosts;
    std::vector<pf_port_wrap> src_ports;
    std::vector<pf_addr_wrap> dst_hosts;
    std::vector<pf_port_wrap> dst_ports;
    bool flags_said = false;
    bool state_said = false;
    size_t line = 0;  // where it begins
    size_t column = 0;
};

// Appends what the lists mean; combinations that mean nothing are complained of and left out.
void pf_expand(const pf_rule_lists& lists, pf_config& config, std::vector<pf_config_rule>& rules);

}  // namespace model::pf
