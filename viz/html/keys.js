// keys.js - the keyboard, and the list of keys.

const key_help = [
    ["j, \u2193", "next line"], ["k, \u2191", "line before"], ["n / p", "next / last evidence, preemption or finding"],
    ["h / l, \u2190 / \u2192", "last / next step of the same context"],
    ["[ / ]", "the step that it happens after / that happens after it"],
    ["g", "go to a step"], ["Home, End", "first, last line"], ["Enter", "open a fold; close it again"],
    ["e", "the story / every step"], ["/", "search"], ["x", "show all again"], ["o", "the other execution (side by side)"],
    ["c", "copy the token"], ["y", "copy the replay command"], ["u", "copy a link to this step"],
    ["t", "light or dark"], ["?", "this list"], ["Esc", "back to the table"],
];

function show_help() {
    const help = by_id("help");
    if (help.children.length === 0) {
        help.append(make("h2", {}, "Keys"), make("dl", {}, ...key_help.flatMap(([keys, what]) =>
            [make("dt", {}, keys), make("dd", {}, what)])),
        make("p", {}, "* evidence, ! finding, ~ preempted or waiting. Solid line: the CPU's context could run; dotted: it waits. " +
            "Arrows: the steps that the current one depends on, by synchronisation or because both touch the same memory, " +
            "and those that depend on it."),
        make("form", {method: "dialog"}, make("button", {}, "Close")));
    }
    help.showModal();
}

function move_by(lines) {
    select_line(Math.max(0, Math.min(page.lines.list.length - 1, page.line + lines)));
}

function is_remarkable(line) {
    return line.fold === undefined && line.rows.some((row, side) => {
        const run = page.runs[side];
        return row >= 0 && !is_hidden(run, row) && (run.evidence_of_row.has(row) || run.finding_rows.has(row) ||
            run.preempted.has(row) || run.kind(row) === "finding" ||
            (row !== 0 && page.lines.divergence[side] === row));
    });
}

function move_to_evidence(direction) {
    const {list} = page.lines;
    for (let n = page.line + direction; n >= 0 && n < list.length; n += direction) {
        if (is_remarkable(list[n])) {
            select_line(n);
            return;
        }
    }
    say("no more evidence in that direction");
}

function move_in_context(direction) {
    const now = current_row();
    for (let r = now.row + direction; r >= 0 && r < now.run.row_count; r += direction) {
        if (now.run.context(r) === now.run.context(now.row) && now.run.kind(r) === "step") {
            select_row(now.side, r);
            return;
        }
    }
}

function move_along_order(map_name, last) {
    const {run, row, side} = current_row();
    const steps = run.kind(row) === "step" ? run[map_name].get(run.step(row)) || [] : [];
    if (steps.length === 0) {
        say("no such step");
        return;
    }
    select_row(side, run.row_of_step[last ? Math.max(...steps) : Math.min(...steps)]);
}

function open_fold() {
    const line = page.lines.list[page.line];
    if (line === undefined) {
        return;
    }
    if (line.fold !== undefined) {
        page.lines.open.add(line.fold);
    } else if (line.inside !== undefined) {
        page.lines.open.delete(line.inside);
    }
    refresh();
}

function change_side() {
    if (page.runs.length === 2) {
        const line = page.lines.list[page.line];
        page.side = line.rows[1 - page.side] >= 0 ? 1 - page.side : page.side;
        select_line(page.line);
    }
}

const key_actions = {
    j: () => move_by(1), ArrowDown: () => move_by(1), k: () => move_by(-1), ArrowUp: () => move_by(-1),
    PageDown: () => move_by(Math.floor(by_id("grid").clientHeight / line_height) - 1),
    PageUp: () => move_by(1 - Math.floor(by_id("grid").clientHeight / line_height)),
    n: () => move_to_evidence(1), p: () => move_to_evidence(-1),
    h: () => move_in_context(-1), ArrowLeft: () => move_in_context(-1),
    l: () => move_in_context(1), ArrowRight: () => move_in_context(1),
    "[": () => move_along_order("before", true), "]": () => move_along_order("behind", false),
    g: () => by_id("goto").focus(), "/": () => by_id("search").focus(),
    Home: () => select_line(0), End: () => select_line(page.lines.list.length - 1),
    Enter: open_fold, e: () => set_mode(page.mode === "story" ? "all" : "story"), x: () => clear_filters(),
    o: change_side, c: () => by_id("copy-token").click(), y: () => by_id("copy-replay").click(),
    u: () => by_id("copy-link").click(), t: () => by_id("theme").click(), "?": show_help,
};

function on_key(event) {
    const typing = event.target.matches("input, select, textarea");
    if (event.key === "Escape") {
        by_id("grid").focus({preventScroll: true});
        return;
    }
    if (event.target.id === "goto" && event.key === "Enter") {
        go_to_step(event.target.value);
        by_id("grid").focus({preventScroll: true});
        return;
    }
    // A button takes Enter for itself.
    const own = event.key === "Enter" && event.target.matches("button, a, summary");
    if (typing || own || event.ctrlKey || event.metaKey || event.altKey || by_id("help").open) {
        return;
    }
    const action = key_actions[event.key];
    if (action !== undefined) {
        event.preventDefault();
        action();
    }
}
