// panel.js - everything about the current step: what it did, what it changed, why it comes where it does, its
// source, and the state so far.

function section(title, ...children) {
    const kept = children.flat().filter((child) => child !== null);
    return kept.length === 0 ? null : make("section", {}, make("h3", {}, title), ...kept);
}

// A link to a step that says what the step does.
function step_link(run, step, label) {
    const row = run.row_of_step[step];
    if (row === undefined || step === 0) {
        return make("span", {}, label || "before the race");
    }
    const text = label || `${step}  ${run.contexts[run.context(row)].name}: ${run.row_text(row)}`;
    return make("a", {href: link_of(run, row), class: "to-step", on_click: (event) => {
        event.preventDefault();
        select_row(run.index, row);
    }}, text);
}

function step_list(run, steps) {
    if (steps.length === 0) {
        return null;
    }
    const shown = steps.slice(0, 12).map((step) => make("li", {}, step_link(run, step)));
    if (steps.length > shown.length) {
        shown.push(make("li", {class: "dim"}, `and ${steps.length - shown.length} more`));
    }
    return make("ul", {class: "steps"}, ...shown);
}

function change_table(changes) {
    if (changes.length === 0) {
        return null;
    }
    return make("table", {class: "changes"}, ...changes.map((c) => make("tr", {class: c.group},
        make("th", {scope: "row"}, c.thing),
        make("td", {class: "before"}, c.before === "" ? "" : c.before), make("td", {}, "\u2192"),
        make("td", {class: "after"}, c.after))));
}

function headline(run, row) {
    const kind = run.kind(row);
    const event = run.event(row);
    const step = kind === "step" ? "step " + run.step(row) + " of " + run.steps
        : run.step(row) === 0 ? "before the first step" : "after step " + run.step(row);
    const order = kind === "step" && run.order.has(event) ? ", " + run.text(run.order.get(event)) : "";
    const time = run.time.has(event) ? ", clock " + (run.time.get(event) / 1e6).toFixed(3) + " ms" : "";
    const side = page.runs.length === 2 ? run.letter + " " : "";
    return [make("h2", {}, side + step + ", " + run.who(run.context(row))),
        make("p", {class: "action " + kind}, run.row_text(row)), make("p", {class: "dim"},
            (kind === "step" ? run.text(run.events.kind[event]) + order : kind) + time)];
}

function other_contexts(run, row) {
    const event = run.event(row);
    const can = run.raw.sets[run.events.enabled[event]];
    const left = run.preempted.get(row);
    const words = [];
    if (left !== undefined) {
        words.push(make("p", {class: "preempted"}, run.contexts[left].name + " was preempted just before it."));
    }
    if (can.length !== 0) {
        words.push(make("p", {}, "Could have run instead: " + can.map((c) => run.contexts[c].name).join(", ")));
    }
    return words;
}

function source_view(run, frame) {
    const found = run.source(frame.file, frame.line);
    if (found === null) {
        return make("p", {class: "dim"}, frame.line === 0 ? "no line is known"
            : `${frame.file}:${frame.line} (the source was not there when this report was made)`);
    }
    const lines = found.lines.map((text, i) => {
        const number = found.first + i;
        const here = number === frame.line;
        return make("span", {class: here ? "code here" : "code", "aria-current": here ? "true" : null},
            make("span", {class: "number"}, String(number).padStart(4) + (here ? " \u25b8 " : "   ")), text === "" ? " " : text);
    });
    return make("figure", {}, make("figcaption", {}, frame.file + ":" + frame.line), make("pre", {class: "source"}, ...lines));
}

// The stack of the step; a frame shows its source. At first: the innermost that is no primitive.
function stack_view(run, row) {
    const stack = run.stack_of_row(row);
    if (stack.length === 0) {
        return [];
    }
    const first = Math.max(0, stack.findIndex((f) => !f.plumbing));
    const view = make("div", {}, source_view(run, stack[first]));
    const items = stack.map((frame, i) => {
        const button = make("button", {class: frame.plumbing ? "frame plumbing" : "frame", "aria-pressed": String(i === first),
            title: frame.name, on_click: () => {
                items.forEach((item) => item.firstChild.setAttribute("aria-pressed", item.firstChild === button));
                view.replaceChildren(source_view(run, frame));
            }}, frame.short, make("span", {class: "dim"}, " " + frame.file.split("/").pop() + ":" + frame.line));
        return make("li", {}, button);
    });
    return [view, make("ol", {class: "stack", "aria-label": "call stack, innermost first"}, ...items)];
}

function state_list(run, changes, last, changed) {
    const titles = {lock: "Locks", reference: "References", state: "States", packet: "Packets", memory: "Memory",
        value: "Other values"};
    const state = changes.until(last);
    const groups = Object.keys(titles).map((group) => {
        const entries = [...state].filter(([, s]) => s.group === group && !(group === "lock" && s.value === "free"));
        const rows = entries.map(([thing, s]) => make("tr", {class: changed.has(thing) ? "just" : null},
            make("th", {scope: "row"}, make("button", {class: "thing", title: "show only its events",
                on_click: () => filter_object(thing)}, thing)), make("td", {}, s.value)));
        if (rows.length === 0) {
            return group === "lock" && changes.things("lock").length !== 0
                ? make("p", {class: "dim"}, "No lock is held.") : null;
        }
        const table = make("table", {class: "state " + group}, ...rows);
        return group === "value" || group === "memory"
            ? make("details", {}, make("summary", {}, `${titles[group]} (${rows.length})`), table)
            : make("div", {}, make("h4", {}, titles[group]), table);
    });
    return groups;
}

// What became of the packet, each with the step after which it did.
function life_view(run, number, here) {
    const life = life_of_packet(run, number);
    return life.length < 2 ? [] : [make("ol", {class: "life", "aria-label": "what becomes of P" + number},
        ...life.map(([event, words]) => make("li", {class: event === here ? "here" : null},
            step_link(run, run.events.step[event], "step " + run.events.step[event]), " " + words)))];
}

function packet_view(run, row) {
    const event = run.event(row);
    const kind = run.text(run.events.kind[event]);
    if (run.kind(row) !== "remark" || !["packet", "fate"].includes(kind)) {
        return [];
    }
    const number = run.packet.get(event) || 0;
    const life = number === 0 ? [] : life_view(run, number, event);
    if (run.bytes.has(event)) {
        return [...life, ...frame_view(run.text(run.bytes.get(event)))];
    }
    if (kind === "fate") {
        return life;
    }
    const object = run.text(run.events.object[event]);
    const text = (object === "" ? "" : object + ": ") + run.text(run.events.detail[event]);
    return [make("dl", {class: "layers"}, ...packet_layers(text).flatMap(([layer, words]) =>
        [make("dt", {}, layer), make("dd", {}, words)]))];
}

// The same step in the other run.
function partner_view(run, row) {
    if (page.runs.length !== 2) {
        return [];
    }
    const other = page.runs[1 - run.index];
    const words = [];
    if (row === page.lines.divergence[run.index] && row !== 0) {
        words.push(make("p", {class: "divergence"}, "Here the two executions part."));
    }
    const step = run.kind(row) === "step" ? run.step(row) : 0;
    const partner = step === 0 ? 0 : page.partner[run.index][step];
    if (step !== 0) {
        words.push(partner === 0 ? make("p", {}, `${other.letter} has no such step.`)
            : make("p", {}, "In " + other.letter + " it is ", step_link(other, partner, "step " + partner), ": ",
                page.same[run.index].has(step) ? "all that led to it is the same." : "something else led to it."));
    }
    return words;
}

function evidence_view(run, row) {
    const labels = run.evidence_of_row.get(row) || [];
    const finding = run.kind(row) === "finding" ? run.findings[run.rows.event[row]] : null;
    const words = labels.map((label) => make("p", {class: "proof"}, "Evidence: " + label));
    if (finding !== null) {
        words.push(make("p", {}, finding.message));
    }
    return words;
}

function draw_panel() {
    const now = current_row();
    const panel = by_id("panel");
    if (now === null) {
        panel.replaceChildren(make("p", {}, "Nothing passes the filters."));
        return;
    }
    const {run, row, line} = now;
    const changes = page.changes[run.index];
    if (line.fold !== undefined) {
        const last = line.inside.map((i) => page.lines.base[i].rows[run.index]).filter((r) => r >= 0).pop();
        panel.replaceChildren(make("h2", {}, "Folded steps"),
            make("button", {on_click: open_fold}, "Open (Enter)"),
            section("State behind them", ...state_list(run, changes, events_of_row(run, last)[1], new Set())));
        return;
    }
    const [first, last] = events_of_row(run, row);
    const did = changes.between(first, last);
    const step = run.kind(row) === "step" ? run.step(row) : 0;
    panel.replaceChildren(...[make("div", {class: "headline"}, ...headline(run, row), ...evidence_view(run, row),
        ...partner_view(run, row)),
    section("Packet", ...packet_view(run, row)),
    section("Changed here", change_table(did)),
    // Not "happens after": the trace also orders accesses of the same memory, which may be a race.
    section("Depends on", step_list(run, run.before.get(step) || [])),
    section("Depend on it", step_list(run, run.behind.get(step) || [])),
    section("Schedule", ...other_contexts(run, row)),
    section("Where", ...stack_view(run, row)),
    section("State so far", ...state_list(run, changes, last, new Set(did.map((c) => c.thing))))]
        .filter((part) => part !== null));
    panel.scrollTop = 0;
}
