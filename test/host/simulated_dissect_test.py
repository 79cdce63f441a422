# simulated_dissect_test.py - all that leaves a router in the machine, in one execution of each scenario, is right for tshark.
# Usage:   simulated_dissect_test.py SIMULATED_FRAMES FILE.race...
import os
import subprocess
import sys
import tempfile

import dissect


def frames_of(program, race):
    done = subprocess.run([program, race], check=False, text=True, capture_output=True)
    if done.returncode != 0:
        raise AssertionError(f"{race}: {done.stderr}")
    lines = [line.split() for line in done.stdout.splitlines()]
    return [bytes.fromhex(words[2]) for words in lines if words[0] == "out"]


def main(program, races):
    dissect.need()
    dissect.check_complains()
    frames = [(race, frame) for race in races for frame in frames_of(program, race)]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "simulated.pcap")
        dissect.write_pcap(path, [frame for _, frame in frames])
        numbers = dissect.tshark(path, dissect.WRONG, "-T", "fields", "-e", "frame.number")
        wrong = [frames[int(number) - 1] for number in numbers]
    if wrong:
        raise AssertionError(f"{len(wrong)} frames are wrong:\n" +
                             "".join(f"  {race}: {frame.hex()}\n" for race, frame in wrong[:20]))
    assert len(frames) > len(races), f"only {len(frames)} frames in {len(races)} scenarios"
    print(f"{len(races)} scenarios, {len(frames)} frames")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
