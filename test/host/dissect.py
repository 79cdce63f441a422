# dissect.py - what tshark thinks of frames: everything that it calls malformed or a wrong checksum.
import logging
import os
import struct
import subprocess
import tempfile

import netns

logging.getLogger("scapy").setLevel(logging.ERROR)

# What a stream as a whole looks like is its ends' affair: a frame that comes twice is a frame. So is what they say to each
# other: bytes that happen to look like a protocol are none of its messages.
PAYLOAD = [word for protocol in ("tcp", "udp") for word in ("-d", f"{protocol}.port==1-65535,data")]
CHECKS = [word for name in ("ip.check_checksum:TRUE", "tcp.check_checksum:TRUE",
                            "udp.check_checksum:TRUE", "tcp.desegment_tcp_streams:FALSE",
                            "tcp.analyze_sequence_numbers:FALSE")
          for word in ("-o", name)]
WRONG = " or ".join(
    ["_ws.malformed", '_ws.expert.severity == "Error"', '_ws.expert.group == "Malformed"', '_ws.expert.group == "Checksum"'] +
    [f'{protocol}.checksum.status == "Bad"' for protocol in ("ip", "icmp", "tcp", "udp")])
RECEIVED, EMITTED = "frame.packet_flags_direction == 1", "frame.packet_flags_direction == 2"

# Where a device computes no checksums Linux writes 0xffff for a TCP checksum of 0, as for UDP (skb_checksum_help), once in
# 65,536 segments. tshark calls that wrong; a router has to pass on what it has got.
MANGLED = "tcp.checksum == 0xffff"
SEGMENT = [word for field in ("ip.src", "ip.dst", "ip.id", "tcp.srcport", "tcp.dstport", "tcp.seq_raw", "tcp.ack_raw",
                              "tcp.len") for word in ("-e", field)]


def write_pcap(path, frames):
    """Ethernet frames, a second apart."""
    with open(path, "wb") as out:
        out.write(struct.pack("=IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for second, frame in enumerate(frames):
            out.write(struct.pack("=IIII", second, 0, len(frame), len(frame)) + frame)


def tshark(path, which, *how):
    """A line for each of these frames."""
    done = subprocess.run(["tshark", "-n", "-r", path, *CHECKS, *PAYLOAD, "-Y", which, *how],
                          check=False, text=True, capture_output=True)
    if done.returncode != 0:
        raise AssertionError(f"tshark: {done.stderr}")
    return done.stdout.splitlines()


def check_emitted(path):
    """How many frames of a router's capture it has sent; all of them are to be right."""
    wrong = tshark(path, f"{EMITTED} and not ({MANGLED}) and ({WRONG})")
    of_hosts = set(tshark(path, f"{RECEIVED} and {MANGLED}", "-T", "fields", *SEGMENT))
    wrong += [f"TCP checksum 0xffff, which nobody sent: {segment}"
              for segment in tshark(path, f"{EMITTED} and {MANGLED}", "-T", "fields", *SEGMENT)
              if segment not in of_hosts]
    if wrong:
        raise AssertionError(f"{len(wrong)} frames are wrong:\n" + "\n".join(wrong[:20]))
    return len(tshark(path, EMITTED))


def check_complains():
    """The question is one that wrong frames are an answer to: each of these is."""
    from scapy.all import ICMP, IP, TCP, UDP, Ether, wrpcap

    ip = IP(src="10.0.0.1", dst="10.0.0.2")
    payload = UDP(sport=9999, dport=9998) / b"x"
    # Looks like the beginning of a message of another protocol, which it is not.
    thrift = TCP(sport=40000, dport=5201, flags="PA") / bytes.fromhex(
        "00000020800100010000000470696e67000000010b00010000000141" + "ff" * 12)
    bad = [Ether() / IP(src="10.0.0.1", dst="10.0.0.2", chksum=1) / payload,
           Ether() / ip / UDP(sport=9999, dport=9998, chksum=1) / b"x", Ether() / ip / TCP(chksum=1),
           Ether() / ip / ICMP(chksum=1), Ether() / IP(src="10.0.0.1", dst="10.0.0.2", ihl=3)]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "bad.pcap")
        wrpcap(path, bad + [Ether() / ip / payload, Ether() / ip / thrift])
        found = tshark(path, WRONG)
    if len(found) != len(bad):
        raise AssertionError(f"of {len(bad)} wrong frames and two right ones tshark tells of "
                             f"{len(found)}:\n" + "\n".join(found))


def need():
    netns.need("tshark")
