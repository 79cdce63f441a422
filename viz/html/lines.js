// lines.js - which lines the table has: rows, folds, what the filters leave.

class Lines {
    constructor(runs, data) {
        this.runs = runs;
        this.base = runs.length === 1 ? Array.from({length: runs[0].row_count}, (_, r) => ({rows: [r]}))
                                      : paired_lines(runs[0], runs[1], data.pairs);
        this.divergence = runs.length === 1 ? [] : runs.map((run, i) => run.row_of_step[data.divergence[i]] || 0);
        this.told = this.find_told();
        this.open = new Set();  // first base line of each fold that was opened
        this.list = [];
    }

    // The base lines of the story, and what surrounds the first divergence.
    find_told() {
        const told = new Uint8Array(this.base.length);
        const stories = this.runs.map((run) => new Set(run.raw.story));
        this.base.forEach((line, i) => {
            told[i] = line.rows.some((row, side) => row >= 0 && stories[side].has(row)) ? 1 : 0;
            if (line.rows.some((row, side) => row > 0 && this.divergence[side] === row)) {
                told.fill(1, Math.max(0, i - 2), i + 3);
            }
        });
        return told;
    }

    // `passes(run, row)` and whether rows that do not pass are gone for good (flat) or may be folded.
    build(mode, flat, passes, hidden) {
        this.list = [];
        const has = this.base.map((line) => line.rows.some((row, side) =>
            row >= 0 && !hidden(this.runs[side], row) && (!flat || passes(this.runs[side], row))));
        for (let i = 0; i < this.base.length; ++i) {
            if (!has[i]) {
                continue;
            }
            if (flat || mode === "all" || this.told[i]) {
                this.list.push({rows: this.base[i].rows, base: i});
                continue;
            }
            let end = i;
            while (end < this.base.length && (!this.told[end] || !has[end])) {
                ++end;
            }
            this.add_gap(i, end, has);
            i = end - 1;
        }
        this.index();
        return this.list;
    }

    add_gap(from, end, has) {
        const inside = [];
        let steps = 0;
        for (let i = from; i < end; ++i) {
            if (has[i]) {
                inside.push(i);
                steps += this.base[i].rows.some((row, side) =>
                    row >= 0 && this.runs[side].kind(row) === "step") ? 1 : 0;
            }
        }
        if (steps === 0) {
            return;  // calls only: they are told by what happens in them
        }
        if (this.open.has(from) || inside.length === 1) {
            inside.forEach((i) => this.list.push({rows: this.base[i].rows, base: i, inside: from}));
            return;
        }
        this.list.push({fold: from, base: inside[0], inside, rows: this.base[inside[0]].rows,
            parts: this.runs.map((run, side) => fold_parts(run, inside.map((i) => this.base[i].rows[side])))});
    }

    // line_of[side][row]: the line that shows or hides the row, -1: none. And where a function begins.
    index() {
        this.line_of = this.runs.map((run) => new Int32Array(run.row_count).fill(-1));
        const last = this.runs.map(() => new Map());
        const ran = this.runs.map(() => -1);  // whose row was the last
        this.list.forEach((line, n) => {
            const bases = line.fold === undefined ? [line.base] : line.inside;
            bases.forEach((i) => this.base[i].rows.forEach((row, side) => {
                if (row >= 0) {
                    this.line_of[side][row] = n;
                }
            }));
            line.names = line.rows.map((row, side) => {
                if (row < 0 || line.fold !== undefined) {
                    return false;
                }
                const run = this.runs[side];
                const context = run.context(row);
                const name = run.row_function(row);
                const changed = last[side].get(context) !== name || ran[side] !== context;
                last[side].set(context, name);
                ran[side] = context;
                return changed && name !== "" && ["step", "blocked"].includes(run.kind(row));
            });
            if (line.fold !== undefined) {
                line.parts.forEach((parts, side) => parts.forEach((p) => {
                    last[side].delete(p.context);
                    ran[side] = -1;
                }));
            }
        });
    }

    // Opens the fold that hides a row; false where nothing hides it.
    open_to(side, row) {
        const line = this.list[this.line_of[side][row]];
        if (line === undefined || line.fold === undefined) {
            return false;
        }
        this.open.add(line.fold);
        return true;
    }
}

// Per context: how many steps are hidden, and the innermost function that all of them share.
function fold_parts(run, rows) {
    const parts = new Map();
    for (const row of rows) {
        if (row === undefined || row < 0 || run.kind(row) !== "step") {
            continue;
        }
        const context = run.context(row);
        const names = run.stack_of_row(row).reverse();
        const part = parts.get(context);
        if (part === undefined) {
            parts.set(context, {context, steps: 1, first: row, names});
            continue;
        }
        ++part.steps;
        let same = 0;
        while (same < Math.min(part.names.length, names.length) && part.names[same].name === names[same].name) {
            ++same;
        }
        part.names.length = same;
    }
    for (const part of parts.values()) {
        const telling = part.names.filter((f) => !f.plumbing);
        part.name = telling.length === 0 ? "" : telling[telling.length - 1].short;
    }
    return [...parts.values()];
}
