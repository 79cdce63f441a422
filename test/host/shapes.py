# shapes.py - a frame that a router has sent, as text without what two right routers may choose differently.
# Left out: the IP id; of packets that the router made also TTL, TOS, DF; how much an ICMP error quotes behind eight bytes.
import socket
import struct
import zlib

ROUTER = ("10.0.1.1", "10.0.2.1", "10.0.12.1", "10.0.12.2")
ERRORS = (3, 4, 5, 11, 12)


def mac(b):
    return ":".join(f"{x:02x}" for x in b)


def checksum_right(b):
    if len(b) % 2:
        b += b"\0"
    total = sum(struct.unpack(f"!{len(b) // 2}H", b))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total == 0xffff


def arp_text(b):
    op = struct.unpack("!H", b[6:8])[0]
    who = (mac(b[8:14]), socket.inet_ntoa(b[14:18]), mac(b[18:24]), socket.inet_ntoa(b[24:28]))
    if op == 1:  # the target's address of a question means nothing
        return "arp request", f"who-has {who[3]} tell {who[1]} at {who[0]}"
    return f"arp {op}", f"{who[1]} is-at {who[0]} to {who[3]} at {who[2]}"


def quoted(b):
    """Of the packet that an error is about: its header but TTL and checksum, and eight bytes."""
    length = (b[0] & 15) * 4
    return (b[:8] + b[9:10] + b[12:length + 8]).hex()


def ip_text(b):
    header, (total,) = (b[0] & 15) * 4, struct.unpack("!H", b[2:4])
    source, dest, protocol = socket.inet_ntoa(b[12:16]), socket.inet_ntoa(b[16:20]), b[9]
    fragment, = struct.unpack("!H", b[6:8])
    body = b[header:total]
    wrong = "" if checksum_right(b[:header]) else " WRONG header checksum"
    if total > len(b):
        wrong += " TRUNCATED"
    options = b[20:header].hex()
    where = f"{source} > {dest} protocol {protocol}{' options ' + options if options else ''}"
    if source not in ROUTER:
        return "forwarded", (f"{where} ttl {b[8]} tos {b[1]:x} fragment {fragment:04x} "
                             f"{len(body)} bytes {zlib.crc32(body):08x}{wrong}")
    if protocol != 1 or fragment & 0x3fff:
        return f"ip {protocol}", f"{where} {len(body)} bytes{wrong}"
    if not checksum_right(body):
        wrong += " WRONG icmp checksum"
    kind = f"icmp {body[0]}/{body[1]}"
    if body[0] in ERRORS:
        return kind, f"{where} {kind} {body[4:8].hex()} about {quoted(body[8:])}{wrong}"
    return kind, f"{where} {kind} {len(body)} bytes {zlib.crc32(body[4:]):08x}{wrong}"


def of(cable, frame):
    """("icmp 3/0", all that is compared)"""
    kind = struct.unpack("!H", frame[12:14])[0]
    shape, text = {0x800: ip_text, 0x806: arp_text}.get(
        kind, lambda b: (f"type {kind:04x}", b.hex()))(frame[14:])
    return f"{shape} by {cable}", f"cable {cable}: {mac(frame[6:12])} > {mac(frame[:6])} {text}"


class Seen:
    """What one router sends, frame by frame. A question that it has asked before is one that it repeats in its own
    time: it is left out."""

    def __init__(self):
        self.asked = set()

    def take(self, came):
        shapes, texts = [], []
        for cable, frame in came:
            shape, text = of(cable, frame)
            if shape.startswith("arp request"):
                if text in self.asked:
                    continue
                self.asked.add(text)
            shapes.append(shape)
            texts.append(text)
        return ", ".join(shapes) or "nothing", texts
