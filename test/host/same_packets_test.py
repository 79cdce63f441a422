# same_packets_test.py - a scenario without a race sends the same frames in the machine and on TAP devices, byte by byte; only
# where the IP ids begin is left to each.
# Usage:   same_packets_test.py HEDDLE_ROUTER SIMULATED_FRAMES FILE.race...
import subprocess
import sys

import frames
import netns
import shapes


def is_announcement(frame):
    """Of an address of our own, when the interface gets it: then the host's end of the cable is not there yet."""
    return frame[12:14] == b"\x08\x06" and frame[21] == 1 and frame[28:32] == frame[38:42]


def without_first_id(list_):
    """The IP ids of packets that the router made count from where they begin: that is each router's own. Checksums are
    right, and then left out where the id is in them."""
    first, told = None, []
    for frame in list_:
        if frame[12:14] == b"\x08\x00" and shapes.socket.inet_ntoa(frame[26:30]) in shapes.ROUTER:
            assert shapes.checksum_right(frame[14:34]), frame.hex()
            number = int.from_bytes(frame[18:20], "big")
            first = number if first is None else first
            number = (number - first) % 65536
            frame = frame[:18] + number.to_bytes(2, "big") + frame[20:24] + b"??" + frame[26:]
        told.append(frame)
    return told


def simulated(program, race):
    """What goes in, as (kind, words), and what leaves by each interface."""
    done = subprocess.run([program, race], check=False, text=True, capture_output=True)
    if done.returncode != 0:
        raise AssertionError(f"{race}: {done.stderr}")
    steps, left = [], {"em0": [], "em1": []}
    for line in done.stdout.splitlines():
        kind, rest = line.split(" ", 1)
        if kind == "out":
            interface, frame = rest.split()
            left.setdefault(interface, []).append(bytes.fromhex(frame))
        else:
            steps.append((kind, rest))
    return steps, {name: [f for f in list_ if not is_announcement(f)]
                   for name, list_ in left.items()}


def native(program, race, steps):
    router = netns.Router(program, race)
    cables = frames.Cables("em0", "em1")
    cables.settle()
    left = {"em0": [], "em1": []}
    for kind, rest in steps:
        if kind == "command":
            router.ctl(rest)
            came = cables.settle()
        else:
            interface, frame = rest.split()
            came = cables.exchange(bytes.fromhex(frame), ("em0", "em1").index(interface))
        for cable, frame in came:
            if not is_announcement(frame):
                left[f"em{cable}"].append(frame)
    cables.close()
    router.stop()
    return left


def test(words):
    program, machine, races = words[0], words[1], words[2:]
    total = 0
    for race in races:
        steps, wanted = simulated(machine, race)
        found = native(program, race, steps)
        for name, list_ in wanted.items():
            if without_first_id(found[name]) != without_first_id(list_):
                raise AssertionError(
                    f"{race}: {name}\n" +
                    "".join(f"  simulated {frame.hex()}\n" for frame in list_) +
                    "".join(f"  native    {frame.hex()}\n" for frame in found[name]))
            total += len(list_)
    assert total > len(races), f"only {total} frames in {len(races)} races"
    print(f"{len(races)} races, {total} frames")


if __name__ == "__main__":
    netns.main(test)
    sys.exit(0)
