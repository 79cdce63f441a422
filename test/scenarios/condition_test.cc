// Conditions: the tree, the atoms, the normal form.

#include "scenarios/lang/print.h"
#include "scenarios/lang/walk.h"
#include "test/scenarios/small_script.h"

namespace scenario {
namespace {

const std::string socket_lines =
    "before { socket udp bind 10.0.1.1.53 as S; em0 < IP 1.2.3.4.5 > 10.0.1.1.53: udp 8 as Q }\n"
    "after { state udp as ST }\n";

condition read(const std::string& text) {
    script s = script_with(socket_lines + "expect fixed { exists (" + text + ") }");
    return s.expects.size() == 2 && s.expects[1].clauses.size() == 1 ? s.expects[1].clauses[0].holds
                                                                     : condition{};
}

atom read_atom(const std::string& text) {
    condition c = read(text);
    EXPECT_EQ(c.kind, condition_kind::atom) << text;
    return c.leaf;
}

struct normal_case {
    const char* written;
    const char* normal;  // "": the same
};

const normal_case normal_forms[] = {
    {"bug", ""},
    {"bug use-after-free", ""},
    {"bug use-after-free ifnet em1 at if_output", ""},
    {"bug deadlock at sleep_finish", ""},
    {"no bug", ""},
    {"not bug", "no bug"},
    {"fate P1 == forwarded em1", ""},
    {"fate P1 forwarded em1", "fate P1 == forwarded em1"},
    {"fate P1==held", "fate P1 == held"},
    {"fate P1 != held", "not fate P1 == held"},
    {"fate P1 == dropped", ""},
    {"fate P1 == dropped noroute", ""},
    {"fate Q == delivered S", ""},
    {"em1 > P1", ""},
    {"r:em1 > P1", ""},
    {"em1>P1", "em1 > P1"},
    {"em1 > ARP who-has 10.0.2.2 tell ...", ""},
    {"count(em1 > ARP who-has 10.0.2.2 tell ...) in 1..2", ""},
    {"count(em1 > P1) <= 1", ""},
    {"live llinfo_arp == 1", ""},
    {"refs S == 1", ""},
    {"stat ips_noroute >= 1", ""},
    {"stat ips_noroute>=1", "stat ips_noroute >= 1"},
    {"log \"arp: info overwritten\"", ""},
    {"adm blocked", ""},
    {"adm blocked on \"ifrm\"", ""},
    {"softnet0 blocked on conf_lock", ""},
    {"net0 in arpresolve", ""},
    {"task:pf_purge in pf_purge_expired_states", ""},
    {"done A1", ""},
    {"start P1", ""},
    {"done A1 before start P1", ""},
    {"done A1 before start P1 implies fate P1 == dropped", ""},
    {"ifconfig em1", ""},
    {"no route 10.0.2.0/24", ""},
    {"no route default", ""},
    {"no arp 10.0.2.2", ""},
    {"S got Q", ""},
    {"S got 20", ""},
    {"pfctl states == 1", ""},
    {"pfctl states in 0..1", ""},
    {"key(ST).inp == S", "key ( ST ) .inp == S"},
    {"ruleset(P1) in {old, new}", "ruleset ( P1 ) in { old, new }"},
    {"ruleset(P1) in {old,new} and bug", "ruleset ( P1 ) in { old, new } and bug"},
    {"route 10.9.0.5 == route linear 10.9.0.5", ""},
    {"bug and bug or bug", ""},
    {"bug and (bug or bug)", ""},
    {"(bug and bug) or bug", "bug and bug or bug"},
    {"(bug)", "bug"},
    {"((bug and bug) and bug)", "(bug and bug) and bug"},
    {"not (bug or adm blocked)", ""},
    {"not not bug", "not no bug"},
    {"not adm blocked", ""},
    {"bug or bug implies bug and bug", ""},
    {"(bug implies bug) implies bug", ""},
    {"not (bug implies bug)", ""},
    {"bug\n  or\n  adm blocked", "bug or adm blocked"},
};

TEST(conditions, have_a_normal_form_that_reads_as_itself) {
    for (const normal_case& c : normal_forms) {
        std::string normal = *c.normal == '\0' ? c.written : c.normal;
        condition first = read(c.written);
        EXPECT_EQ(to_text(first), normal);
        EXPECT_EQ(read(normal), first) << normal;
    }
}

TEST(conditions, and_binds_tighter_than_or_than_implies) {
    condition c = read("bug or adm blocked and not bug implies done A1");
    ASSERT_EQ(c.kind, condition_kind::implication);
    ASSERT_EQ(c.parts.size(), 2u);
    const condition& left = c.parts[0];
    ASSERT_EQ(left.kind, condition_kind::disjunction);
    ASSERT_EQ(left.parts.at(1).kind, condition_kind::conjunction);
    EXPECT_EQ(left.parts[1].parts.at(1).kind, condition_kind::negation);
    EXPECT_EQ(c.parts[1].leaf.kind, atom_kind::event);
}

TEST(conditions, atoms_keep_their_parts) {
    atom bug = read_atom("bug use-after-free ifnet em1 at if_output");
    EXPECT_EQ(bug.kind, atom_kind::bug);
    EXPECT_EQ(bug.subject.text, "use-after-free");
    ASSERT_EQ(bug.words.size(), 2u);
    EXPECT_EQ(bug.words[1].text, "em1");
    EXPECT_EQ(bug.where.text, "if_output");
    EXPECT_EQ(bug.where.at.line, 9u);
    EXPECT_EQ(bug.where.at.column, 56u);

    atom fate = read_atom("fate P1 == dropped noroute");
    EXPECT_EQ(fate.subject.text, "P1");
    EXPECT_EQ(fate.fate, packet_fate::dropped);
    EXPECT_EQ(fate.object.text, "noroute");
    EXPECT_EQ(read_atom("fate P1 == forwarded em1").interface.name.text, "em1");

    atom count = read_atom("count(em1 > ARP who-has 10.0.2.2 tell ...) in 1..2");
    EXPECT_EQ(count.interface.name.text, "em1");
    ASSERT_TRUE(count.packet);
    EXPECT_EQ(count.packet->destination, 0x0a000202u);
    EXPECT_EQ(count.compare, (comparison{compare_op::in_range, 1, 2}));
    EXPECT_EQ(read_atom("stat x != 3").compare, (comparison{compare_op::not_equal, 3, 0}));

    atom blocked = read_atom("adm blocked on \"ifrm\"");
    EXPECT_EQ(blocked.subject.text, "adm");
    EXPECT_EQ(blocked.object.text, "ifrm");

    atom before = read_atom("done A1 before start P1");
    EXPECT_EQ(before.kind, atom_kind::before);
    EXPECT_TRUE(before.first.done);
    EXPECT_FALSE(before.second.done);
    EXPECT_EQ(before.second.label.text, "P1");

    atom set = read_atom("ruleset(P1) in {old, new}");
    EXPECT_EQ(set.kind, atom_kind::observable);
    EXPECT_EQ(set.compare.op, compare_op::in_set);
    ASSERT_EQ(set.right.size(), 2u);
    EXPECT_EQ(set.right[1].text, "new");

    atom compare = read_atom("key(ST).inp != none");
    EXPECT_EQ(compare.compare.op, compare_op::not_equal);
    EXPECT_EQ(compare.words.size(), 5u);
    EXPECT_EQ(compare.right.at(0).text, "none");
}

TEST(conditions, a_walk_visits_atoms_from_left_to_right) {
    std::string seen;
    for_each_atom(read("bug and (not adm blocked or done A1) implies em1 > P1"),
                  [&](const atom& a) { seen += to_text(a) + ";"; });
    EXPECT_EQ(seen, "bug;adm blocked;done A1;em1 > P1;");
}

}  // namespace
}  // namespace scenario
