# clients_test.py - ordinary clients in two namespaces, and the native router between them.
# Usage:   clients_test.py HEDDLE_ROUTER
import json
import os
import re
import shutil
import sys
import tempfile
import time

import dissect
import netns


def test_commands(router):
    """By the client of the control socket, and the errors of an administrator."""
    ctl = [router.program, "ctl", router.control]
    assert netns.run(*ctl, "route", "-n", "show").stdout == router.ctl("route", "-n", "show")
    done = netns.run(*ctl, "ruote", "show", check=False)
    assert done.returncode == 127 and "did you mean 'route'?" in done.stdout, done
    netns.run(*ctl, "pfctl", "-f", "-", input="pass all\nblock in on em0 proto tcp\n")
    assert "block drop in on em0" in router.ctl("pfctl -s rules"), router.ctl("pfctl -s rules")
    done = netns.run(*ctl, "pfctl", "-f", "-", input="pas all\n", check=False)
    assert done.returncode == 1 and "syntax error" in done.stdout, done
    netns.run(*ctl, "pfctl", "-F", "rules")
    router.ctl("ifconfig em0 inet 10.0.1.1/99", status=1)


def test_tools(a, b):
    said = a.run("arping", "-I", "em0", "-c", "2", "-w", "10", "10.0.1.1").stdout
    assert "Received 2 response" in said, said
    said = b.run("arping", "-I", "em1", "-c", "2", "-w", "1", "10.0.1.1", check=False).stdout
    assert "Received 0 response" in said, said  # an address of the other interface
    said = a.run("traceroute", "-n", "-q", "1", "-w", "5", "-m", "4", "10.0.2.9").stdout
    hops = [line.split()[1] for line in said.splitlines()[1:]]
    assert hops == ["10.0.1.1", "10.0.2.9"], said
    said = a.run("ping", "-n", "-R", "-c", "1", "-W", "5", "10.0.2.9").stdout
    assert "1 received" in said and "\t10.0.2.1\n" in said, said  # a recorded route
    said = a.run("ping", "-n", "-c", "1", "-t", "1", "-W", "5", "10.0.2.9", check=False).stdout
    assert "From 10.0.1.1" in said and "Time to live exceeded" in said, said


def test_throughput(a, b):
    server = b.start("iperf3", "-s", "-1")
    told = {"error": "never asked"}
    for _ in range(100):  # until the server listens; with -J the status is 0 whatever happens
        told = json.loads(a.run("iperf3", "-c", "10.0.2.9", "-n", "3M", "-J",
                                check=False).stdout)
        if "error" not in told:
            break
        time.sleep(0.05)
    assert "error" not in told, told
    server.wait(netns.PATIENCE)
    assert told["end"]["sum_received"]["bytes"] > 100_000, told["end"]


def test_clients(program):
    record = os.path.join(tempfile.mkdtemp(), "all.pcapng")
    router = netns.Router(program, netns.TWO, "--pcap", record)
    a = netns.Host("a", "em0", "10.0.1.9", "10.0.1.1")
    b = netns.Host("b", "em1", "10.0.2.9", "10.0.2.1")

    for to, ttl in (("10.0.1.1", 255), ("10.0.2.1", 255), ("10.0.2.9", 63)):
        said = a.run("ping", "-n", "-c", "5", "-i", "0.05", "-W", "5", to).stdout
        assert "5 received" in said and f"ttl={ttl} " in said, said
    said = a.run("ping", "-n", "-c", "2", "-i", "0.05", "-W", "5", "-s", "1472", "-M", "do",
                 "10.0.2.9").stdout
    assert "2 received" in said, said
    said = a.run("ping", "-n", "-c", "1", "-W", "5", "10.9.9.9", check=False).stdout
    assert "Destination Host Unreachable" in said or "Destination Net Unreachable" in said, said

    assert router.arp("10.0.1.9") and router.arp("10.0.2.9"), router.ctl("arp", "-an")
    test_commands(router)
    said = router.ctl("netstat", "-s")
    forwarded = int(re.search(r"(\d+) packets forwarded", said)[1])
    assert forwarded == 14, said  # five and two requests, and their answers

    test_tools(a, b)
    test_throughput(a, b)

    summary = router.stop()
    sent = dissect.check_emitted(record)
    assert sent == sum(port["sent"] + port["lost"] for port in summary.values()), (sent, summary)
    shutil.rmtree(os.path.dirname(record))
    assert b.name in netns.run("ip", "netns", "list").stdout
    assert all(port["received"] > 0 and port["refused"] == 0 for port in summary.values()), summary


def refused(wanted, *words):
    """Ends with status 2, and says that."""
    done = netns.run(*words, check=False)
    assert done.returncode == 2 and wanted in done.stdout, (done.returncode, done.stdout)


def test_what_is_refused(program):
    with tempfile.TemporaryDirectory() as folder:
        race = os.path.join(folder, "two.race")
        with open(race, "w") as out:
            out.write(netns.TWO)
        wrong = os.path.join(folder, "wrong.race")
        with open(wrong, "w") as out:
            out.write(netns.TWO.replace("10.0.2.1/24", "10.0.2.1/99"))
        refused("CAP_NET_ADMIN", "setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin",
                program, "router", "-f", race)
        refused("wrong.race:6:", program, "router", "-f", wrong)
        refused("cannot be read", program, "router", "-f", race + "s")
        refused("no router 'q'", program, "router", "-f", race, "--router", "q")
        refused("--tap eth0=x: as in", program, "router", "-f", race, "--tap", "eth0=x")
        refused("unknown option '--contrl'", program, "router", "-f", race, "--contrl", "x")
        refused("is a router running", program, "ctl", race + ".sock", "arp", "-an")


def test(words):
    netns.need("ping", "setpriv", "arping", "traceroute", "iperf3", "tshark")
    dissect.check_complains()
    test_what_is_refused(words[0])
    test_clients(words[0])


if __name__ == "__main__":
    netns.main(test)
    sys.exit(0)
