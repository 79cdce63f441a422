# linked_test.py - two routers and the link between them: clients reach each other, and the same frames leave as in the machine.
# Usage:   linked_test.py HEDDLE_ROUTER [SIMULATED_FRAMES FILE.race]
import subprocess
import sys
import tempfile

import frames
import netns
import same_packets_test as same

from scapy.all import IP, UDP, Ether

LINK = "    link r1:em1 r2:em0\n"
TOPOLOGY = """
scenario linked "two routers"
topology {
    router r1 {
        ifconfig em0 inet 10.0.1.1/24 lladdr 02:00:00:00:01:01
        ifconfig em1 inet 10.0.12.1/24 lladdr 02:00:00:00:12:01
        sysctl net.inet.ip.forwarding=1
        route add 10.0.2.0/24 10.0.12.2
    }
    router r2 {
        ifconfig em0 inet 10.0.12.2/24 lladdr 02:00:00:00:12:02
        ifconfig em1 inet 10.0.2.1/24 lladdr 02:00:00:00:02:01
        sysctl net.inet.ip.forwarding=1
        route add 10.0.1.0/24 10.0.12.1
    }
""" + LINK + "}\n"


def test_clients(program):
    netns.need("ping", "traceroute")
    router = netns.Router(program, TOPOLOGY)
    router.wait_for(lambda: "r1: ready\nr2: ready\n" in router.log(), "r2 is not ready")
    a = netns.Host("a", "r1-em0", "10.0.1.9", "10.0.1.1")
    b = netns.Host("b", "r2-em1", "10.0.2.9", "10.0.2.1")
    for host, to in ((a, "10.0.2.9"), (b, "10.0.1.9")):
        said = host.run("ping", "-c", 50, "-i", "0.002", "-W", netns.PATIENCE, to).stdout
        assert " 0% packet loss" in said and "ttl=62" in said, said
        host.run("ping", "-c", 5, "-i", "0.002", "-s", 8000, "-W", netns.PATIENCE, to)
    way = a.run("traceroute", "-n", "-q", 1, "-w", netns.PATIENCE, "10.0.2.9").stdout
    assert [line.split()[1] for line in way.splitlines()[1:]] == \
        ["10.0.1.1", "10.0.12.2", "10.0.2.9"], way

    # Commands say for whom they are.
    assert "1 packets received" in router.ctl("on", "r1", "ping", "-c", "1", "10.0.12.2")
    rows = router.ctl("on", "r2", "arp", "-an")
    assert "10.0.12.1" in rows and "02:00:00:00:12:01" in rows, rows
    assert "on which router? on r1 arp" in router.ctl("arp", "-an", status=2)
    assert "did you mean 'r1'" in router.ctl("on", "r3", "arp", "-an", status=2)
    assert router.ctl("on", "r1", status=None) == "", "nothing for r1"
    summary = router.stop()
    assert summary["r1:em1"]["sent"] == summary["r2:em0"]["received"] > 100, summary
    assert summary["r2:em0"]["sent"] == summary["r1:em1"]["received"] > 100, summary


def refused(program, topology, *options):
    with tempfile.NamedTemporaryFile("w", suffix=".race") as race:
        race.write(topology)
        race.flush()
        done = subprocess.run([program, "router", "-f", race.name, "--no-input", *options], text=True,
                              capture_output=True, timeout=netns.PATIENCE * 3)
    assert done.returncode == 2, done
    return done.stderr


def test_refused(program):
    said = refused(program, TOPOLOGY.replace(LINK, LINK + LINK))
    assert "em1 has a cable already" in said and ".race:17:" in said, said
    said = refused(program, TOPOLOGY.replace("r2:em0\n", "r2:vlan0\n"))
    assert "'vlan0' is no interface" in said or "vlan0" in said, said
    said = refused(program, TOPOLOGY, "--router", "r3")
    assert "no router 'r3'" in said, said


def test_one_of_them(program):
    """Alone, a router has a device where its link was."""
    router = netns.Router(program, TOPOLOGY, "--router", "r2")
    for interface in ("em0", "em1"):
        netns.run("ip", "link", "show", interface)
    router.stop()


def passed(cable):
    """A packet that goes through both routers behind all that was sent by that cable; as it comes out."""
    n, other = cable + 1, 2 - cable
    packet = IP(src=f"10.0.{n}.9", dst=f"10.0.{other}.9", ttl=64, id=9) / UDP(sport=7, dport=7)
    out = IP(src=f"10.0.{n}.9", dst=f"10.0.{other}.9", ttl=62, id=9) / UDP(sport=7, dport=7)
    return (bytes(Ether(dst=f"02:00:00:00:0{n}:01", src=f"02:00:00:00:0{n}:09") / packet),
            bytes(Ether(dst=f"02:00:00:00:0{other}:09", src=f"02:00:00:00:0{other}:01") / out))


def exchange(cables, frame, by):
    """What comes out at both ends for a frame; that and its answers have passed when packets there and back have."""
    came = []
    if frame is not None:
        cables.ports[by].send(frame)
    for n in (by, 1 - by, by):
        sent, wanted = passed(n)
        cables.ports[n].send(sent)
        while True:
            got = cables.ports[1 - n].next(netns.PATIENCE)
            assert got is not None, f"a packet by cable {n} does not come out"
            if got[:42] == wanted[:42]:
                break
            came.append((1 - n, got))
    return came + cables.settle(by)


def test_same_frames(program, machine, race):
    """What one router sends is what the other gets, in the machine; and what leaves by the outer ends is the same here."""
    steps, left = same.simulated(machine, race)
    for there, here in (("r1:em1", "r2:em0"), ("r2:em0", "r1:em1")):
        gets = [bytes.fromhex(rest.split()[1]) for kind, rest in steps
                if kind == "in" and rest.startswith(here)]
        assert same.without_first_id(gets) == same.without_first_id(left[there]), \
            f"{race}: {here} does not get what {there} sends: {gets} {left[there]}"
    with open(race) as text:
        router = netns.Router(program, text.read().replace("topology {\n", "topology {\n" + LINK))
    cables = frames.Cables("r1-em0", "r2-em1")
    outer = {"r1:em0": 0, "r2:em1": 1}
    found = {name: [] for name in outer}
    for kind, rest in steps:
        interface, frame = rest.split()
        if interface not in outer:
            continue
        for cable, out in exchange(cables, bytes.fromhex(frame), outer[interface]):
            if not same.is_announcement(out):
                found[("r1:em0", "r2:em1")[cable]].append(out)
    cables.close()
    router.stop()
    for name, list_ in found.items():
        assert len(list_) > 2, f"only {len(list_)} frames by {name}"
        assert same.without_first_id(list_) == same.without_first_id(left[name]), \
            f"{name}:\n" + "\n".join(f.hex() for f in list_) + "\nsimulated:\n" + \
            "\n".join(f.hex() for f in left[name])


def test(words):
    for one in (test_refused, test_one_of_them, test_clients):
        one(words[0])
        print(one.__name__, flush=True)
    if len(words) > 1:
        netns.run("ip", "-all", "netns", "delete")
        test_same_frames(*words)


if __name__ == "__main__":
    netns.main(test)
    sys.exit(0)
