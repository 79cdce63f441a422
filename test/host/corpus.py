# corpus.py - frames for a router: those that somebody thought of, and generated ones.
# Every packet has a sender of its own behind 10.0.1.9: routers limit what they tell one host.
import random
import socket
import struct

from scapy.all import ARP, ICMP, IP, TCP, UDP, Ether, Raw

TOPOLOGY = [
    "ifconfig em0 inet 10.0.1.1/24 lladdr 02:00:00:00:01:01",
    "ifconfig em1 inet 10.0.2.1/24 lladdr 02:00:00:00:02:01 mtu 1400",
    "sysctl net.inet.ip.forwarding=1",
    "sysctl net.inet.icmp.errppslimit=-1",
    "arp -s 10.0.1.9 02:00:00:00:01:09 permanent",
    "arp -s 10.0.1.8 02:00:00:00:01:08 permanent",
    "arp -s 10.0.2.9 02:00:00:00:02:09 permanent",
    "arp -s 10.0.2.2 02:00:00:00:02:02 permanent",
    "route add 10.3.0.0/16 10.0.1.9",
    "route add 10.9.0.0/16 10.0.2.2",
    "route add 10.9.128.0/17 10.0.1.8",
    "route add -reject 10.7.0.0/16 127.0.0.1",
    "route add -blackhole 10.8.0.0/16 127.0.0.1",
    "route add 10.6.0.0/16 10.0.2.77",
]
ROUTER_MAC, SENDER_MAC = "02:00:00:00:01:01", "02:00:00:00:01:09"
EVERYBODY = "ff:ff:ff:ff:ff:ff"


class Senders:
    def __init__(self):
        self.count = 0

    def next(self):
        self.count += 1
        return f"10.3.{self.count // 250 + 1}.{self.count % 250 + 1}"


def ether(dst=ROUTER_MAC):
    return Ether(dst=dst, src=SENDER_MAC)


def payload(length=32):
    return UDP(sport=1024, dport=9) / Raw((bytes(range(256)) * 6)[:length])


def option(*octets):
    return [Raw(bytes(octets))]  # as they are, right or not


def arp(op=1, sender="10.0.1.50", mac="02:00:00:00:01:50", target="10.0.1.1", **more):
    return Ether(dst=EVERYBODY, src=mac) / ARP(op=op, hwsrc=mac, psrc=sender, pdst=target, **more)


def raw_ip(sender, dst, **fields):
    """Bytes of a packet with header fields that may be wrong."""
    return ether() / IP(src=sender, dst=dst, **fields) / payload()


def headers_that_are_wrong(s):
    short = bytes(raw_ip(s.next(), "10.9.0.1"))
    return [
        ("bad checksum", raw_ip(s.next(), "10.9.0.1", chksum=0x1234)),
        ("version 5", raw_ip(s.next(), "10.9.0.1", version=5)),
        ("header length 4", raw_ip(s.next(), "10.9.0.1", ihl=4)),
        ("total length above the frame", raw_ip(s.next(), "10.9.0.1", len=200)),
        ("total length below the header", raw_ip(s.next(), "10.9.0.1", len=19)),
        ("short frame", Raw(short[:14 + 19])),
        ("only an Ethernet header", Raw(short[:14])),
        ("padded", Raw(bytes(raw_ip(s.next(), "10.9.0.1")) + b"\xaa" * 17)),
    ]


def ways(s):
    to = lambda dst, **fields: ether() / IP(src=s.next(), dst=dst, **fields) / payload()
    return [
        ("forwarded", to("10.9.0.1")),
        ("forwarded to a neighbour", to("10.0.2.9")),
        ("ttl 2", to("10.9.0.1", ttl=2)),
        ("ttl 1", to("10.9.0.1", ttl=1)),
        ("ttl 0", to("10.9.0.1", ttl=0)),
        ("tos is kept", to("10.9.0.1", tos=0xb8)),
        ("no route", to("10.99.0.1")),
        ("reject route", to("10.7.0.1")),
        ("blackhole route", to("10.8.0.1")),
        ("unresolved next hop", to("10.0.2.33")),
        ("unresolved gateway", to("10.6.0.1")),
        ("back by the interface it came by", to("10.9.200.1")),
        ("redirect to a neighbour", ether() / IP(src="10.0.1.9", dst="10.9.201.1") / payload()),
        ("too big, DF", ether() / IP(src=s.next(), dst="10.9.0.1", flags="DF") / payload(1440)),
        ("too big", ether() / IP(src=s.next(), dst="10.9.0.1", id=7) / payload(1440)),
        ("just fits, DF", ether() / IP(src=s.next(), dst="10.9.0.1", flags="DF") / payload(1372)),
        ("a fragment", to("10.9.0.1", id=9, frag=3)),
        ("a fragment too big", ether() / IP(src=s.next(), dst="10.9.0.1", id=9, frag=100,
                                            flags="MF") / Raw(bytes(1440))),
        ("a fragment whose time is up", to("10.9.0.1", id=9, frag=3, ttl=1)),
        ("a protocol nobody knows", ether() / IP(src=s.next(), dst="10.9.0.1", proto=253) /
         Raw(b"abc")),
        ("an icmp error whose time is up", ether() / IP(src=s.next(), dst="10.9.0.1", ttl=1) /
         ICMP(type=3, code=1) / IP(src="10.9.0.1", dst="10.3.0.1") / UDP()),
    ]


def to_ourselves(s):
    echo = lambda dst, n=1: ether() / IP(src=s.next(), dst=dst) / ICMP(id=5, seq=n) / Raw(b"hello")
    return [
        ("ping", echo("10.0.1.1")),
        ("ping the other interface's address", echo("10.0.2.1")),
        ("ping with ttl 1", ether() / IP(src=s.next(), dst="10.0.1.1", ttl=1) / ICMP() / b"x"),
        ("ping with a code", ether() / IP(src=s.next(), dst="10.0.1.1") / ICMP(code=1) / b"x"),
        ("ping with a bad icmp checksum", ether() / IP(src=s.next(), dst="10.0.1.1") /
         ICMP(chksum=1) / b"x"),
        ("closed udp port", ether() / IP(src=s.next(), dst="10.0.1.1") / payload()),
        ("closed udp port, other address", ether() / IP(src=s.next(), dst="10.0.2.1") / payload()),
        ("udp with a bad checksum", ether() / IP(src=s.next(), dst="10.0.1.1") /
         UDP(sport=1024, dport=9, chksum=1) / b"x"),
        ("closed tcp port", ether() / IP(src=s.next(), dst="10.0.1.1") /
         TCP(sport=1024, dport=9, seq=1000, flags="S")),
        ("a protocol that we have not", ether() / IP(src=s.next(), dst="10.0.1.1", proto=253) /
         Raw(b"abc")),
        ("icmp of a type nobody knows", ether() / IP(src=s.next(), dst="10.0.1.1") /
         ICMP(type=77) / b"x"),
        ("icmp timestamp", ether() / IP(src=s.next(), dst="10.0.1.1") / ICMP(type=13)),
    ]


def addresses(s):
    plain = lambda src, dst: ether() / IP(src=src, dst=dst) / payload()
    return [
        ("from 127/8", plain("127.0.0.1", "10.9.0.1")),
        ("from 0.0.0.0", plain("0.0.0.0", "10.9.0.1")),
        ("from multicast", plain("224.0.0.9", "10.9.0.1")),
        ("from everybody", plain("255.255.255.255", "10.9.0.1")),
        ("from our own address", plain("10.0.1.1", "10.9.0.1")),
        ("from our other address", plain("10.0.2.1", "10.9.0.1")),
        ("to 127/8", plain(s.next(), "127.0.0.2")),
        ("to 0.0.0.0", plain(s.next(), "0.0.0.0")),
        ("to 240/4", plain(s.next(), "240.1.2.3")),
        ("to multicast", plain(s.next(), "239.1.2.3")),
        ("to everybody", plain(s.next(), "255.255.255.255")),
        ("to the other side's broadcast", plain(s.next(), "10.0.2.255")),
        ("to our side's broadcast", plain(s.next(), "10.0.1.255")),
        ("to the other side's network", plain(s.next(), "10.0.2.0")),
        ("unicast in a broadcast frame", ether(EVERYBODY) / IP(src=s.next(), dst="10.9.0.1") /
         payload()),
        ("unicast to us in a broadcast frame", ether(EVERYBODY) /
         IP(src=s.next(), dst="10.0.1.1") / ICMP() / b"x"),
        ("unicast in a multicast frame", ether("01:00:5e:01:02:03") /
         IP(src=s.next(), dst="10.9.0.1") / payload()),
        ("another's frame", ether("02:00:00:00:09:09") / IP(src=s.next(), dst="10.9.0.1") /
         payload()),
    ]


def options(s):
    to = lambda *octets: ether() / IP(src=s.next(), dst="10.9.0.1", options=option(*octets)) / \
        payload()
    return [
        ("no-operation options", to(1, 1, 1, 0)),
        ("record route", to(7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
        ("record route, full", to(7, 7, 8, 1, 2, 3, 4, 0)),
        ("option of length 0", to(7, 0, 4, 0)),
        ("option of length 1", to(7, 1, 4, 0)),
        ("option above the header", to(7, 39, 4, 0)),
        ("record route, pointer 3", to(7, 7, 3, 0, 0, 0, 0, 0)),
        ("loose source route", to(131, 7, 4, 10, 9, 0, 7, 0)),
        ("strict source route", to(137, 7, 4, 10, 9, 0, 7, 0)),
        ("timestamp", to(68, 8, 5, 0, 0, 0, 0, 0)),
        ("router alert", to(148, 4, 0, 0)),
        ("an option nobody knows", to(94, 4, 0, 0)),
        ("option, time is up", ether() / IP(src=s.next(), dst="10.9.0.1", ttl=1,
                                            options=option(1, 1, 1, 0)) / payload()),
        ("ping with record route", ether() /
         IP(src=s.next(), dst="10.0.1.1", options=option(7, 11, 4, *[0] * 9)) / ICMP() / b"x"),
    ]


def questions():
    return [
        ("arp request", arp()),
        ("arp request for the other interface's address", arp(target="10.0.2.1")),
        ("arp request for a third party", arp(target="10.0.1.99")),
        ("arp request, unicast", Ether(dst=ROUTER_MAC, src="02:00:00:00:01:51") /
         ARP(op=1, hwsrc="02:00:00:00:01:51", psrc="10.0.1.51", pdst="10.0.1.1")),
        ("arp request of another hardware type", arp(sender="10.0.1.52", hwtype=6)),
        ("arp request of another protocol", arp(sender="10.0.1.53", ptype=0x86dd)),
        ("arp request of another address length", arp(sender="10.0.1.54", hwlen=5)),
        ("arp, gratuitous with our address", arp(sender="10.0.1.1", target="10.0.1.1")),
        ("arp, gratuitous with another's address", arp(sender="10.0.1.55", target="10.0.1.55")),
        ("arp request from a foreign network", arp(sender="192.0.2.7")),
        ("arp request from the broadcast address", arp(mac=EVERYBODY, sender="10.0.1.56")),
        ("arp request from a group's address", arp(mac="03:00:00:00:00:01", sender="10.0.1.57")),
        ("arp request that contradicts a permanent entry", arp(sender="10.0.1.8")),
        ("arp of an unknown operation", arp(op=9, sender="10.0.1.58")),
        ("reverse arp", arp(op=3, sender="10.0.1.59")),
        ("arp reply that nobody asked for", arp(op=2, sender="10.0.1.60")),
        ("arp request, short", Raw(bytes(arp(sender="10.0.1.61"))[:14 + 27])),
    ]


def hand():
    """The topology, and the frames."""
    s = Senders()
    return TOPOLOGY, (ways(s) + headers_that_are_wrong(s) + to_ourselves(s) + addresses(s) +
                      options(s) + questions())


# ---- generated ----------------------------------------------------------------------------------

DESTINATIONS = ["10.9.{}.{}", "10.9.2{}.{}", "10.0.2.9", "10.0.1.1", "10.0.2.1", "10.99.{}.{}",
                "10.7.{}.{}", "10.8.{}.{}"]


def some_destination(r):
    form = r.choice(DESTINATIONS[:1] * 4 + DESTINATIONS)
    return form.format(r.randrange(10, 56), r.randrange(1, 255))


def some_body(r):
    kind = r.randrange(4)
    if kind == 0:
        return ICMP(type=8, id=r.randrange(65536), seq=r.randrange(65536)) / Raw(r.randbytes(r.randrange(60)))
    if kind == 1:
        return TCP(sport=r.randrange(1, 65536), dport=r.randrange(1, 65536), seq=r.randrange(1 << 32),
                   flags="A") / Raw(r.randbytes(r.randrange(60)))
    length = r.choice([0, 1, 8, 40, 500, 1371, 1372, 1373, 1400, 1450])
    return UDP(sport=r.randrange(1, 65536), dport=r.randrange(1, 65536)) / Raw(r.randbytes(length))


def some_packet(r, s):
    """A right packet, and its name by what a router has to look at."""
    ttl = r.choice([64, 64, 64, 2, 1, 0, 255])
    flags = r.choice([0, 0, "DF"])
    dst = some_destination(r)
    p = ether() / IP(src=s.next(), dst=dst, ttl=ttl, tos=r.choice([0, 0, 0x10, 0xb8]),
                     id=r.randrange(1, 65536), flags=flags) / some_body(r)
    return "packet", p


def some_fragment(r, s):
    p = ether() / IP(src=s.next(), dst=f"10.9.{r.randrange(100)}.1", id=r.randrange(1, 65536),
                     frag=r.randrange(1, 8000), flags=r.choice(["MF", 0])) / \
        Raw(r.randbytes(r.choice([8, 64, 1376, 1380, 1456])))
    return "fragment", p


def some_options(r, s):
    octets = []
    for _ in range(r.randrange(1, 4)):
        octets += r.choice([[1], [148, 4, 0, 0], [94, 4, 1, 2], [1, 1, 1]])
    octets += [0] * (-len(octets) % 4)
    return "options", ether() / IP(src=s.next(), dst=f"10.9.{r.randrange(100)}.1",
                                   options=option(*octets)) / payload()


def some_damage(r, s):
    """A right packet of which a few bytes of the header are others; the checksum is right again, or not."""
    b = bytearray(bytes(ether() / IP(src=s.next(), dst=f"10.9.{r.randrange(100)}.1") / payload()))
    # Of the version, lengths, fragment, protocol; not of addresses, which decide who is told.
    for _ in range(r.randrange(1, 3)):
        b[14 + r.choice([0, 1, 2, 3, 6, 7, 9])] = r.randrange(256)
    if r.random() < 0.7:
        header = bytes(b[14:24]) + b"\0\0" + bytes(b[26:34])
        total = sum(struct.unpack("!10H", header))
        while total >> 16:
            total = (total & 0xffff) + (total >> 16)
        b[24:26] = struct.pack("!H", total ^ 0xffff)
    return "damage", Raw(bytes(b))


def some_cut(r, s):
    b = bytes(ether() / IP(src=s.next(), dst=f"10.9.{r.randrange(100)}.1") / payload())
    return "cut", Raw(b[:r.randrange(14, len(b))])


def some_question(r, s):
    n = r.randrange(110, 200)  # none that is permanent
    return "arp", arp(op=r.choice([1, 1, 1, 2, 3, 9]), sender=f"10.0.1.{n}",
                      mac=f"02:00:00:00:01:{n:02x}", target=r.choice(["10.0.1.1", "10.0.1.99"]))


def some_tables(r):
    """Lines of a topology: neighbours on both sides, and routes to and within each other by them."""
    gateways = [f"10.0.{side}.{host}" for side in (1, 2) for host in range(100, 104)]
    lines = [f"arp -s {gateway} 02:00:00:{int(gateway.split('.')[2]):02x}:00:"
             f"{int(gateway.split('.')[3]):02x} permanent" for gateway in gateways]
    routes = {}
    while len(routes) < 60:
        length = r.randrange(12, 33)
        base = r.choice(list(routes) or [(10 << 24 | 32 << 16, 11)])[0]  # often within another
        dest = (base ^ r.randrange(1 << 21) >> r.randrange(21)) & -1 << 32 - length & 0xffffffff
        routes[(dest, length)] = r.choice(gateways)
    lines += [f"route add {socket.inet_ntoa(struct.pack('!I', dest))}/{length} {gateway}"
              for (dest, length), gateway in routes.items()]
    return lines, list(routes)


def some_way(r, s, routes):
    """To an address in or near one of the routes: which is the longest that fits?"""
    dest, length = r.choice(routes)
    dest ^= r.randrange(1 << 32 - length) if r.random() < 0.8 else 1 << r.randrange(20)
    return "way", ether() / IP(src=s.next(), dst=socket.inet_ntoa(struct.pack("!I", dest))) / \
        payload()


def generated(count, seed):
    """A topology and `count` frames, the same for a seed."""
    r, s = random.Random(seed), Senders()
    lines, routes = some_tables(r)
    kinds = [some_packet] * 5 + [some_fragment, some_options, some_damage, some_damage, some_cut,
                                 some_question]
    kinds += [lambda r, s: some_way(r, s, routes)] * 5
    return TOPOLOGY + lines, [r.choice(kinds)(r, s) for _ in range(count)]
