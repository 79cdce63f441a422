// packet.js - a packet as a trace tells it, in the words of tcpdump, taken apart: interface, headers, payload.

// "10.0.1.9.1234" -> ["10.0.1.9", "1234"]; "10.0.1.9" -> ["10.0.1.9", ""].
function address_and_port(text) {
    const found = /^(\d+\.\d+\.\d+\.\d+)(?:\.(\w+))?$/.exec(text);
    return found === null ? [text, ""] : [found[1], found[2] || ""];
}

// "em0 queue 1 < IP ...": lines [layer, text]. What is not understood is shown as it stands.
function packet_layers(text) {
    const way = /^(\S+?):?((?: queue \d+)?) ([<>]) (.*)$/.exec(text) || /^(\S+):()() (.*)$/.exec(text);
    const lines = [];
    if (way !== null) {
        const direction = {"<": " comes in", ">": " goes out"}[way[3]] || "";
        lines.push(["interface", way[1] + way[2] + direction]);
    }
    const packet = way === null ? text : way[4];
    const ip = /^IP (\S+) > (\S+): (.*)$/.exec(packet);
    if (ip === null) {
        lines.push([/^arp/i.test(packet) ? "ARP" : "packet", packet.replace(/^arp /i, "")]);
        return lines;
    }
    const [from, from_port] = address_and_port(ip[1]);
    const [to, to_port] = address_and_port(ip[2]);
    lines.push(["IPv4", from + " > " + to]);
    const ports = from_port === "" ? "" : `port ${from_port} > ${to_port}, `;
    const udp = /^udp (\d+)(.*)$/.exec(ip[3]);
    if (udp !== null) {
        lines.push(["UDP", `${ports}${counted(parseInt(udp[1], 10), "byte")}${udp[2]}`]);
    } else if (/^icmp/.test(ip[3])) {
        lines.push(["ICMP", ip[3].replace(/^icmp:? ?/, "")]);
    } else {
        lines.push([ports === "" ? "payload" : "TCP", ports + ip[3].replace(/^tcp:? ?/, "")]);
    }
    return lines;
}
