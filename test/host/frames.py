# frames.py - frames that tests send and expect, and a router between two cables in their hands.
import logging

import netns

logging.getLogger("scapy").setLevel(logging.ERROR)
try:
    from scapy.all import ARP, IP, Ether
except ImportError:
    netns.skip("scapy is not installed for this python")

MAC = "02:00:00:00:01:01"  # the router's on em0
EVERYBODY, NOBODY = "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00"
PROBE_MAC = "02:00:00:00:01:fe"


def request(target, sender, mac):
    return Ether(dst=EVERYBODY, src=mac) / ARP(op=1, hwsrc=mac, psrc=sender, hwdst=NOBODY,
                                               pdst=target)


def reply(sender, mac, target, target_mac, source=MAC):
    """What the router is to send: all nine fields, and the Ethernet header."""
    return bytes(Ether(dst=target_mac, src=source) /
                 ARP(hwtype=1, ptype=0x800, hwlen=6, plen=4, op=2, hwsrc=mac, psrc=sender,
                     hwdst=target_mac, pdst=target))


def probe_of(cable):
    """A question of somebody who has no address yet, and the router's answer, by cable 0 or 1."""
    address, mac = f"10.0.{cable + 1}.1", f"02:00:00:00:0{cable + 1}:01"
    return (bytes(request(address, "0.0.0.0", PROBE_MAC)),
            reply(address, mac, "0.0.0.0", PROBE_MAC, mac))


PROBES = [probe_of(0), probe_of(1)]


class Cables:
    """Both ends that are not the router's: em0's is cable 0, em1's cable 1."""

    def __init__(self, *interfaces):
        self.ports = [netns.Port(interface) for interface in interfaces]
        for port, (probe, _) in zip(self.ports, PROBES):
            self.greet(port, probe)

    @staticmethod
    def greet(port, probe):
        """A cable carries frames some time after both of its ends are up: until then a probe is lost."""
        for _ in range(netns.PATIENCE * 10):
            port.send(probe)
            if port.next(0.1) is not None:
                break
        while port.next(0.2) is not None:
            pass  # answers to the probes before

    def settle(self, by=0):
        """All that was sent by that cable has been worked on: a probe behind it has been answered. And what that made
        the router send has left: so has the answer to a probe that came after it by each cable. What came meanwhile, as
        (cable, frame); by each cable in its order."""
        came = []
        for n in [by] + [n for n in range(len(self.ports)) if n != by]:
            port = self.ports[n]
            probe, answer = PROBES[n]
            port.send(probe)
            while True:
                frame = port.next(netns.PATIENCE)
                assert frame is not None, f"the probe by cable {n} is not answered"
                if frame[:42] == answer:
                    break
                came.append((n, frame))
        return came

    def exchange(self, frame, by=0):
        """What the router sends for a frame that comes in by that cable."""
        self.ports[by].send(frame)
        return self.settle(by)

    def close(self):
        for port in self.ports:
            port.close()
