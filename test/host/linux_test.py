# linux_test.py - the same frames to Linux and to the native router: what they send is the same, or differs as
# linux_differences.txt says, with the reason.
# Usage:   linux_test.py HEDDLE_ROUTER hand | generated COUNT SEED
import os
import sys

import frames
import linux
import netns
import shapes
from corpus import generated, hand

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "linux_differences.txt")


def read_table():
    """{(name, Linux sends, heddle sends): reason}"""
    table = {}
    with open(TABLE) as text:
        for number, line in enumerate(text, 1):
            if not line.strip() or line.startswith("#"):
                continue
            cells = [cell.strip() for cell in line.split("|")]
            if len(cells) != 4 or not cells[3]:
                raise AssertionError(f"{TABLE}:{number}: name | linux | heddle | reason")
            table[tuple(cells[:3])] = cells[3]
    return table


def run(cases, cables):
    """What a router sends for each, in order."""
    cables.settle()
    seen, results = shapes.Seen(), []
    for _, frame in cases:
        results.append(seen.take(cables.exchange(frame)))
    return results


def race_of(topology):
    return ('scenario beside_linux "the same topology for both"\ntopology {\n    router r {\n' +
            "".join(f"        {line}\n" for line in topology) + "    }\n}\n")


def run_both(program, topology, cases):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # so Linux works on frames in order
    linux.start(topology, ["h0", "h1"])
    cables = frames.Cables("h0", "h1")
    by_linux = run(cases, cables)
    cables.close()
    router = netns.Router(program, race_of(topology))
    os.sched_setaffinity(0, range(os.cpu_count()))
    cables = frames.Cables("em0", "em1")
    by_heddle = run(cases, cables)
    router.stop()
    return by_linux, by_heddle


def compare(cases, by_linux, by_heddle, table):
    """Complaints, and the rows of the table that were needed."""
    complaints, needed = [], set()
    for (name, frame), (left, texts), (right, other) in zip(cases, by_linux, by_heddle):
        if texts == other:
            continue
        row = (name, left, right)
        if row in table:
            needed.add(row)
        else:
            complaints.append(f"{name} | {left} | {right} |\n  frame  {bytes(frame).hex()}\n" +
                              "".join(f"  linux  {text}\n" for text in texts) +
                              "".join(f"  heddle {text}\n" for text in other))
    return complaints, needed


def test(words):
    program, which = words[:2]
    topology, cases = hand() if which == "hand" else generated(int(words[2]), int(words[3]))
    table = read_table()
    complaints, needed = compare(cases, *run_both(program, topology, cases), table)
    if which == "hand":
        names = {name for name, _ in cases}
        for row in table:
            if row[0] in names and row not in needed:
                if table[row].startswith("not yet"):
                    print(f"mended, the row may go: {' | '.join(row)}")
                else:
                    complaints.append(f"no longer needed: {' | '.join(row)}")
    if complaints:
        raise AssertionError(f"{len(complaints)} of {len(cases)} differ:\n" +
                             "\n".join(complaints[:60]))
    print(f"{len(cases)} frames, {len(needed)} kinds of intended differences")


if __name__ == "__main__":
    netns.main(test)
    sys.exit(0)
