# soak_test.py - packets in both directions while the administrator changes routes, tables, domains, ARP entries, interfaces,
# rules, groups: it goes on, loses nothing of what it cannot lose, and ends with nothing left. The sanitizers are to judge the rest.
# Usage:   soak_test.py HEDDLE_ROUTER PACKETS CHANGES; with HEDDLE_BUDGET=full FULL_PACKETS FULL_CHANGES behind these
import os
import random
import sys
import threading
import time

import frames
import netns

from scapy.all import ICMP, IP, UDP, Ether

TOPOLOGY = """
scenario soak "two networks, a way that changes, and an interface that comes and goes"
topology {
    router r cpus 2 {
        ifconfig em0 inet 10.0.1.1/24 lladdr 02:00:00:00:01:01
        ifconfig em1 inet 10.0.2.1/24 lladdr 02:00:00:00:02:01
        ifconfig em2 inet 10.0.3.1/24 lladdr 02:00:00:00:03:01
        sysctl net.inet.ip.forwarding=1
        arp -s 10.0.1.9 02:00:00:00:01:09 permanent
        arp -s 10.0.2.2 02:00:00:00:02:02 permanent
        route add 10.9.0.0/16 10.0.2.2
        ifconfig vlan10 create
        ifconfig vlan10 parent em1 vnetid 10
        ifconfig vlan10 inet 10.0.10.1/24
        arp -s 10.0.10.9 02:00:00:00:02:0a permanent
        ifconfig pair0 inet 10.0.20.1/24
        ifconfig pair1 rdomain 1
        ifconfig pair1 inet 10.0.20.2/24
        ifconfig pair0 patch pair1
        route -T 1 add default 10.0.20.1
        socket udp bind 0.0.0.0.5000 as S
    }
}
"""


def packet(cable, dst, body, ttl=64):
    n = cable + 1
    return bytes(Ether(dst=f"02:00:00:00:0{n}:01", src=f"02:00:00:00:0{n}:09") /
                 IP(src=f"10.0.{n}.9", dst=dst, ttl=ttl) / body)


def packets_of(cable):
    """What one cable sends, over and over: through, to us, to who is not there, to what comes and goes."""
    through = "10.9.0.1" if cable == 0 else "10.0.1.9"
    n = cable + 1
    udp = UDP(sport=1, dport=9) / bytes(100)
    tagged = packet(cable, through, udp)
    tagged = tagged[:12] + b"\x81\x00\x00\x0a" + tagged[12:]
    return [packet(cable, through, udp), packet(cable, through, udp, 2),
            packet(cable, f"10.0.{n}.1", ICMP() / b"hello"), packet(cable, through, udp, 1),
            packet(cable, "10.8.0.1", udp), packet(cable, "10.0.3.7", udp),
            packet(cable, through, UDP(sport=1, dport=9) / bytes(1400)),
            packet(cable, "10.0.2.77", udp), packet(cable, through, udp),
            bytes(frames.request(f"10.0.{n}.1", f"10.0.{n}.9", f"02:00:00:00:0{n}:09")), tagged,
            packet(cable, "10.0.10.9", udp), packet(cable, "10.0.20.2", ICMP() / b"to domain 1"),
            packet(cable, "224.0.1.9", UDP(sport=1, dport=5000) / b"to a group", 1)]


def changes_of(seed):
    """Lines of the administrator, without end. Each kind undoes itself sooner or later."""
    r = random.Random(seed)
    while True:
        n = r.randrange(10, 250)
        yield r.choice([
            f"route add 10.8.0.0/16 10.0.2.{n}", "route delete 10.8.0.0/16",
            f"route change 10.8.0.0/16 10.0.2.{n}", f"route add 10.9.0.0/24 10.0.2.{n}",
            "route delete 10.9.0.0/24", f"arp -s 10.0.2.{n} 02:00:00:00:02:{n:02x}",
            f"arp -d 10.0.2.{n}", "arp -d 10.0.2.77", "arp -d 10.0.1.9",
            "arp -s 10.0.1.9 02:00:00:00:01:09 permanent", "ifconfig em2 destroy",
            "ifconfig em2 inet 10.0.3.1/24", "ifconfig em2 down", "ifconfig em2 up",
            "ifconfig em1 mtu 1400", "ifconfig em1 mtu 1500", "route -n show", "arp -an",
            "netstat -s", "route get 10.9.0.1", "wire em2 down", "wire em2 up",
            f"route add -mpath 10.8.0.0/16 10.0.2.{n % 4 + 20}",
            f"route delete 10.8.0.0/16 10.0.2.{n % 4 + 20}",
            "pfctl -f -\npass\n.", "pfctl -f -\npass no state\n.", "pfctl -e", "pfctl -d",
            "pfctl -F states", "join S 224.0.1.9 on em1", "leave S 224.0.1.9",
            "join S 224.0.1.9 on em2", "join S 224.0.1.9 on vlan10", "join S 224.0.0.251 on em1",
            "leave S 224.0.0.251", "ifconfig vlan10 -parent", "ifconfig vlan10 parent em1 vnetid 10",
            "ifconfig vlan10 parent em1 vnetid 11", "ifconfig vlan10 destroy",
            "ifconfig vlan10 parent em1 vnetid 10 inet 10.0.10.1/24",
            "arp -s 10.0.10.9 02:00:00:00:02:0a permanent", "ifconfig pair1 -patch",
            "ifconfig pair0 patch pair1", "ifconfig pair1 destroy",
            "ifconfig pair1 rdomain 1 inet 10.0.20.2/24", "route -T 1 add default 10.0.20.1",
            "route -T 1 delete default", f"route -T 2 add 10.8.0.0/16 10.0.2.{n % 4 + 20}",
            f"route -T 2 delete 10.8.0.0/16 10.0.2.{n % 4 + 20}", "ifconfig em2 rdomain 2",
            "ifconfig em2 rdomain 0", "route -T 1 -n show", "arp -V 1 -an", "setsockopt S multicast_if em1",
            "setsockopt S multicast_if em2", "send S 32 to 224.0.1.9.5000"])


class Sender(threading.Thread):
    """Sends so many packets by one cable, a few at a time: it goes on when the router has answered a probe."""

    def __init__(self, port, cable, count):
        super().__init__()
        self.port, self.cable, self.count = port, cable, count
        self.wrong = None

    def run(self):
        packets, (probe, answer) = packets_of(self.cable), frames.PROBES[self.cable]
        sent = 0
        while sent < self.count:
            for n in range(64):
                self.port.send(packets[(sent + n) % len(packets)])
            sent += 64
            if not any(self.answered(probe, answer) for _ in range(netns.PATIENCE)):
                self.wrong = f"cable {self.cable}: after {sent} packets a probe is not answered"
                return

    def answered(self, probe, answer):
        """An answer may be lost where frames come faster than they are read here: then the probe is sent again."""
        self.port.send(probe)
        end = time.monotonic() + 3
        while (left := end - time.monotonic()) > 0:
            frame = self.port.next(left)
            if frame is not None and frame[:42] == answer:
                return True
        return False


def check_ways(router, cables):
    """All is as it was: what goes through goes through, by the vlan, too, and into the other domain and back."""
    for line in ("route delete 10.9.0.0/24", "ifconfig em1 mtu 1500", "pfctl -d", "ifconfig vlan10 destroy",
                 "ifconfig vlan10 parent em1 vnetid 10", "ifconfig vlan10 inet 10.0.10.1/24",
                 "ifconfig pair1 destroy", "ifconfig pair1 rdomain 1", "ifconfig pair1 inet 10.0.20.2/24",
                 "ifconfig pair0 patch pair1", "arp -d 10.0.20.2", "route -T 1 delete default"):
        router.ctl(line, status=None)
    for line in ("arp -F -s 10.0.1.9 02:00:00:00:01:09 permanent", "arp -F -s 10.0.10.9 02:00:00:00:02:0a permanent",
                 "route -T 1 add default 10.0.20.1"):
        router.ctl(line)
    cables.settle()
    udp = UDP(sport=1, dport=9) / bytes(100)
    for sent, to in ((packets_of(0)[0], 2), (packet(0, "10.0.10.9", udp), 10)):
        # The host has taken the tag of the vlan away; the neighbour tells which way it went.
        came = [frame for n, frame in cables.exchange(sent) if n == 1 and frame[12:14] == b"\x08\x00"]
        assert len(came) == 1 and came[0][5] == to and came[0][22] == 63, came
    # Where too many packets wait for answers to ARP already the first to a neighbour is dropped; a host asks again.
    for _ in range(netns.PATIENCE):
        cables.ports[0].send(packet(0, "10.0.20.2", ICMP() / b"to domain 1"))
        while (frame := cables.ports[0].next(1)) is not None and b"to domain 1" not in frame:
            pass
        if frame is not None:
            break
    assert frame is not None and frame[26:30] == bytes([10, 0, 20, 2]), frame


def test(words):
    full = os.environ.get("HEDDLE_BUDGET") == "full"
    count, changes = [int(word) for word in (words[3:5] if full else words[1:3])]
    router = netns.Router(words[0], TOPOLOGY)
    cables = frames.Cables("em0", "em1")
    netns.run("ip", "link", "set", "em2", "up")
    senders = [Sender(port, n, count // 2) for n, port in enumerate(cables.ports)]
    for sender in senders:
        sender.start()
    done, lines = 0, changes_of(1)
    while done < changes or any(sender.is_alive() for sender in senders):
        router.ctl(next(lines), status=None)
        done += 1
    for sender in senders:
        sender.join()
        assert sender.wrong is None, f"{sender.wrong}; it has said:\n{router.log()}"

    check_ways(router, cables)

    summary = router.stop()
    received = sum(port["received"] for port in summary.values())
    assert received >= count, summary
    print(f"{count} packets, {done} changes: {summary}")


if __name__ == "__main__":
    netns.main(test)
    sys.exit(0)
