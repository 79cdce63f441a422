# arp_cases_test.py - the 14 cases of ARP on real wires: scapy sends, packets, table and log lines are those of the
# simulated ones (scenarios/races/arp_cases).
# Usage:   arp_cases_test.py HEDDLE_ROUTER
import sys

import netns
from frames import EVERYBODY, Cables, reply
from frames import request as request_of

from scapy.all import ARP, ICMP, IP, Ether

LOCAL, REMOTE, FAKE = "10.0.1.17", "10.0.1.1", "10.0.1.188"
OTHER, OTHER_FAKE = "10.0.2.1", "10.0.2.188"
LOCAL_MAC, REMOTE_MAC, FAKE_MAC = "02:00:00:00:01:17", "02:00:00:00:01:01", "02:00:00:00:01:be"
OTHER_MAC, OTHER_FAKE_MAC = "02:00:00:00:02:01", "02:00:00:00:02:be"
GROUP_MAC = "33:33:33:33:33:33"


def request(target, sender, mac=LOCAL_MAC):
    return request_of(target, sender, mac)


class Bench:
    def __init__(self, program):
        self.router = netns.Router(program, netns.TWO)
        self.cables = Cables("em0", "em1")
        self.settle = self.cables.settle
        self.exchange = self.cables.exchange

    def begin(self, *before):
        self.router.ctl("arp", "-ad")
        for line in before:
            self.router.ctl(*line.split())
        self.settle()
        self.logged = len(self.router.log())

    def new_log(self):
        return self.router.log()[self.logged:].splitlines()


def check(what, found, wanted):
    assert found == wanted, f"{what}\n  is     {found}\n  wanted {wanted}"


def row_is(bench, host, wanted):
    rows = [row.replace("19m59s", "20m0s") for row in bench.router.arp(host)]
    check(f"the table of {host}", sorted(rows), sorted(wanted))


# name, lines before, what LOCAL sends, the answer, the log, of whom the table has which rows
CASES = [
    ("request", [], request(REMOTE, LOCAL), reply(REMOTE, REMOTE_MAC, LOCAL, LOCAL_MAC), [],
     LOCAL, [f"{LOCAL_MAC} em0 20m0s"]),
    ("multicast", [f"arp -s {LOCAL} {LOCAL_MAC} temp"], request(REMOTE, LOCAL, GROUP_MAC),
     reply(REMOTE, REMOTE_MAC, LOCAL, GROUP_MAC),
     [f"arp info overwritten for {LOCAL} by {GROUP_MAC} on em0"],
     LOCAL, [f"{GROUP_MAC} em0 20m0s"]),
    ("probe", [], request(REMOTE, "0.0.0.0"), reply(REMOTE, REMOTE_MAC, "0.0.0.0", LOCAL_MAC), [],
     LOCAL, []),
    ("broadcast", [], request(REMOTE, LOCAL, EVERYBODY), None,
     [f"arp: ether address is broadcast for IP address {LOCAL}!"], LOCAL, []),
    ("announcement", [], request(REMOTE, REMOTE), reply(REMOTE, REMOTE_MAC, REMOTE, LOCAL_MAC),
     [f"duplicate IP address {REMOTE} sent from ethernet address {LOCAL_MAC}"],
     REMOTE, [f"{REMOTE_MAC} em0 permanent l"]),
    ("gratuitous", [], Ether(dst=EVERYBODY, src=LOCAL_MAC) /
     ARP(op=2, hwsrc=LOCAL_MAC, psrc=REMOTE, hwdst=EVERYBODY, pdst=REMOTE), None,
     [f"duplicate IP address {REMOTE} sent from ethernet address {LOCAL_MAC}"],
     REMOTE, [f"{REMOTE_MAC} em0 permanent l"]),
    ("permanent", [f"arp -s {FAKE} {FAKE_MAC} permanent"], request(FAKE, FAKE), None,
     [f"arp: attempt to overwrite permanent entry for {FAKE} by {LOCAL_MAC} on em0"],
     FAKE, [f"{FAKE_MAC} em0 permanent"]),
    ("address", [], request(OTHER, OTHER), None,
     [f"arp: attempt to overwrite permanent entry for {OTHER} by {LOCAL_MAC} on em0"],
     OTHER, [f"{OTHER_MAC} em1 permanent l"]),
    ("temporary", [f"arp -s {OTHER_FAKE} {OTHER_FAKE_MAC} temp"], request(OTHER_FAKE, OTHER_FAKE),
     None, [f"arp: attempt to overwrite entry for {OTHER_FAKE} on em1 by {LOCAL_MAC} on em0"],
     OTHER_FAKE, [f"{OTHER_FAKE_MAC} em1 20m0s"]),
    ("proxy", [f"arp -s {FAKE} 02:00:00:00:01:aa", f"arp -s {FAKE} {FAKE_MAC} pub"],
     request(FAKE, LOCAL), reply(FAKE, FAKE_MAC, LOCAL, LOCAL_MAC), [],
     FAKE, ["02:00:00:00:01:aa em0 static", f"{FAKE_MAC} em0 static p"]),
    ("nonproxy", [f"arp -s {FAKE} {FAKE_MAC}"], request(FAKE, LOCAL), None, [],
     FAKE, [f"{FAKE_MAC} em0 static"]),
    ("otherproxy", [f"arp -s {OTHER_FAKE} {OTHER_FAKE_MAC} pub"], request(OTHER_FAKE, LOCAL), None,
     [], OTHER_FAKE, [f"{OTHER_FAKE_MAC} em1 static p"]),
]


def ping_case(bench):
    """Both caches are empty: we are asked for, then the echo is answered."""
    bench.begin()
    echo = (Ether(dst=REMOTE_MAC, src=LOCAL_MAC) / IP(src=LOCAL, dst=REMOTE) /
            ICMP(type=8, id=1, seq=1) / (b"x" * 56))
    check("the question for LOCAL", [(n, f[:42]) for n, f in bench.exchange(echo)],
          [(0, bytes(request(LOCAL, REMOTE, REMOTE_MAC)))])
    came = bench.exchange(Ether(dst=REMOTE_MAC, src=LOCAL_MAC) /
                          ARP(op=2, hwsrc=LOCAL_MAC, psrc=LOCAL, hwdst=REMOTE_MAC, pdst=REMOTE))
    check("how many frames answer the echo", len(came), 1)
    answer = Ether(came[0][1])
    check("the echo reply", (came[0][0], answer.dst, answer[IP].src, answer[IP].dst,
                             answer[ICMP].type, answer[ICMP].seq, bytes(answer[ICMP].payload)),
          (0, LOCAL_MAC, REMOTE, LOCAL, 0, 1, b"x" * 56))
    row_is(bench, LOCAL, [f"{LOCAL_MAC} em0 20m0s"])
    check("the log", bench.new_log(), [])


def incomplete_case(bench):
    """OTHER_FAKE was asked for on em1 in vain; who claims it on em0 is not believed."""
    bench.begin()
    wanted = (Ether(dst=REMOTE_MAC, src=LOCAL_MAC) / IP(src=LOCAL, dst=OTHER_FAKE) /
              ICMP(type=8, id=2, seq=1))
    check("the question for OTHER_FAKE", [(n, f[:42]) for n, f in bench.exchange(wanted)],
          [(1, bytes(request(OTHER_FAKE, OTHER, OTHER_MAC)))])
    check("what is sent", bench.exchange(request(OTHER_FAKE, OTHER_FAKE)), [])
    check("the log", bench.new_log(),
          [f"arp: attempt to add entry for {OTHER_FAKE} on em1 by {LOCAL_MAC} on em0"])
    rows = bench.router.arp(OTHER_FAKE)
    check("rows of OTHER_FAKE", len(rows), 1)
    assert rows[0].startswith("(incomplete) em1"), rows


def test(words):
    bench = Bench(words[0])
    ping_case(bench)
    incomplete_case(bench)
    for name, before, frame, answer, log, host, rows in CASES:
        bench.begin(*before)
        came = [(n, f[:42]) for n, f in bench.exchange(frame)]
        try:
            check("what is sent", came, [] if answer is None else [(0, answer)])
            check("the log", bench.new_log(), log)
            row_is(bench, host, rows)
        except AssertionError as wrong:
            raise AssertionError(f"case {name}: {wrong}") from None
    check("how many cases there are", len(CASES) + 2, 14)
    bench.router.stop()


if __name__ == "__main__":
    netns.main(test)
    sys.exit(0)
