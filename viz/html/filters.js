// filters.js - the toolbar: which contexts, object, lock, packet, text; the table follows.

function names_of_contexts() {
    const seen = new Map();
    for (const run of page.runs) {
        run.lanes.forEach((lane) => lane.contexts.forEach((c) => {
            seen.set(run.contexts[c].name, run.contexts[c].cpu);
        }));
    }
    return [...seen].sort((a, b) => a[1] - b[1]);
}

function fill_contexts() {
    let last = null;
    for (const [name, cpu] of names_of_contexts()) {
        if (cpu !== last) {
            const of_cpu = names_of_contexts().filter(([, c]) => c === cpu).map(([n]) => n);
            by_id("contexts").append(make("button", {class: "cpu", "aria-pressed": "true", "data-cpu": cpu,
                title: "show or hide this CPU", on_click: () => toggle_contexts(of_cpu)},
                cpu === 63 ? "alone" : "cpu" + cpu));
            last = cpu;
        }
        by_id("contexts").append(make("button", {class: "context", "aria-pressed": "true", "data-context": name,
            title: "show or hide " + name, on_click: () => toggle_contexts([name])}, name));
    }
}

function toggle_contexts(names) {
    const {hidden} = page.filters;
    const all_hidden = names.every((name) => hidden.has(name));
    names.forEach((name) => all_hidden ? hidden.delete(name) : hidden.add(name));
    refresh();
}

function fill_objects() {
    const counts = new Map();
    for (const run of page.runs) {
        const {object} = run.events;
        for (let i = 0; i < object.length; ++i) {
            const name = object_of(run.text(object[i]));
            const kind = run.text(run.events.kind[i]);
            if (name !== "" && kind !== "enter" && kind !== "leave") {
                counts.set(name, (counts.get(name) || 0) + 1);
            }
        }
    }
    const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 2000);
    by_id("objects").append(...sorted.map(([name, n]) => make("option", {value: name}, counted(n, "event"))));
}

function fill_choice(id, values) {
    by_id(id).append(make("option", {value: ""}, "any"),
        ...[...new Set(values)].map((value) => make("option", {value}, value)));
    by_id(id).closest("label").hidden = values.length === 0;
}

// A packet's way: what its context does from its arrival to the next one, and what names it.
function ways_of_packets(run) {
    const ways = new Map();
    const carries = [];
    for (let r = 0; r < run.row_count; ++r) {
        const event = run.event(r);
        const kind = run.text(run.events.kind[event]);
        if (run.kind(r) === "remark" && kind === "packet" && !is_going_out(run, event)) {
            carries[run.context(r)] = packet_name(run, event);
        } else if (run.kind(r) === "remark" && kind === "command") {
            carries[run.context(r)] = undefined;
        }
        const name = carries[run.context(r)];
        if (name !== undefined) {
            if (!ways.has(name)) {
                ways.set(name, new Set());
            }
            ways.get(name).add(r);
        }
    }
    return ways;
}

function is_going_out(run, event) {
    return /^\S+ > /.test(run.text(run.events.detail[event])) && run.text(run.events.object[event]) === "";
}

function packet_name(run, event) {
    const text = run.text(run.events.detail[event]) || run.text(run.events.object[event]);
    return text.replace(/^\S+(?: queue \d+)? [<>] /, "");
}

function fill_toolbar() {
    fill_contexts();
    fill_objects();
    fill_choice("lock", page.changes.flatMap((c) => c.things("lock")).sort());
    page.ways = page.runs.map(ways_of_packets);
    fill_choice("packet", page.ways.flatMap((ways) => [...ways.keys()]));
    const take = (id, name) => by_id(id).addEventListener("input", () => {
        page.filters[name] = by_id(id).value.trim();
        refresh();
    });
    take("object", "object");
    take("lock", "lock");
    take("packet", "packet");
    take("search", "text");
    by_id("clear").addEventListener("click", clear_filters);
    by_id("view-story").addEventListener("click", () => set_mode("story"));
    by_id("view-all").addEventListener("click", () => set_mode("all"));
    by_id("goto").addEventListener("change", () => go_to_step(by_id("goto").value));
}

function clear_filters() {
    page.filters = {hidden: new Set(), object: "", lock: "", packet: "", text: ""};
    for (const id of ["object", "lock", "packet", "search"]) {
        by_id(id).value = "";
    }
    refresh();
}

function set_mode(mode) {
    page.mode = mode;
    page.lines.open.clear();
    refresh();
}

function is_filtered() {
    const f = page.filters;
    return f.object !== "" || f.lock !== "" || f.packet !== "" || f.text !== "";
}

// All that a search looks at, in lower case; made once per row.
function searched_text(run, row) {
    run.searched ??= new Array(run.row_count);
    run.searched[row] ??= [run.row_text(row), run.row_function(row), run.contexts[run.context(row)].name,
        ...(run.changes_of_row.get(row) || []), ...(run.evidence_of_row.get(row) || [])].join("\n").toLowerCase();
    return run.searched[row];
}

function passes(run, row) {
    const f = page.filters;
    if (f.object !== "" && !run.objects(row).some((name) => is_part_of(name, f.object))) {
        return false;
    }
    if (f.lock !== "") {
        const [first, last] = events_of_row(run, row);
        const names = run.objects(row).includes(f.lock);
        if (!names && !page.changes[run.index].between(first, last).some((c) => c.thing === f.lock)) {
            return false;
        }
    }
    if (f.packet !== "" && !(page.ways[run.index].get(f.packet) || new Set()).has(row)) {
        return false;
    }
    return f.text === "" || searched_text(run, row).includes(f.text.toLowerCase());
}

function is_hidden(run, row) {
    return page.filters.hidden.has(run.contexts[run.context(row)].name);
}

function show_toolbar() {
    const {hidden} = page.filters;
    for (const button of by_id("contexts").querySelectorAll("[data-context]")) {
        button.setAttribute("aria-pressed", !hidden.has(button.dataset.context));
    }
    for (const button of by_id("contexts").querySelectorAll("[data-cpu]")) {
        const names = names_of_contexts().filter(([, cpu]) => String(cpu) === button.dataset.cpu);
        button.setAttribute("aria-pressed", names.some(([name]) => !hidden.has(name)));
    }
    by_id("view-story").setAttribute("aria-pressed", page.mode === "story" && !is_filtered());
    by_id("view-all").setAttribute("aria-pressed", page.mode === "all" && !is_filtered());
    by_id("clear").hidden = !is_filtered() && hidden.size === 0;
    const rows = page.lines.list.filter((line) => line.fold === undefined).length;
    by_id("shown").textContent = counted(rows, "line") + " of " + page.lines.base.length.toLocaleString("en");
}
