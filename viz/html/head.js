// head.js - the few words that all other scripts of the page use.
"use strict";

const row_kinds = ["step", "call", "remark", "blocked", "fold", "finding"];
const state_groups = ["lock", "reference", "state", "memory", "packet", "value"];

function by_id(id) {
    return document.getElementById(id);
}

// An element with attributes ("class", "title", "on_click", ...) and children, which are elements or texts.
function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
        if (name === "on_click") {
            element.addEventListener("click", value);
        } else if (value !== undefined && value !== null && value !== false) {
            element.setAttribute(name, value === true ? "" : value);
        }
    }
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
}

function make_svg(tag, attributes, text) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) {
        element.setAttribute(name, value);
    }
    if (text !== undefined) {
        element.textContent = text;
    }
    return element;
}

// "1 step", "2 steps"
function counted(n, noun) {
    return n.toLocaleString("en") + " " + noun + (n === 1 ? "" : "s");
}

// "ifnet em1+24" -> "ifnet em1"
function object_of(place) {
    return place.replace(/\+(0x[0-9a-f]+|\d+)$/, "");
}

// Is `place` the object or a part of it ("ifnet em1 refcnt" of "ifnet em1")?
function is_part_of(place, object) {
    return place === object ||
        (place.startsWith(object) && (place[object.length] === "+" || place[object.length] === " "));
}

// What a screen reader says, and the tests read.
function say(text) {
    by_id("said").textContent = text;
}

async function copy_text(text, what) {
    try {
        await navigator.clipboard.writeText(text);
    } catch (refused) {
        // A page from a file may not be allowed to.
        const area = make("textarea", {readonly: true});
        area.value = text;
        document.body.append(area);
        area.select();
        document.execCommand("copy");
        area.remove();
        by_id("grid").focus({preventScroll: true});
    }
    say(what + " copied");
    return text;
}

// The one state of the page. `line` is the current line, `side` the run that it is about.
const page = {
    runs: [], changes: [], lines: null, mode: "story", line: 0, side: 0,
    filters: {hidden: new Set(), object: "", lock: "", packet: "", text: ""},
};

// The row of the current line: of the chosen run, or of the other where that has none.
function current_row() {
    const line = page.lines.list[page.line];
    if (line === undefined) {
        return null;
    }
    const side = line.rows[page.side] >= 0 ? page.side : line.rows.findIndex((row) => row >= 0);
    return {side, row: line.rows[side], run: page.runs[side], line};
}
