# refused_test.py - what the native router says where the host, the file or another router is in its way, and what it leaves behind.
# Usage:   refused_test.py HEDDLE_ROUTER
import ctypes
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading

import frames
import netns


def run(program, *words, wanted, **more):
    """What it says on stderr; its exit status must be that."""
    done = subprocess.run([program, *words], text=True, capture_output=True, check=False,
                          timeout=netns.PATIENCE * 3, stdin=subprocess.DEVNULL, **more)
    assert done.returncode == wanted, done
    return done.stderr


class Folder:
    """A folder with a topology, and what else a test puts there."""

    def __enter__(self):
        self.held = tempfile.TemporaryDirectory()
        self.race = self.path("two.race")
        self.write(netns.TWO)
        return self

    def __exit__(self, *_):
        self.held.cleanup()

    def path(self, name):
        return os.path.join(self.held.name, name)

    def write(self, text):
        with open(self.race, "w") as out:
            out.write(text)


def without_net_admin():
    drop, net_admin = 24, 12  # PR_CAPBSET_DROP, CAP_NET_ADMIN: whoever is executed has it no more
    assert ctypes.CDLL(None).prctl(drop, net_admin, 0, 0, 0) == 0


def test_rights(program):
    with Folder() as f:
        said = run(program, "router", "-f", f.race, wanted=2, preexec_fn=without_net_admin)
    assert "TAP device em0: Operation not permitted" in said, said
    assert "need root or CAP_NET_ADMIN" in said and "unshare -rn" in said, said


def test_a_device_that_somebody_has(program):
    router = netns.Router(program, netns.TWO)
    with Folder() as f:
        said = run(program, "router", "-f", f.race, wanted=2)
        assert "TAP device em0: Device or resource busy" in said and "two.race:5:" in said, said
        said = run(program, "router", "-f", f.race, "--prefix", "a_long_prefix_", wanted=2)
        assert "'a_long_prefix_em0' is no name of an interface" in said, said
    router.ctl("arp", "-an")
    router.stop()


def test_files(program):
    with Folder() as f:
        f.write(netns.TWO.replace("router r", "ruoter r"))
        said = run(program, "router", "-f", f.race, wanted=2)
        assert "two.race:4:" in said and "router" in said, said
        f.write(netns.TWO.replace("10.0.2.1/24", "10.0.2.1/33"))
        said = run(program, "router", "-f", f.race, wanted=2)
        assert "two.race:6:" in said, said
        said = run(program, "router", "-f", f.path("none.race"), wanted=2)
        assert "none.race: cannot be read" in said, said


def test_captures(program):
    with Folder() as f:
        said = run(program, "router", "-f", f.race, "--pcap", f.path("none/r.pcapng"), wanted=2)
        assert "none/r.pcapng: No such file or directory" in said, said
        said = run(program, "router", "-f", f.race, "--pcap", "/dev/full", "--seconds", "1", wanted=4)
        assert "/dev/full: not everything could be written" in said, said


def test_the_control_socket(program):
    router = netns.Router(program, netns.TWO)
    with Folder() as f:
        said = run(program, "router", "-f", f.race, "--prefix", "x", "--control", router.control,
                   wanted=2)
        assert "Address already in use; another router's" in said, said
        assert os.path.exists(router.control), "it is the other router's"
        router.ctl("arp", "-an")
        said = run(program, "router", "-f", f.race, "--prefix", "x", "--control",
                   f.path("none/control"), wanted=2)
        assert "none/control: No such file or directory" in said, said
        path = router.control
        router.process.send_signal(signal.SIGTERM)
        assert router.process.wait(netns.PATIENCE * 3) == 0, router.log()
        assert not os.path.exists(path), "it is left behind"
        said = run(program, "ctl", path, "arp", "-an", wanted=2)
        assert "No such file or directory; is a router running with --control" in said, said

        # One that was killed leaves it: then nobody listens, and who starts the next is told what to do.
        router = netns.Router(program, netns.TWO)
        path = router.control
        router.process.kill()
        router.process.wait()
        said = run(program, "ctl", path, "arp", "-an", wanted=2)
        assert "Connection refused; is a router running" in said, said
        said = run(program, "router", "-f", f.race, "--control", path, wanted=2)
        assert "or left by one: remove it" in said, said


def test_who_asks_when_it_ends(program):
    """A client whose command waits is told how it ended."""
    router = netns.Router(program, netns.TWO)
    watched = frames.Cables("em0", "em1").ports[1]
    asking = subprocess.Popen([program, "ctl", router.control, "ping", "-c", "5", "10.0.2.77"],
                              text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    wanted = socket.inet_aton("10.0.2.77")
    while (frame := watched.next(netns.PATIENCE)) is None or frame[38:42] != wanted:
        assert frame is not None, "it does not ask for 10.0.2.77"
    router.process.send_signal(signal.SIGTERM)
    out, err = asking.communicate(timeout=netns.PATIENCE * 3)
    assert asking.returncode == 1 and " packets transmitted, 0 packets received" in out, (out, err)
    assert router.process.wait(netns.PATIENCE * 3) == 0, router.log()


def test_it_ends_under_traffic(program):
    for which in (signal.SIGTERM, signal.SIGINT):
        router = netns.Router(program, netns.TWO)
        router.ctl("arp", "-s", "10.0.2.9", "02:00:00:00:02:09", "permanent")
        cables = frames.Cables("em0", "em1")
        packet = bytes(frames.Ether(dst=frames.MAC, src="02:00:00:00:01:09") /
                       frames.IP(src="10.0.1.9", dst="10.0.2.9") / bytes(64))
        stop = threading.Event()

        def send():
            while not stop.is_set():
                try:
                    cables.ports[0].send(packet)
                except OSError:
                    return  # the device has gone

        sender = threading.Thread(target=send)
        sender.start()
        for _ in range(200):
            assert cables.ports[1].next(netns.PATIENCE) is not None, router.log()
        router.process.send_signal(which)
        status = router.process.wait(netns.PATIENCE * 3)
        stop.set()
        sender.join()
        cables.close()
        assert status == 0 and "em1 on em1: received" in router.log(), router.log()


def test(words):
    for one in (test_rights, test_a_device_that_somebody_has, test_files, test_captures,
                test_the_control_socket, test_who_asks_when_it_ends, test_it_ends_under_traffic):
        one(words[0])
        print(one.__name__, flush=True)


if __name__ == "__main__":
    netns.main(test)
    sys.exit(0)
