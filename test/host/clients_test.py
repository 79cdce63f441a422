# clients_test.py - ordinary clients in two namespaces, and the native router between them.
# Usage:   clients_test.py HEDDLE_ROUTER
import os
import re
import sys
import tempfile

import netns


def test_clients(program):
    router = netns.Router(program, netns.TWO)
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
    said = router.ctl("ruote", "show", status=127)
    assert "did you mean 'route'?" in said, said
    said = router.ctl("netstat", "-s")
    forwarded = int(re.search(r"(\d+) packets forwarded", said)[1])
    assert forwarded == 14, said  # five and two requests, and their answers

    summary = router.stop()
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
    netns.need("ping", "setpriv")
    test_what_is_refused(words[0])
    test_clients(words[0])


if __name__ == "__main__":
    netns.main(test)
    sys.exit(0)
