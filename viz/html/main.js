// main.js - begins: reads the data, draws, and ties everything together.

function link_of(run, row) {
    const side = page.runs.length === 2 ? run.letter + "." : "";
    return run.kind(row) === "step" ? `#${side}step=${run.step(row)}` : `#${side}row=${row}`;
}

// Makes a line the current one.
function select_line(n, quiet) {
    page.line = n;
    reveal(n);
    draw_lines();
    draw_panel();
    const now = current_row();
    if (now === null) {
        return;
    }
    page.side = now.side;
    if (!quiet) {
        history.replaceState(null, "", link_of(now.run, now.row));
    }
    say(now.line.fold !== undefined ? "folded steps"
        : by_id("panel").querySelector("h2").textContent + ": " + now.run.row_text(now.row));
}

// Makes the line of a row the current one, opens what hides it.
function select_row(side, row, quiet) {
    page.side = side;
    if (page.lines.line_of[side][row] < 0) {
        clear_filters();
    }
    if (page.lines.open_to(side, row)) {
        refresh();
    }
    const n = page.lines.line_of[side][row];
    if (n < 0) {
        page.mode = "all";
        refresh();
    }
    select_line(Math.max(0, page.lines.line_of[side][row]), quiet);
}

function go_to_step(text) {
    const run = page.runs[page.side];
    const step = parseInt(text, 10);
    if (!(step >= 1 && step <= run.steps)) {
        say(`there are steps 1 to ${run.steps}`);
        return;
    }
    select_row(page.side, run.row_of_step[step]);
}

function follow_hash() {
    const found = /^#(?:([AB])\.)?(step|row)=(\d+)$/.exec(location.hash);
    if (found === null) {
        return false;
    }
    const side = found[1] === "B" && page.runs.length === 2 ? 1 : 0;
    const run = page.runs[side];
    const number = parseInt(found[3], 10);
    const row = found[2] === "step" ? run.row_of_step[number] : number;
    if (row === undefined || row >= run.row_count || (found[2] === "step" && number === 0)) {
        say("no such step: " + number);
        return false;
    }
    select_row(side, row, true);
    return true;
}

// After filters or folds have changed: the current row stays the current one if it can.
function refresh() {
    const now = page.lines.list.length === 0 ? null : current_row();
    page.lines.build(page.mode, is_filtered(), passes, is_hidden);
    make_layout();
    draw_heads();
    show_toolbar();
    let n = now === null ? 0 : page.lines.line_of[now.side][now.row];
    if (n < 0) {  // the nearest that is left
        const after = page.lines.list.findIndex((line) => line.base >= now.line.base);
        n = after < 0 ? page.lines.list.length - 1 : after;
    }
    select_line(Math.max(0, n));
}

function filter_object(thing) {
    by_id("object").value = object_of(thing);
    page.filters.object = object_of(thing);
    refresh();
}

function draw_findings() {
    const parts = page.runs.flatMap((run) => {
        const name = page.runs.length === 2 ? run.letter + ": " : "";
        if (run.findings.length === 0) {
            return [make("p", {class: "none"}, name + "nothing was found in this execution")];
        }
        const sorted = [...run.findings].sort((a, b) => (b.main ? 1 : 0) - (a.main ? 1 : 0));
        return sorted.map((finding, i) => finding_view(run, finding, name, i === 0));
    });
    if (page.runs.length === 2) {
        const rows = page.lines.divergence.map((row, side) => row === 0 ? null
            : step_link(page.runs[side], page.runs[side].step(row), "go there in " + page.runs[side].letter));
        parts.push(make("p", {class: "divergence"}, make("b", {}, "First divergence: "),
            page.data.why || "none: the same steps in the same order of what depends on each other", " ",
            ...rows.filter((link) => link !== null).flatMap((link) => [link, " "])));
    }
    by_id("findings").replaceChildren(...parts);
}

// "after step 46 in ..." with its steps as links.
function with_links(run, text) {
    return text.split(/(\bstep \d+\b)/).map((part) => {
        const found = /^step (\d+)$/.exec(part);
        return found === null ? part : step_link(run, parseInt(found[1], 10), part);
    });
}

function finding_view(run, finding, name, open) {
    const [first, ...lines] = finding.why;
    const list = make("dl", {}, ...lines.flatMap(([label, text]) => [make("dt", {}, label),
        make("dd", {}, ...with_links(run, text))]));
    const details = make("details", {class: "finding"}, make("summary", {}, name, make("b", {}, finding.title)),
        make("p", {}, ...with_links(run, first[1])), list);
    details.open = open;
    details.addEventListener("toggle", () => draw_lines());
    return details;
}

function draw_title() {
    const [a, b] = page.runs;
    const name = (run) => run.raw.subject + (run.raw.variant === "" ? "" : ", " + run.raw.variant);
    const facts = (run) => counted(run.steps, "step") + ", " + counted(run.lanes.reduce((n, l) => n + l.contexts.length, 0),
        "context") + ", " + counted(run.preempted.size, "preemption");
    by_id("title").textContent = b === undefined ? name(a) : `A: ${name(a)} | B: ${name(b)}`;
    by_id("facts").textContent = b === undefined ? facts(a) : `A: ${facts(a)} | B: ${facts(b)}`;
    for (const run of page.runs) {
        run.raw.drift.forEach((line) => by_id("names").append(make("p", {class: "drift"}, "drift: " + line)));
    }
}

const themes = ["system", "light", "dark"];

function set_theme(theme) {
    page.theme = theme;
    document.documentElement.dataset.theme = theme;
    by_id("theme").textContent = "Theme: " + theme;
}

function tie_buttons() {
    const run = () => page.runs[page.side];
    by_id("copy-token").addEventListener("click", () => copy_text(run().raw.token, "token"));
    by_id("copy-replay").addEventListener("click", () => copy_text(run().raw.replay, "replay command"));
    by_id("copy-link").addEventListener("click", () => copy_text(location.href, "link"));
    by_id("save-trace").addEventListener("click", () => {
        const url = URL.createObjectURL(new Blob([trace_text(run())], {type: "application/jsonl"}));
        make("a", {href: url, download: run().raw.subject.replace(/\W+/g, "_") + ".jsonl"}).click();
    });
    by_id("copy-token").hidden = run().raw.token === "";
    by_id("show-help").addEventListener("click", show_help);
    by_id("theme").addEventListener("click", () => set_theme(themes[(themes.indexOf(page.theme) + 1) % 3]));
    by_id("grid").addEventListener("scroll", draw_lines, {passive: true});
    by_id("grid").addEventListener("click", on_click);
    document.addEventListener("keydown", on_key);
    window.addEventListener("hashchange", follow_hash);
    new ResizeObserver(() => {
        make_layout();
        draw_heads();
        draw_lines();
    }).observe(by_id("table"));
}

function on_click(event) {
    const line = event.target.closest(".line");
    if (line === null) {
        return;
    }
    const n = parseInt(line.id.slice(5), 10);
    if (page.runs.length === 2) {
        page.side = event.clientX - by_id("grid").getBoundingClientRect().left > by_id("sizer").clientWidth / 2 ? 1 : 0;
    }
    const again = n === page.line;
    select_line(n);
    if (page.lines.list[n].fold !== undefined && again) {
        open_fold();
    }
    by_id("grid").focus({preventScroll: true});
}

// Where a reader begins: at the main finding.
function first_row_of_interest() {
    const run = page.runs[0];
    const main = run.findings.find((finding) => finding.main);
    return main !== undefined && main.step !== 0 ? run.row_of_step[main.step] : 0;
}

function begin() {
    page.data = JSON.parse(by_id("data").textContent);
    page.runs = page.data.runs.map((raw, index) => new Run(raw, index));
    page.changes = page.runs.map((run) => new Changes(run));
    if (page.runs.length === 2) {
        const partner_of_b = new Array(page.runs[1].steps + 1).fill(0);
        page.data.pairs.forEach((other, step) => { partner_of_b[other] = step; });
        page.partner = [page.data.pairs, partner_of_b];
        const same = new Set(page.data.same);
        page.same = [same, new Set([...same].map((step) => page.data.pairs[step]))];
    }
    page.lines = new Lines(page.runs, page.data);
    set_theme("system");
    draw_title();
    fill_toolbar();
    draw_findings();
    tie_buttons();
    const hash = location.hash;
    refresh();
    history.replaceState(null, "", hash === "" ? location.pathname : hash);
    if (!follow_hash()) {
        select_row(0, first_row_of_interest(), true);
    }
    by_id("grid").focus({preventScroll: true});
}

begin();
