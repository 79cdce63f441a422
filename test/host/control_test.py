# control_test.py - who tells the native router what to do, and how it ends.
# Usage:   control_test.py HEDDLE_ROUTER
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile

import netns


def start(program, *options):
    folder = tempfile.mkdtemp()
    race = os.path.join(folder, "two.race")
    with open(race, "w") as out:
        out.write(netns.TWO)
    return subprocess.Popen([program, "router", "-f", race, *options], text=True,
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def end(process, typed="", wanted=0):
    out, err = process.communicate(typed, netns.PATIENCE * 3)
    assert process.returncode == wanted, (process.returncode, out, err)
    return out, err


def test_standard_input(program):
    out, err = end(start(program),
                   "sysctl net.inet.ip.forwarding\n\nruote\npfctl -f -\npass all\n.\n"
                   "pfctl -s rules\nquit\nsysctl net.inet.ip.ttl\n")
    assert out.splitlines() == ["net.inet.ip.forwarding=1", "sh: ruote: not found",
                                "did you mean 'route'?", "pass all flags S/SA"], (out, err)
    assert "r: ready\n" in err and "em1 on em1: received " in err, err


def test_ends_by_itself(program):
    """The end of the standard input ends nothing."""
    _, err = end(start(program, "--seconds", "1", "--prefix", "x", "--tap", "em1=other"))
    assert "em0 on xem0:" in err and "em1 on other:" in err, err
    _, err = end(start(program, "--seconds", "1", "--quiet"))
    assert err == "", err


def test_signals(program):
    for which in (signal.SIGINT, signal.SIGTERM):
        process = start(program)
        process.stdin.write("sysctl net.inet.ip.ttl\n")
        process.stdin.flush()
        assert process.stdout.readline() == "net.inet.ip.ttl=64\n"
        process.send_signal(which)
        end(process)


def test_waits_have_limits(program):
    said, err = end(start(program), "ping -c 2 -w 1 10.0.2.77\nsocket udp bind 10.0.1.1.53 as S\n"
                    "recv -w 1 S\nrecv -w 0x S\nquit\n")
    assert "2 packets transmitted, 0 packets received, 100.0% packet loss" in said, (said, err)
    assert "recv: S: Resource temporarily unavailable\nusage:" in said, (said, err)


def test_signals_end_waits(program):
    """Whoever waits for a packet that never comes: all is taken apart as ever."""
    for lines, told in ((["ping -c 3 10.0.2.77"], "1 packets transmitted, 0 packets received"),
                        (["socket udp bind 10.0.1.1.53 as S", "recv S"], "recv: S: Interrupted"),
                        (["socket tcp bind 10.0.1.1.80 as L", "listen L", "accept L as C"],
                         "accept: L: Interrupted"),
                        (["socket tcp bind 10.0.1.1.81 as C", "connect C 10.0.2.77.80"],
                         "Interrupted system call")):
        for which in (signal.SIGINT, signal.SIGTERM):
            process = start(program)
            process.stdin.write("".join(line + "\n" for line in lines[:-1]) +
                                "sysctl net.inet.ip.ttl\n" + lines[-1] + "\n")
            process.stdin.flush()
            assert process.stdout.readline() == "net.inet.ip.ttl=64\n"
            process.send_signal(which)
            out, err = process.communicate(timeout=netns.PATIENCE * 3)
            # The line may not have been read yet; else it says why it ends.
            assert process.returncode == 0 and (out == "" or told in out), (lines, out, err)


def test_route_monitor(program):
    """Who listens is told as it happens, and keeps nobody waiting; who leaves is closed."""
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, "r.sock")
    process = start(program, "--control", path)
    assert process.stderr.readline() == "r: ready\n"
    listener = subprocess.Popen([program, "ctl", path, "route", "-n", "monitor", "only", "add", "delete"],
                                text=True, stdout=subprocess.PIPE)
    refused = subprocess.run([program, "ctl", path, "route", "monitor", "buffer", "0"], text=True,
                             capture_output=True, check=False)
    assert refused.returncode == 1 and refused.stdout.startswith("usage: route monitor"), refused
    for _ in range(50):
        process.stdin.write("route -q add 10.77.0.0/16 10.0.2.2\nroute -q delete 10.77.0.0/16\n")
        process.stdin.flush()
        if select.select([listener.stdout], [], [], 0.2)[0]:
            break
    seen = ""
    while "RTM_DELETE: 10.77.0.0/16 10.0.2.2" not in seen:
        line = listener.stdout.readline()
        assert line, seen
        seen += line
    listener.terminate()
    listener.communicate()
    last = subprocess.Popen([program, "ctl", path, "route", "monitor"], text=True, stdout=subprocess.PIPE)
    process.stdin.write("route add 10.78.0.0/16 10.0.2.2\nsysctl net.inet.ip.ttl\n")
    process.stdin.flush()
    out, _ = end(process, "quit\n")
    assert "net.inet.ip.ttl=64" in out, out
    last.communicate()
    assert last.returncode in (0, 2), last.returncode  # 2: it came too late


def test_who_asks_as_it_ends(program):
    """It has taken the call, but not the command: the client says so, and is not killed by the write."""
    path = os.path.join(tempfile.mkdtemp(), "r.sock")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(path)
        listener.listen()
        asking = subprocess.Popen([program, "ctl", path, "pfctl", "-f", "-"], text=True,
                                  stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        listener.accept()[0].close()
        _, said = asking.communicate("pass\n", netns.PATIENCE * 3)
    assert asking.returncode == 2 and "the router has ended without an answer" in said, (asking.returncode, said)


def test_a_device_that_is_not_there_any_more(program):
    process = start(program, "--seconds", "2")
    assert process.stderr.readline() == "r: ready\n"
    netns.run("ip", "link", "delete", "em0")
    _, err = end(process)
    assert "em0 on em0:" in err, err


def test(words):
    for one in (test_standard_input, test_ends_by_itself, test_signals,
                test_waits_have_limits, test_signals_end_waits, test_route_monitor, test_who_asks_as_it_ends,
                test_a_device_that_is_not_there_any_more):
        one(words[0])


if __name__ == "__main__":
    netns.main(test)
    sys.exit(0)
