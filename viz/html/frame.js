// frame.js - the bytes of a packet: headers and their fields, each with its place, and a hex view that shows whose bytes
// are whose. What is no header that is known here is payload.

const ether_types = {0x0800: "IPv4", 0x0806: "ARP", 0x8808: "pause (802.3x)", 0x86dd: "IPv6", 0x8100: "VLAN"};
const ip_protocols = {1: "ICMP", 6: "TCP", 17: "UDP"};
const icmp_types = {0: "echo reply", 3: "unreachable", 5: "redirect", 8: "echo request", 11: "time exceeded"};
const tcp_flags = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];

function bytes_of_hex(hex) {
    return Array.from({length: hex.length / 2}, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

function number_at(bytes, at, size) {
    return bytes.slice(at, at + size).reduce((sum, byte) => sum * 256 + byte, 0);
}

const mac_at = (bytes, at) => bytes.slice(at, at + 6).map((b) => b.toString(16).padStart(2, "0")).join(":");
const ip_at = (bytes, at) => bytes.slice(at, at + 4).join(".");

// The sum of RFC 1071 over all of it: 0 where the checksum in it is right.
function sum_of(bytes) {
    let sum = 0;
    for (let i = 0; i < bytes.length; i += 2) {
        sum += bytes[i] * 256 + (bytes[i + 1] || 0);
    }
    while (sum > 0xffff) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return 0xffff - sum;
}

function checksum_words(bytes, value) {
    return "0x" + value.toString(16).padStart(4, "0") + (sum_of(bytes) === 0 ? ", right" : ", WRONG");
}

// Each header: {name, from, to, fields: [[field, value], ...]}; what comes in front of IP may be off already.
function headers_of(bytes) {
    const out = [];
    const add = (name, from, to, fields) => out.push({name, from, to: Math.min(to, bytes.length), fields});
    const bare = bytes.length >= 20 && bytes[0] >> 4 === 4 && number_at(bytes, 2, 2) === bytes.length;
    let type = bare ? 0x0800 : 0;
    let at = 0;
    if (!bare && bytes.length >= 14) {
        type = number_at(bytes, 12, 2);
        add("Ethernet", 0, 14, [["to", mac_at(bytes, 0)], ["from", mac_at(bytes, 6)],
            ["type", "0x" + type.toString(16).padStart(4, "0") + (ether_types[type] ? " " + ether_types[type] : "")]]);
        at = 14;
    }
    if (type === 0x0806 && bytes.length >= at + 28) {
        add("ARP", at, at + 28, [["operation", {1: "request", 2: "reply"}[number_at(bytes, at + 6, 2)] || "?"],
            ["sender", mac_at(bytes, at + 8) + " " + ip_at(bytes, at + 14)],
            ["target", mac_at(bytes, at + 18) + " " + ip_at(bytes, at + 24)]]);
        at += 28;
    } else if (type === 0x0800 && bytes.length >= at + 20) {
        at = ip_headers(bytes, at, add);
    }
    if (at < bytes.length) {
        add("payload", at, bytes.length, [["length", counted(bytes.length - at, "byte")]]);
    }
    return out;
}

function ip_headers(bytes, at, add) {
    const size = 4 * (bytes[at] & 15);
    const end = Math.min(bytes.length, at + number_at(bytes, at + 2, 2));
    const fragment = number_at(bytes, at + 6, 2);
    const protocol = bytes[at + 9];
    const parts = [fragment & 0x4000 ? "don't fragment" : "", fragment & 0x2000 ? "more fragments" : "",
        fragment & 0x1fff ? "offset " + 8 * (fragment & 0x1fff) : ""].filter((part) => part !== "");
    add("IPv4", at, at + size, [["from", ip_at(bytes, at + 12)], ["to", ip_at(bytes, at + 16)],
        ["ttl", String(bytes[at + 8])], ["protocol", protocol + (ip_protocols[protocol] ? " " + ip_protocols[protocol] : "")],
        ["length", String(number_at(bytes, at + 2, 2))], ["id", String(number_at(bytes, at + 4, 2))],
        ...(parts.length === 0 ? [] : [["fragment", parts.join(", ")]]),
        ["checksum", checksum_words(bytes.slice(at, at + size), number_at(bytes, at + 10, 2))]]);
    const next = at + size;
    if ((fragment & 0x1fff) !== 0) {
        return next;
    }
    if (protocol === 17 && end >= next + 8) {
        add("UDP", next, next + 8, [["from port", String(number_at(bytes, next, 2))],
            ["to port", String(number_at(bytes, next + 2, 2))], ["length", String(number_at(bytes, next + 4, 2))]]);
        return next + 8;
    }
    if (protocol === 6 && end >= next + 20) {
        const header = 4 * (bytes[next + 12] >> 4);
        add("TCP", next, next + header, [["from port", String(number_at(bytes, next, 2))],
            ["to port", String(number_at(bytes, next + 2, 2))],
            ["flags", tcp_flags.filter((_, i) => bytes[next + 13] >> i & 1).join(" ") || "none"],
            ["sequence", String(number_at(bytes, next + 4, 4))],
            ["acknowledges", String(number_at(bytes, next + 8, 4))], ["window", String(number_at(bytes, next + 14, 2))]]);
        return next + header;
    }
    if (protocol === 1 && end >= next + 8) {
        const whole = fragment & 0x2000 ? [] : [["checksum",
            checksum_words(bytes.slice(next, end), number_at(bytes, next + 2, 2))]];
        add("ICMP", next, next + 8, [["type", bytes[next] + " " + (icmp_types[bytes[next]] || "")],
            ["code", String(bytes[next + 1])], ...whole]);
        return next + 8;
    }
    return next;
}

// Sixteen bytes a line; a byte has the colour of its header.
function hex_view(bytes, headers) {
    const lines = [];
    for (let at = 0; at < bytes.length; at += 16) {
        const part = bytes.slice(at, at + 16);
        const spans = part.map((byte, i) => make("span",
            {class: "h" + headers.findIndex((h) => at + i >= h.from && at + i < h.to)},
            byte.toString(16).padStart(2, "0") + (i === 7 ? "  " : " ")));
        const text = part.map((byte) => byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".").join("");
        lines.push(make("div", {}, make("span", {class: "dim"}, at.toString(16).padStart(4, "0") + "  "), ...spans,
            " ".repeat(3 * (16 - part.length) + (part.length < 8 ? 1 : 0)) + " ", make("span", {class: "dim"}, text)));
    }
    return make("pre", {class: "hex", "aria-label": "bytes in hexadecimal"}, ...lines);
}

function frame_view(hex) {
    const bytes = bytes_of_hex(hex);
    const headers = headers_of(bytes);
    return [make("dl", {class: "layers"}, ...headers.flatMap((h, i) => [make("dt", {class: "h" + i}, h.name),
        make("dd", {}, ...h.fields.flatMap(([field, value]) =>
            [make("span", {class: "dim"}, field + " "), make("span", {class: /WRONG$/.test(value) ? "wrong" : null}, value + "  ")]))])),
    hex_view(bytes, headers)];
}

// All that the trace says of the packet with this number: [event, words], in order.
function life_of_packet(run, number) {
    const {kind} = run.events;
    return [...run.packet].filter(([event, n]) => n === number && ["packet", "fate"].includes(run.text(kind[event])))
        .map(([event]) => [event, run.text(run.events.detail[event])]);
}
