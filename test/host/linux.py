# linux.py - Linux as a router: a topology's lines become commands of ip(8) and sysctl in a namespace of its own.
import netns

NAMESPACE = "linux"


def interface_commands(words):
    """ifconfig IF [inet] ADDRESS/LENGTH [lladdr M] [mtu N]"""
    name, rest = words[1], words[2:]
    made = []
    while rest:
        word = rest.pop(0)
        if word == "lladdr":
            made.insert(0, f"link set {name} address {rest.pop(0)}")
        elif word == "mtu":
            made.insert(0, f"link set {name} mtu {rest.pop(0)}")
        elif word != "inet":
            made.append(f"addr add {word} brd + dev {name}")
    return made + [f"link set {name} up"]


def route_commands(words):
    """route add [-reject|-blackhole] DEST GATEWAY"""
    flags = {"-reject": "unreachable", "-blackhole": "blackhole"}
    kind = next((flags[word] for word in words if word in flags), None)
    dest, gateway = [word for word in words[2:] if not word.startswith("-")]
    return [f"route add {kind} {dest}" if kind else f"route add {dest} via {gateway}"]


def arp_commands(words, networks):
    """arp -s HOST MAC permanent: on the interface of the host's network."""
    host, mac = words[2], words[3]
    interface = next(name for name, prefix in networks if host.startswith(prefix))
    return [f"neigh replace {host} lladdr {mac} nud permanent dev {interface}"]


def render(topology):
    """Commands of ip(8), and whether it forwards."""
    commands, networks, forwards = [], [], False
    for line in topology:
        words = line.split()
        if words[0] == "ifconfig":
            commands += interface_commands(words)
            address = next(word for word in words[2:] if "/" in word)
            networks.append((words[1], address.rsplit(".", 1)[0] + "."))
        elif words[0] == "route":
            commands += route_commands(words)
        elif words[0] == "arp":
            commands += arp_commands(words, networks)
        elif words[:2] == ["sysctl", "net.inet.ip.forwarding=1"]:
            forwards = True
        elif words[:2] == ["sysctl", "net.inet.icmp.errppslimit=-1"]:
            continue  # see the limits below
        else:
            raise AssertionError(f"not known to Linux: {line}")
    return commands, forwards


def start(topology, cables):
    """Routes between the host's ends `cables`, one for each of the topology's interfaces."""
    netns.run("ip", "netns", "add", NAMESPACE)
    netns.no_ipv6(NAMESPACE)
    commands, forwards = render(topology)
    interfaces = sorted({line.split()[1] for line in topology if line.startswith("ifconfig")})
    for interface, cable in zip(interfaces, cables):
        netns.run("ip", "link", "add", cable, "type", "veth", "peer", "name", interface, "netns",
                  NAMESPACE)
        netns.run("ip", "-n", NAMESPACE, "link", "set", interface, "up")
    netns.run("ip", "-n", NAMESPACE, "link", "set", "lo", "up")
    knobs = {"net/ipv4/ip_forward": int(forwards), "net/ipv4/icmp_ratelimit": 0,
             "net/ipv4/icmp_msgs_per_sec": 1000000, "net/ipv4/icmp_msgs_burst": 1000000}
    for which in ("all", "default", *interfaces):
        knobs[f"net/ipv4/conf/{which}/rp_filter"] = 0
        knobs[f"net/ipv4/conf/{which}/send_redirects"] = 1
    for name, value in knobs.items():
        try:
            netns.set_sysctl(name, value, NAMESPACE)
        except netns.subprocess.CalledProcessError:
            if "icmp_msgs" not in name:  # older ones have that outside namespaces
                raise
    for command in commands:
        netns.run("ip", "-n", NAMESPACE, *command.split())
