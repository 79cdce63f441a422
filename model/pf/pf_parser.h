// pf_parser.h - the grammar of pf.conf, one function a part of it.
// Source:  pf.conf(5), its grammar at the end.
// Shapes:  each function takes its words off the lexer. False: what stands there is wrong, is complained of, and the
//          line is given up.
// Locks:   none; one use of a parser.
// Errors:  in the configuration.
#pragma once

#include <string>
#include <string_view>

#include "model/pf/pf_lex.h"
#include "model/pf/pf_rule_lists.h"

namespace model::pf {

class pf_parser {
  public:
    explicit pf_parser(std::string_view text) : lexer_(text) {}

    [[nodiscard]] pf_config run(bool in_anchor);

  private:
    // pf_parse.cc: lines
    void statements(std::vector<pf_config_rule>& rules, bool inside);
    bool statement(std::vector<pf_config_rule>& rules, bool inside);
    bool anchor(std::vector<pf_config_rule>& rules, const pf_token& first);
    bool rule(std::vector<pf_config_rule>& rules, const pf_token& first);
    bool macro(const pf_token& name);
    bool option();
    bool option_skip();
    bool option_timeout();
    bool one_timeout();
    bool option_word(const char* name, std::initializer_list<const char*> values,
                     std::string& value);
    bool end_of_line();

    // pf_parse_rule.cc: parts of a rule
    bool block_answer(pf_rule_lists& r);
    bool head(pf_rule_lists& r);
    bool hosts(pf_rule_lists& r);
    bool options(pf_rule_lists& r);
    bool interface_list(pf_rule_lists& r);
    bool table_number(const char* out_of_range, int16_t& table);
    bool proto_list(pf_rule_lists& r);
    bool host_list(std::vector<pf_addr_wrap>& hosts);
    bool port_list(std::vector<pf_port_wrap>& ports);
    bool one_host(std::vector<pf_addr_wrap>& hosts);
    bool one_port(std::vector<pf_port_wrap>& ports);
    bool port_number(const pf_token& token, uint16_t& port);
    bool address(uint32_t& address);
    bool flags(pf_rule_lists& r);
    bool state(pf_rule_lists& r, const pf_token& first);
    bool icmp_type(pf_rule_lists& r);
    bool pool(pf_rule_lists& r, pf_pool& pool, bool nat);
    bool divert_to(pf_rule_lists& r);
    bool divert_packet(pf_rule_lists& r);

    // One item, or several in braces with or without commas.
    template <typename One>
    bool list(const One& one);

    [[nodiscard]] bool is(std::string_view text) const;  // the next token is this word or mark
    bool accept(std::string_view text);                  // the same, and takes it
    bool want(std::string_view text);
    void skip_newlines();
    bool wrong(const pf_token& where, const std::string& what, const std::string& hint = "");
    bool unexpected(const std::string& hint);  // syntax error at the next token

    pf_lexer lexer_;
    pf_config config_;
    bool block_returns_ = false;  // set block-policy return
    bool if_bound_ = false;       // set state-policy if-bound
    unsigned nameless_ = 0;
};

template <typename One>
bool pf_parser::list(const One& one) {
    if (!accept("{")) {
        return one();
    }
    skip_newlines();
    while (!accept("}")) {
        if (!one()) {
            return false;
        }
        skip_newlines();
        accept(",");
        skip_newlines();
    }
    return true;
}

}  // namespace model::pf
