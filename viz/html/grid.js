// grid.js - the table: only the lines that are on the screen are elements.

const line_height = 22;
const lane_min = 150;  // narrower than that, one column with the context's name takes the lanes' place

// How much room each lane wants: as much as three quarters of its lines in the story need.
function wanted_width(run, lane) {
    const own = run.raw.story.filter((row) => lane.contexts.includes(run.context(row)))
        .map((row) => run.row_text(row).length + (run.kind(row) === "step" ? run.row_function(row).length : 0))
        .sort((a, b) => a - b);
    return Math.max(14, Math.min(44, own[Math.floor(own.length * 0.75)] || 0));
}

// What stands side by side: per run a gutter and its lanes, and for one run the changes of state.
function make_layout() {
    const width = by_id("table").clientWidth;
    const gutter = 58;
    const two = page.runs.length === 2;
    const each = width / page.runs.length;
    const shown_lanes = (run) => run.lanes.map((lane, l) => ({...lane, l}))
        .filter((lane) => lane.contexts.some((c) => !page.filters.hidden.has(run.contexts[c].name)));
    page.layout = page.runs.map((run) => {
        const lanes = shown_lanes(run);
        const room = each - gutter - (two ? 0 : each * 0.28);
        const joined = lanes.length > 1 && room / lanes.length < lane_min;
        return {lanes, joined, columns: joined || lanes.length === 0 ? 1 : lanes.length};
    });
    const parts = page.layout.map((l, side) => {
        const wanted = l.columns === 1 ? [1] : l.lanes.map((lane) => wanted_width(page.runs[side], lane));
        const all = wanted.reduce((a, b) => a + b, 0);
        return `${gutter}px ` + wanted.map((w) => `minmax(0, ${(100 * w / all).toFixed(1)}fr)`).join(" ");
    });
    const state = two || width < 520 ? "" : " minmax(0, 40fr)";
    page.with_state = state !== "";
    by_id("table").style.setProperty("--columns", parts.join(" ") + state);
}

function lane_title(run, lane) {
    const names = lane.contexts.map((c) => run.contexts[c].name).join(", ");
    return (lane.cpu === 63 ? "" : "cpu" + lane.cpu + " ") + names;
}

function draw_heads() {
    const heads = [];
    page.runs.forEach((run, side) => {
        const layout = page.layout[side];
        heads.push(make("span", {class: "gutter"}, page.runs.length === 2 ? run.letter : "step"));
        if (layout.joined) {
            heads.push(make("span", {}, layout.lanes.map((lane) => lane_title(run, lane)).join(" | ")));
        } else {
            heads.push(...layout.lanes.map((lane) => make("span", {class: "lane" + lane.l % 6, title: lane_title(run, lane)},
                lane_title(run, lane))));
            if (layout.lanes.length === 0) {
                heads.push(make("span", {}, "nothing"));
            }
        }
    });
    if (page.with_state) {
        heads.push(make("span", {class: "state"}, "changes"));
    }
    by_id("heads").replaceChildren(...heads);
}

// Could the context have run at this row, does it wait, or has it no part in it?
function life_class(run, lane, row, event) {
    const can = run.raw.sets[run.events.enabled[event]];
    let out = "";
    for (const c of lane.contexts) {
        if (row < run.first_row[c] || row > run.last_row[c]) {
            continue;
        }
        if (c === run.context(row) || can.includes(c)) {
            return " alive";
        }
        out = " waits";
    }
    return out;
}

function gutter_of(run, row) {
    const kind = run.kind(row);
    const mark = kind === "finding" ? "!!" : run.finding_rows.has(row) ? "!" : run.evidence_of_row.has(row) ? "*" : "";
    const step = kind === "step" ? run.step(row) : "";
    return make("span", {class: "gutter", role: "gridcell"}, String(step), make("b", {class: "mark"}, mark));
}

// Where the same step of the other run is, if not on this line.
function elsewhere(run, row, line) {
    const step = run.kind(row) === "step" ? run.step(row) : 0;
    const partner = page.runs.length === 2 && step !== 0 ? page.partner[run.index][step] : 0;
    const other = page.runs[1 - run.index];
    return partner === 0 || line.rows[1 - run.index] === other.row_of_step[partner] ? null
        : make("i", {class: "elsewhere"}, ` \u21c4 ${other.letter} ${partner}`);
}

// The text of a row in its lane; `name`: the function stands before it.
function cell_text(run, row, name, joined) {
    const kind = run.kind(row);
    const parts = [];
    if (joined) {
        const c = run.context(row);
        parts.push(make("i", {class: "who lane" + run.lane_of[c] % 6}, run.contexts[c].name));
    } else if (run.lanes[run.lane_of[run.context(row)]].contexts.length > 1) {
        parts.push(make("i", {class: "who"}, "[" + run.contexts[run.context(row)].name + "]"));
    }
    (run.evidence_of_row.get(row) || []).forEach((label) => parts.push(make("em", {class: "label"}, label)));
    if (name) {
        parts.push(make("b", {class: "function"}, run.row_function(row)), ": ");
    }
    parts.push((kind === "blocked" ? "~ " : "") + run.row_text(row));
    return parts;
}

function cells_of(run, row, side, line) {
    const layout = page.layout[side];
    const kind = run.kind(row);
    const event = run.event(row);
    const indent = page.mode === "all" && !is_filtered() ? Math.min(run.rows.depth[row], 8) * 7 : 0;
    const words = run.kind(row) === "remark" ? " " + run.text(run.events.kind[event]) : "";
    const own = (lane) => layout.joined || lane.contexts.includes(run.context(row));
    const lanes = layout.joined ? [{contexts: [], l: run.lane_of[run.context(row)]}] : layout.lanes;
    const left = run.preempted.get(row);
    return lanes.map((lane) => {
        const mine = own(lane);
        const life = layout.joined ? "" : life_class(run, lane, row, event);
        const cell = make("span", {role: "gridcell", class: "cell " + (mine ? kind + words : "other") + life +
            " lane" + lane.l % 6});
        if (mine) {
            cell.style.paddingLeft = 8 + indent + "px";
            const words = make("span", {class: "words"}, ...cell_text(run, row, line.names[side], layout.joined),
                elsewhere(run, row, line));
            if (layout.joined && left !== undefined) {
                words.prepend(make("i", {class: "preempted"}, "~" + run.contexts[left].name + " preempted "));
            }
            cell.append(words);
        } else if (left !== undefined && lane.contexts.includes(left)) {
            cell.append(make("span", {class: "words preempted"}, "~ preempted"));
        }
        return cell;
    });
}

function fold_cells(line, side) {
    const run = page.runs[side];
    const layout = page.layout[side];
    const text = (part) => "\u2026 " + counted(part.steps, "step") + (part.name === "" ? "" : " in " + part.name);
    const gutter = make("span", {class: "gutter", role: "gridcell"}, "\u22ee");
    if (layout.joined) {
        const words = line.parts[side].map((p) => run.contexts[p.context].name + " " + text(p)).join("; ");
        return [gutter, make("span", {role: "gridcell", class: "cell fold"}, words)];
    }
    const row = line.rows[side];
    const lanes = layout.lanes.length === 0 ? [{contexts: [], l: 0}] : layout.lanes;
    return [gutter, ...lanes.map((lane) => {
        const parts = line.parts[side].filter((p) => lane.contexts.includes(p.context));
        const life = row >= 0 ? life_class(run, lane, row, run.event(row)) : "";
        return make("span", {role: "gridcell", class: "cell fold" + life + " lane" + lane.l % 6},
            parts.length === 0 ? null : make("span", {class: "words"}, parts.map(text).join("; ")));
    })];
}

// A finding stands across all lanes of its run.
function finding_cells(run, row, side) {
    const cell = make("span", {role: "gridcell", class: "cell finding"}, run.row_text(row));
    cell.style.gridColumn = `span ${page.layout[side].columns}`;
    return [gutter_of(run, row), cell];
}

function side_cells(line, side) {
    const run = page.runs[side];
    const row = line.rows[side];
    if (line.fold !== undefined) {
        return fold_cells(line, side);
    }
    if (row < 0 || is_hidden(run, row)) {
        const cell = make("span", {role: "gridcell", class: "cell nothing"});
        cell.style.gridColumn = `span ${page.layout[side].columns}`;
        return [make("span", {class: "gutter", role: "gridcell"}), cell];
    }
    return run.kind(row) === "finding" ? finding_cells(run, row, side)
                                       : [gutter_of(run, row), ...cells_of(run, row, side, line)];
}

// The lanes of a run clip together, so that words may go on over the empty lanes behind theirs.
function in_lanes(cells, side) {
    const [gutter, ...rest] = cells;
    const lanes = make("span", {class: "lanes", role: "presentation"}, ...rest);
    lanes.style.gridColumn = `span ${page.layout[side].columns}`;
    return [gutter, lanes];
}

function line_classes(line, n) {
    const classes = ["line"];
    if (n === page.line) {
        classes.push("current");
    }
    if (line.fold !== undefined) {
        return classes.concat("folded").join(" ");
    }
    line.rows.forEach((row, side) => {
        const run = page.runs[side];
        if (row < 0) {
            classes.push("only-" + page.runs[1 - side].letter);
            return;
        }
        const step = run.kind(row) === "step" ? run.step(row) : 0;
        if (run.evidence_of_row.has(row)) {
            classes.push("evidence");
        }
        if (run.finding_rows.has(row) || run.kind(row) === "finding") {
            classes.push("found");
        }
        if (page.runs.length === 2 && row === page.lines.divergence[side] && row !== 0) {
            classes.push("divergence");
        } else if (page.runs.length === 2 && step !== 0 && !page.same[side].has(step)) {
            classes.push("apart");
        }
    });
    return classes.join(" ");
}

function make_line(n) {
    const line = page.lines.list[n];
    const element = make("div", {role: "row", id: "line-" + n, class: line_classes(line, n), "aria-rowindex": n + 1,
        "aria-selected": String(n === page.line)});
    element.style.top = n * line_height + "px";
    page.runs.forEach((run, side) => element.append(...in_lanes(side_cells(line, side), side)));
    if (page.with_state) {
        const changes = line.fold === undefined ? page.runs[0].changes_of_row.get(line.rows[0]) || [] : [];
        element.append(make("span", {role: "gridcell", class: "state", title: changes.join("\n")}, changes.join("; ")));
    }
    return element;
}

function draw_lines() {
    const grid = by_id("grid");
    const count = page.lines.list.length;
    const first = Math.max(0, Math.floor(grid.scrollTop / line_height) - 8);
    const last = Math.min(count, Math.ceil((grid.scrollTop + grid.clientHeight) / line_height) + 8);
    const lines = [];
    for (let n = first; n < last; ++n) {
        lines.push(make_line(n));
    }
    by_id("sizer").style.height = count * line_height + "px";
    by_id("sizer").replaceChildren(...lines);
    grid.setAttribute("aria-rowcount", count);
    grid.setAttribute("aria-activedescendant", "line-" + page.line);
    draw_arrows();
}

// Scrolls so that the line is on the screen with some lines around it.
function reveal(n) {
    const grid = by_id("grid");
    const top = n * line_height;
    const room = Math.min(4 * line_height, grid.clientHeight / 4);
    if (top < grid.scrollTop + room) {
        grid.scrollTop = Math.max(0, top - room);
    } else if (top + line_height > grid.scrollTop + grid.clientHeight - room) {
        grid.scrollTop = top + line_height + room - grid.clientHeight;
    }
}
