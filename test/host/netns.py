# netns.py - what tests of the native router stand on: namespaces of their own, frames, the router itself.
# Everything lives in network, mount and process namespaces that this process made and that go with it. Where they cannot be
# made, or a tool is missing, the test is skipped: exit status 77, and why.
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

SKIPPED = 77
MARK = "--in-namespace"
PATIENCE = 20  # seconds for what must come; under the thread sanitizer all is slow


def skip(why):
    print(f"skipped: {why}", flush=True)
    sys.exit(SKIPPED)


def need(*tools):
    for tool in tools:
        if shutil.which(tool) is None:
            skip(f"{tool} is not installed")


def run(*words, check=True, **more):
    return subprocess.run([str(w) for w in words], check=check, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more)


def enter():
    """Runs this script again in namespaces of its own; returns its arguments there."""
    if MARK in sys.argv:
        sys.argv.remove(MARK)
        run("mount", "-t", "tmpfs", "none", "/run/netns")
        run("ip", "link", "set", "lo", "up")
        no_ipv6()
        return sys.argv[1:]
    need("unshare", "ip", "mount")
    if not os.path.exists("/dev/net/tun"):
        skip("there is no /dev/net/tun")
    os.makedirs("/run/netns", exist_ok=True) if os.geteuid() == 0 else None
    # Whoever is first among the processes there takes all others along, however it ends: no router stays behind.
    how = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if os.geteuid() != 0:
        how += ["--user", "--map-root-user"]
    if subprocess.run(how + ["true"], stderr=subprocess.DEVNULL).returncode != 0:
        skip("this user may not make network namespaces")
    os.execvp(how[0], how + [sys.executable, sys.argv[0], MARK] + sys.argv[1:])


def set_sysctl(name, value, namespace=None):
    words = ["sh", "-c", f"echo {value} > /proc/sys/{name}"]
    run(*(["ip", "netns", "exec", namespace] if namespace else []), *words)


def no_ipv6(namespace=None):
    """What a host says unasked is no frame of a test."""
    for which in ("all", "default"):
        set_sysctl(f"net/ipv6/conf/{which}/disable_ipv6", 1, namespace)


class Port:
    """The host's end of a cable: frames as bytes."""

    def __init__(self, interface):
        run("ip", "link", "set", interface, "up")
        self.interface = interface
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        force = 33  # SO_RCVBUFFORCE: above the limit of those who may not configure
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 << 20)
        try:
            self.socket.setsockopt(socket.SOL_SOCKET, force, 16 << 20)
        except PermissionError:
            pass
        self.socket.bind((interface, 0))
        self.socket.setblocking(False)

    def send(self, frame):
        self.socket.send(bytes(frame))

    def next(self, seconds=0.0):
        """The next frame that came from the router, or None."""
        end = time.monotonic() + seconds
        while True:
            try:
                frame, where = self.socket.recvfrom(65536)
                if where[2] != socket.PACKET_OUTGOING:
                    return frame
            except BlockingIOError:
                left = end - time.monotonic()
                if left <= 0 or not select.select([self.socket], [], [], left)[0]:
                    return None

    def close(self):
        self.socket.close()


class Router:
    """heddle router in this namespace."""

    def __init__(self, program, race, *options):
        self.program = program
        self.folder = tempfile.mkdtemp(prefix="heddle-host-")
        self.control = os.path.join(self.folder, "control")
        self.said = os.path.join(self.folder, "said")
        path = race
        if "\n" in race:
            path = os.path.join(self.folder, "topology.race")
            with open(path, "w") as out:
                out.write(race)
        self.asking = None
        self.process = subprocess.Popen(
            [program, "router", "-f", path, "--control", self.control, "--no-input", *options],
            stdout=subprocess.DEVNULL, stderr=open(self.said, "w"), stdin=subprocess.DEVNULL)
        self.wait_for(lambda: ": ready\n" in self.log(), "the router is not ready")

    def log(self):
        with open(self.said) as text:
            return text.read()

    def wait_for(self, holds, what):
        end = time.monotonic() + PATIENCE
        while not holds():
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"{what}; it has said:\n{self.log()}")
            time.sleep(0.005)

    def ask(self, line):
        """The tool's exit status and what it prints, by a connection of this process that stays open."""
        if self.asking is None:
            self.asking = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.asking.connect(self.control)
            self.asking.settimeout(PATIENCE * 3)
        self.asking.sendall(line.encode() + b"\n")
        said = b""
        while not (last := re.search(rb"(?:^|\n)= (\d+)\n\Z", said)):
            more = self.asking.recv(65536)
            if not more:
                raise AssertionError(f"{line}: no answer; the router has said:\n{self.log()}")
            said += more
        return int(last[1]), said[:said.rindex(b"= ")].decode()

    def ctl(self, *words, status=0):
        """What the command prints; its exit status must be the one given, None: any."""
        ended, said = self.ask(" ".join(words))
        if status is not None and ended != status:
            raise AssertionError(f"{' '.join(words)}: status {ended}: {said}")
        return said

    def arp(self, host):
        """The rows of `arp -an` of that host, without it: "02:00:00:00:01:17 em0 19m59s"."""
        rows = [line.split() for line in self.ctl("arp", "-an").splitlines()[1:]]
        return [" ".join(row[1:]) for row in rows if row[0] == host]

    def stop(self):
        """Ends it; it must have left nothing and found nothing. Its summary, by interface."""
        if self.asking is not None:
            self.asking.close()
        self.process.send_signal(signal.SIGINT)
        try:
            status = self.process.wait(PATIENCE * 3)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"the router does not end; it has said:\n{self.log()}") from None
        if status != 0:
            raise AssertionError(f"the router ended with {status}; it has said:\n{self.log()}")
        summary = {}
        for line in self.log().splitlines():
            row = re.match(r"((?:\w+:)?em\d+) on \S+: received (\d+), refused (\d+), sent (\d+), "
                           r"lost (\d+)", line)
            if row:
                summary[row[1]] = dict(zip(("received", "refused", "sent", "lost"),
                                           map(int, row.groups()[1:])))
        shutil.rmtree(self.folder)
        return summary


class Host:
    """A namespace with one interface of the router's, an address and a default route."""

    def __init__(self, name, interface, address, gateway):
        self.name = name
        run("ip", "netns", "add", name)
        no_ipv6(name)
        run("ip", "link", "set", interface, "netns", name)
        for words in (f"addr add {address}/24 dev {interface}", f"link set {interface} up",
                      "link set lo up", f"route add default via {gateway}"):
            run("ip", "-n", name, *words.split())

    def run(self, *words, **more):
        return run("ip", "netns", "exec", self.name, *words, **more)

    def start(self, *words):
        return subprocess.Popen(["ip", "netns", "exec", self.name, *words],
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


TWO = """
scenario two "two networks, and we forward"
topology {
    router r cpus 2 {
        ifconfig em0 inet 10.0.1.1/24 lladdr 02:00:00:00:01:01
        ifconfig em1 inet 10.0.2.1/24 lladdr 02:00:00:00:02:01
        sysctl net.inet.ip.forwarding=1
    }
}
"""


def main(test):
    """Runs test(arguments) in namespaces of its own."""
    words = enter()
    test(words)
    print("passed", flush=True)
