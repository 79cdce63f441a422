// pf.conf: what a text means, in the words in which pfctl prints it, and what is complained of.
#include <gtest/gtest.h>

#include "model/pf/pf_lex.h"
#include "model/pf/pf_parse.h"
#include "model/pf/pf_print.h"

namespace {

using namespace model::pf;

struct pair_of_texts {
    const char* in;
    const char* ok;
};

void PrintTo(const pair_of_texts& p, std::ostream* out) {
    *out << p.in;
}

std::string errors_of(const pf_config& config) {
    std::string text;
    for (const pf_parse_error& e : config.errors) {
        text += std::to_string(e.line) + ":" + std::to_string(e.column) + ": " + e.what +
                (e.hint.empty() ? "" : " (" + e.hint + ")") + "\n";
    }
    return text;
}

class PfConf : public testing::TestWithParam<pair_of_texts> {};

TEST_P(PfConf, IsPrintedInItsNormalForm) {
    const pf_config config = pf_parse(GetParam().in);
    EXPECT_EQ(errors_of(config), "");
    EXPECT_EQ(pf_config_text(config), GetParam().ok);
}

TEST_P(PfConf, TheNormalFormIsItsOwn) {
    EXPECT_EQ(pf_config_text(pf_parse(GetParam().ok)), GetParam().ok);
}

const std::vector<pair_of_texts> rules = {
    {"pass", "pass all flags S/SA\n"},
    {"pass all", "pass all flags S/SA\n"},
    {"block", "block drop all\n"},
    {"block return", "block return all\n"},
    {"block return-rst in proto tcp", "block return-rst in proto tcp all\n"},
    {"block return-icmp in proto udp", "block return-icmp in proto udp all\n"},
    {"set block-policy return\nblock\nblock drop",
     "set block-policy return\nblock return all\nblock drop all\n"},
    {"pass in on em0", "pass in on em0 all flags S/SA\n"},
    {"pass in on !em0", "pass in on ! em0 all flags S/SA\n"},
    {"pass out quick on em0", "pass out quick on em0 all flags S/SA\n"},
    {"pass quick on { em0, em1 }",
     "pass quick on em0 all flags S/SA\npass quick on em1 all flags S/SA\n"},
    {"match in all", "match in all\n"},
    {"pass in inet", "pass in inet all flags S/SA\n"},
    {"pass proto { tcp udp, 99 }",
     "pass proto tcp all flags S/SA\npass proto udp all\npass proto 99 all\n"},
    {"pass in from any to any no state", "pass in all no state\n"},
    {"pass in flags any", "pass in all flags any\n"},
    {"pass in flags any no state", "pass in all no state\n"},
    {"pass in flags S/SA no state", "pass in all flags S/SA no state\n"},
    {"set state-policy if-bound\npass in\nblock\npass no state",
     "set state-policy if-bound\npass in all flags S/SA keep state (if-bound)\n"
     "block drop all\npass all no state\n"},
    {"pass keep state (if-bound)", "pass all flags S/SA keep state (if-bound)\n"},
    {"pass in keep state", "pass in all flags S/SA\n"},
    {"block in proto tcp flags FUPEW/FSRPAUEW",
     "block drop in proto tcp all flags FPUEW/FSRPAUEW\n"},
    {"block in proto tcp flags /SFRAW", "block drop in proto tcp all flags /FSRAW\n"},
    {"pass in proto { udp, tcp } flags S/SA",
     "pass in proto udp all\npass in proto tcp all flags S/SA\n"},
    {"pass from 10.0.1.9", "pass inet from 10.0.1.9 to any flags S/SA\n"},
    {"pass from 10.1.2.3/8 to ! 10.9/16",
     "pass inet from 10.0.0.0/8 to ! 10.9.0.0/16 flags S/SA\n"},
    {"pass to { 1.2.3.4, 1.2.3.5 }",
     "pass inet from any to 1.2.3.4 flags S/SA\npass inet from any to 1.2.3.5 flags S/SA\n"},
    {"pass from 0.0.0.0/0", "pass all flags S/SA\n"},
    {"pass proto tcp from port <= 1024 to any port = ssh",
     "pass proto tcp from any port <= 1024 to any port = 22 flags S/SA\n"},
    {"pass proto udp to port { 53 >1024 1:10 20><30 40<>50 !=7 }",
     "pass proto udp from any to any port = 53\npass proto udp from any to any port > 1024\n"
     "pass proto udp from any to any port 1:10\npass proto udp from any to any port 20 >< 30\n"
     "pass proto udp from any to any port 40 <> 50\npass proto udp from any to any port != 7\n"},
    {"block proto udp from 10/8 port { echo, 22 } to 1.2.3.4 port { 6667, 0x10 }",
     "block drop inet proto udp from 10.0.0.0/8 port = 7 to 1.2.3.4 port = 6667\n"
     "block drop inet proto udp from 10.0.0.0/8 port = 7 to 1.2.3.4 port = 16\n"
     "block drop inet proto udp from 10.0.0.0/8 port = 22 to 1.2.3.4 port = 6667\n"
     "block drop inet proto udp from 10.0.0.0/8 port = 22 to 1.2.3.4 port = 16\n"},
    {"pass proto icmp icmp-type echoreq code 0", "pass proto icmp all icmp-type echoreq code 0\n"},
    {"pass proto icmp icmp-type 3", "pass proto icmp all icmp-type unreach\n"},
    {"pass allow-opts label foo", "pass all flags S/SA allow-opts label \"foo\"\n"},
    {"pass in on em0 rtable 1", "pass in on em0 all flags S/SA rtable 1\n"},
    {"match in proto udp rtable 255 allow-opts", "match in proto udp all allow-opts rtable 255\n"},
    {"pass in label x rtable 0 divert-packet port 7",
     "pass in all flags S/SA label \"x\" rtable 0 divert-packet port 7\n"},
    {"block in rtable 2", "block drop in all rtable 2\n"},
    {"anchor \"foo\" on rdomain 3", "anchor \"foo\" on rdomain 3 all\n"},
    {"pass on rdomain 0", "pass on rdomain 0 all flags S/SA\n"},
    {"block in on { ! rdomain 1, em0 }",
     "block drop in on ! rdomain 1 all\nblock drop in on em0 all\n"},
    {"pass out on em1 nat-to 10.0.2.1", "pass out on em1 inet all flags S/SA nat-to 10.0.2.1\n"},
    {"match out on em1 nat-to 10.0.2.1 port 1024:2048",
     "match out on em1 inet all nat-to 10.0.2.1 port 1024:2048\n"},
    {"match out nat-to 10.0.2.1 static-port", "match out inet all nat-to 10.0.2.1 static-port\n"},
    {"pass in proto tcp to port 80 rdr-to 10.0.2.9 port 8080",
     "pass in inet proto tcp from any to any port = 80 flags S/SA rdr-to 10.0.2.9 port 8080\n"},
    {"pass in proto tcp to port 80 divert-to 127.0.0.1 port 8080",
     "pass in inet proto tcp from any to any port = 80 flags S/SA divert-to 127.0.0.1 port 8080\n"},
    {"pass out proto udp divert-reply", "pass out proto udp all divert-reply\n"},
    {"pass in proto udp divert-packet port 700", "pass in proto udp all divert-packet port 700\n"},
    {"anchor \"foo\"", "anchor \"foo\" all\n"},
    {"anchor \"foo\" in quick on em0 proto tcp to port 22",
     "anchor \"foo\" in quick on em0 proto tcp from any to any port = 22\n"},
    {"anchor \"foo\" out {\nblock\npass proto udp\n}\npass",
     "anchor \"foo\" out all {\n  block drop all\n  pass proto udp all\n}\npass all flags S/SA\n"},
    {"anchor on em0 { pass }", "anchor on em0 all {\n  pass all flags S/SA\n}\n"},
    {"if = \"em0\"\nwho = \"{ 1.1.1.1, 2.2.2.2 }\"\nblock in on $if from $who",
     "if = \"em0\"\nwho = \"{ 1.1.1.1, 2.2.2.2 }\"\n"
     "block drop in on em0 inet from 1.1.1.1 to any\nblock drop in on em0 inet from 2.2.2.2 to "
     "any\n"},
    {"a = \"ssh\"\nb = \"$a, 7\"\npass proto tcp to port { $b }",
     "a = \"ssh\"\nb = \"$a, 7\"\npass proto tcp from any to any port = 22 flags S/SA\n"
     "pass proto tcp from any to any port = 7 flags S/SA\n"},
    {"set skip on em0\nset skip on { em1 em2 }", "set skip on { em0 }\nset skip on { em1 em2 }\n"},
    {"set state-policy floating\nset timeout { tcp.first 5, interval 20 }\nset timeout udp.single "
     "3",
     "set state-policy floating\nset timeout tcp.first 5\nset timeout interval 20\nset timeout "
     "udp.single 3\n"},
    {"# nothing\n\n  block \\\n  in # and more\n", "block drop in all\n"},
    {"", ""},
};

INSTANTIATE_TEST_SUITE_P(rules, PfConf, testing::ValuesIn(rules));

class PfConfError : public testing::TestWithParam<pair_of_texts> {};

TEST_P(PfConfError, SaysWhereAndWhat) {
    EXPECT_EQ(errors_of(pf_parse(GetParam().in)), GetParam().ok);
}

const std::vector<pair_of_texts> wrongs = {
    {"pass\npass in from any port 22\n",
     "2:1: port only applies to tcp/udp (say proto tcp or proto udp)\n"
     "2:1: skipping rule due to errors\n2:1: rule expands to no valid combination\n"},
    {"pass proto udp flags S/SA\nblock proto udp flags F/F",
     "2:1: flags only apply to tcp\n2:1: skipping rule due to errors\n"
     "2:1: rule expands to no valid combination\n"},
    {"pass in om em0\nblock", "1:9: syntax error (found 'om', which no rule knows)\n"},
    {"frob in", "1:1: syntax error (found 'frob', expected pass, block, match, anchor or set)\n"},
    {"pass on", "1:8: syntax error (the line ends, expected an interface)\n"},
    {"pass from 1.1.1.1.1",
     "1:11: could not parse host specification (no IP address found for 1.1.1.1.1)\n"},
    {"pass from 10.0.0.0/33", "1:20: illegal netmask value /33\n"},
    {"pass proto tcp to port 65536", "1:24: illegal port value 65536\n"},
    {"pass proto tcp to port frob", "1:24: unknown port frob\n"},
    {"pass in rtable\nblock rtable frob",
     "1:15: syntax error (the line ends, expected the number of a routing table)\n"
     "2:14: syntax error (found 'frob', expected the number of a routing table)\n"},
    {"pass in rtable 256", "1:16: invalid rtable id\n"},
    {"pass on rdomain 256", "1:17: rdomain id out of range\n"},
    {"pass on rdomain em0",
     "1:17: syntax error (found 'em0', expected the number of a routing table)\n"},
    {"pass proto frob", "1:12: unknown protocol frob\n"},
    {"pass from $who", "1:11: macro 'who' not defined\n"},
    {"a = \"$a\"\npass from $a", "2:11: macro 'a' leads to itself\n"},
    {"pass label \"foo", "1:12: a quote is not closed\n"},
    {"block keep state", "1:7: keep state on block rules doesn't make sense\n"},
    {"anchor \"foo\" keep state", "1:1: cannot specify state handling on anchors\n"},
    {"anchor \"foo/*\"", "1:1: anchor name is invalid (one level of anchors, each by its name)\n"},
    {"anchor \"foo\" {\nanchor \"bar\"\n}", "2:1: syntax error (no anchors in an anchor)\n"},
    {"anchor \"foo\" {\npass", "2:5: syntax error (the line ends, expected '}')\n"},
    {"}", "1:1: syntax error (found '}', expected a rule)\n"},
    {"pass nat-to 1.2.3.4",
     "1:1: nat-to and rdr-to require a direction (say in or out)\n"
     "1:1: skipping rule due to errors\n1:1: rule expands to no valid combination\n"},
    {"pass in divert-reply",
     "1:1: divert-reply used with incoming rule\n"
     "1:1: skipping rule due to errors\n1:1: rule expands to no valid combination\n"},
    {"pass divert-reply divert-to 1.2.3.4 port 1", "1:29: more than one divert option\n"},
    {"pass divert-reply divert-packet port 1", "1:33: more than one divert option\n"},
    {"set timeout frob 3", "1:13: unknown timeout frob (as in tcp.first or udp.single)\n"},
    {"set frob",
     "1:5: syntax error (found 'frob', expected skip, state-policy, block-policy or timeout)\n"},
    {"pass flags X/S", "1:14: bad flags X/S (letters of FSRPAUEW)\n"},
};

INSTANTIATE_TEST_SUITE_P(wrongs, PfConfError, testing::ValuesIn(wrongs));

TEST(pf_conf, a_line_that_is_wrong_leaves_the_others) {
    const pf_config config = pf_parse("block\npass frob\npass");
    EXPECT_EQ(config.errors.size(), 1U);
    EXPECT_EQ(pf_config_text(config), "block drop all\npass all flags S/SA\n");
}

}  // namespace
