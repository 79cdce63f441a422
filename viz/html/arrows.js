// arrows.js - what happens before the current step, and what it happens before, as curves over the table.

// Where the row's text begins, in the coordinates of the svg; null if no line shows it.
function place_of(side, row) {
    const n = row === undefined ? -1 : page.lines.line_of[side][row];
    if (n < 0) {
        return null;
    }
    const run = page.runs[side];
    const layout = page.layout[side];
    const width = by_id("sizer").clientWidth;
    const columns = getComputedStyle(by_id("heads")).gridTemplateColumns.split(" ").map(parseFloat);
    const before = (side === 0 ? 0 : 1 + page.layout[0].columns) + 1;
    const lane = layout.joined ? 0 : layout.lanes.findIndex((l) => l.contexts.includes(run.context(row)));
    const x = columns.slice(0, before + Math.max(0, lane)).reduce((a, b) => a + b, 0);
    return {x: Math.min(x + 3, width), y: (n + 0.5) * line_height - by_id("grid").scrollTop, n};
}

function draw_arrow(svg, from, to, kind, steps) {
    if (from === null || to === null || from.n === to.n) {
        return;
    }
    const height = by_id("grid").clientHeight;
    const away = Math.abs(from.x - to.x) < 8 ? 26 : 0;
    const cut = (y) => Math.max(-40, Math.min(height + 40, y));
    const [y1, y2] = [cut(from.y), cut(to.y)];
    const bend = Math.min(80, Math.abs(y2 - y1) / 2);
    const curve = `M ${from.x} ${y1} C ${from.x - away} ${y1 + Math.sign(y2 - y1) * bend}, ` +
        `${to.x - away} ${y2 - Math.sign(y2 - y1) * bend}, ${to.x} ${y2}`;
    svg.append(make_svg("path", {d: curve, class: "arrow " + kind, "marker-end": `url(#head-${kind})`}));
    svg.append(make_svg("circle", {cx: from.x, cy: y1, r: 3, class: "dot " + kind}));
    // An end that is not on the screen is named at the edge.
    [from, to].forEach(({x, y}, end) => {
        if (y < 0 || y > height) {
            svg.append(make_svg("text", {x: x + 6, y: y < 0 ? 12 : height - 5, class: "beyond " + kind}, "step " + steps[end]));
        }
    });
}

function draw_arrows() {
    const svg = by_id("arrows");
    svg.replaceChildren();
    const grid = by_id("grid");
    svg.style.transform = `translateY(${grid.scrollTop}px)`;
    svg.setAttribute("width", by_id("sizer").clientWidth);
    svg.setAttribute("height", grid.clientHeight);
    const heads = make_svg("defs", {});
    for (const kind of ["before", "behind", "proof"]) {
        const head = make_svg("marker", {id: "head-" + kind, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7,
            markerHeight: 7, orient: "auto"});
        head.append(make_svg("path", {d: "M 0 0 L 8 4 L 0 8 z", class: "head " + kind}));
        heads.append(head);
    }
    svg.append(heads);
    const now = current_row();
    if (now === null) {
        return;
    }
    const {run, side, row} = now;
    const here = place_of(side, row);
    const step = run.kind(row) === "step" && now.line.fold === undefined ? run.step(row) : 0;
    // Evidence has its own arrow.
    const proves = (from, to) => run.findings.some((f) => f.step === to && f.evidence.some((e) => e.step === from));
    for (const other of (run.before.get(step) || []).filter((from) => !proves(from, step))) {
        draw_arrow(svg, place_of(side, run.row_of_step[other]), here, "before", [other, step]);
    }
    for (const other of (run.behind.get(step) || []).filter((to) => !proves(step, to))) {
        draw_arrow(svg, here, place_of(side, run.row_of_step[other]), "behind", [step, other]);
    }
    run.findings.forEach((finding) => {
        const found = run.row_of_step[finding.step];
        const about = [found, ...finding.evidence.map((e) => e.row)];
        if (about.includes(row) || (run.kind(row) === "finding" && run.findings[run.rows.event[row]] === finding)) {
            finding.evidence.forEach((e) => draw_arrow(svg, place_of(side, e.row), place_of(side, found), "proof",
                [e.step, finding.step]));
        }
    });
}
