// data.js - the trace, read from the page: run_data.h says what stands where.

class Run {
    constructor(raw, index) {
        this.raw = raw;
        this.index = index;
        this.letter = "AB"[index];
        this.contexts = raw.contexts;
        this.findings = raw.findings;
        this.events = raw.events;
        this.rows = raw.rows;
        this.row_count = raw.rows.kind.length;
        for (const name of ["remark", "order", "from", "stale", "preemption", "time", "packet", "bytes"]) {
            this[name] = Run.sparse(raw.events[name]);
        }
        this.after = new Map(raw.events.after.map(([event, ...steps]) => [event, steps]));
        this.changes_of_row = this.texts_of(raw.rows.changes);
        this.evidence_of_row = this.texts_of(raw.rows.evidence);
        this.finding_rows = new Set(raw.rows.at);
        this.preempted = Run.sparse(raw.rows.preempted);
        this.index_steps();
        this.index_order();
        this.index_lives();
    }

    static sparse(flat) {
        const map = new Map();
        for (let i = 0; i < flat.length; i += 2) {
            map.set(flat[i], flat[i + 1]);
        }
        return map;
    }

    texts_of(lines) {
        return new Map(lines.map(([row, ...texts]) => [row, texts.map((t) => this.raw.strings[t])]));
    }

    index_steps() {
        this.event_of_step = [0];
        this.row_of_step = [0];
        const {step} = this.events;
        for (let i = 0; i < step.length; ++i) {
            if (!this.remark.has(i)) {
                this.event_of_step[step[i]] = i;
            }
        }
        for (let r = 0; r < this.row_count; ++r) {
            if (this.rows.kind[r] === 0) {
                this.row_of_step[this.rows.step[r]] = r;
            }
        }
        this.steps = this.event_of_step.length - 1;
    }

    // The happens-before edges between contexts, per step, in both directions.
    index_order() {
        this.before = new Map();
        this.behind = new Map();
        const edges = this.raw.edges;
        const add = (map, key, value) => map.has(key) ? map.get(key).push(value) : map.set(key, [value]);
        for (let i = 0; i < edges.length; i += 2) {
            add(this.before, edges[i + 1], edges[i]);
            add(this.behind, edges[i], edges[i + 1]);
        }
    }

    // First and last row of each context: outside it has nothing to say.
    index_lives() {
        this.first_row = [];
        this.last_row = [];
        for (let r = 0; r < this.row_count; ++r) {
            const c = this.rows.context[r];
            this.first_row[c] = this.first_row[c] ?? r;
            this.last_row[c] = r;
        }
        this.lanes = [...new Set(this.first_row.map((first, c) => this.contexts[c].cpu))]
            .sort((a, b) => a - b)
            .map((cpu) => ({cpu, contexts: this.contexts.map((c, i) => i)
                .filter((i) => this.contexts[i].cpu === cpu && this.first_row[i] !== undefined)}))
            .filter((lane) => lane.contexts.length !== 0);
        this.lane_of = [];
        this.lanes.forEach((lane, l) => lane.contexts.forEach((c) => { this.lane_of[c] = l; }));
    }

    text(number) {
        return this.raw.strings[number];
    }
    who(context) {
        const c = this.contexts[context];
        return c.cpu === 63 ? c.name : c.name + " on cpu" + c.cpu;
    }
    kind(row) {
        return row_kinds[this.rows.kind[row]];
    }
    context(row) {
        return this.rows.context[row];
    }
    row_text(row) {
        return this.text(this.rows.text[row]);
    }
    row_function(row) {
        return this.text(this.rows.function[row]);
    }
    // Index of the event behind a row; a finding has none of its own: that of its step.
    event(row) {
        if (this.kind(row) !== "finding") {
            return this.rows.event[row];
        }
        const step = this.findings[this.rows.event[row]].step;
        return step === 0 ? this.events.step.length - 1 : this.event_of_step[step];
    }
    step(row) {
        return this.kind(row) === "finding" ? this.findings[this.rows.event[row]].step : this.rows.step[row];
    }
    // What the events of this row are about: its own, and those of the changes that belong to it.
    objects(row) {
        const first = this.rows.event[row];
        if (this.kind(row) === "finding") {
            return [];
        }
        const names = [this.text(this.events.object[first])];
        for (let i = first + 1; this.kind(row) === "step" && this.remark.has(i); ++i) {
            if (["state", "alloc", "free"].includes(this.text(this.events.kind[i]))) {
                names.push(this.text(this.events.object[i]));
            }
        }
        return names;
    }
    // Innermost first: {name, short, file, line, plumbing}.
    stack(number) {
        const out = [];
        for (let s = number; s !== 0; s = this.raw.stacks[2 * s + 1]) {
            const [name, short, file, line, plumbing] = this.raw.frames[this.raw.stacks[2 * s]];
            out.push({name: this.text(name), short: this.text(short), file: this.text(file), line,
                plumbing: plumbing === 1});
        }
        return out;
    }
    stack_of_row(row) {
        return this.stack(this.kind(row) === "finding" ? this.findings[this.rows.event[row]].stack
                                                       : this.events.stack[this.event(row)]);
    }
    // The lines around a place: {first, lines}, or null.
    source(file, line) {
        const parts = this.raw.sources[file] || [];
        for (let i = 0; i < parts.length; i += 2) {
            const lines = parts[i + 1].split("\n");
            lines.pop();
            if (line >= parts[i] && line < parts[i] + lines.length) {
                const from = Math.max(0, line - parts[i] - 6);
                return {first: parts[i] + from, lines: lines.slice(from, line - parts[i] + 5)};
            }
        }
        return null;
    }
}

// The trace again, byte for byte as heddle writes it.
function trace_text(run) {
    const e = run.events;
    const frames = (number) => run.stack(number).map((f) => [f.name, f.file, f.line]);
    const lines = [];
    const put = (fields) => {
        const kept = Object.entries(fields).filter(([name, v]) =>
            name === "step" || name === "kind" || (v && v.length !== 0));
        lines.push(JSON.stringify(Object.fromEntries(kept)));
    };
    const h = run.raw;
    lines.push(JSON.stringify(Object.assign({heddle_trace: 2},
        Object.fromEntries(["subject", "variant", "strategy", "token", "drift", "cpus"]
            .map((name) => [name, h[name]]).filter(([, v]) => v && v.length !== 0)),
        {contexts: h.contexts.map((c) => Object.assign({name: c.name}, c.cpu ? {cpu: c.cpu} : {},
            c.service ? {service: true} : {})), events: e.step.length, findings: h.findings.length})));
    for (let i = 0; i < e.step.length; ++i) {
        put({step: e.step[i], remark: run.remark.has(i), context: e.context[i], kind: run.text(e.kind[i]),
            object: run.text(e.object[i]), detail: run.text(e.detail[i]),
            order: run.text(run.order.get(i) || 0), stack: frames(e.stack[i]), after: run.after.get(i),
            enabled: h.sets[e.enabled[i]], from: run.from.get(i), stale: run.stale.has(i),
            preemption: run.preemption.has(i), time_ns: run.time.get(i),
            packet: run.packet.get(i), bytes: run.text(run.bytes.get(i) || 0)});
    }
    for (const f of h.findings) {
        const fields = {finding: f.kind, message: f.message, step: f.step, context: f.context,
            stack: frames(f.stack), evidence: f.evidence.map((v) => Object.fromEntries(Object.entries(
                {label: v.label, step: v.step, context: v.context, text: v.told, stack: frames(v.stack)})
                .filter(([, value]) => value && value.length !== 0)))};
        lines.push(JSON.stringify(Object.fromEntries(Object.entries(fields).filter(([name, v]) =>
            name === "finding" || (v && v.length !== 0)))));
    }
    return lines.join("\n") + "\n";
}
