// state.js - the state so far: what every lock, counter and object is after an event.

class Changes {
    constructor(run) {
        const flat = run.raw.changes;
        this.count = flat.length / 5;
        this.flat = flat;
        this.run = run;
        this.groups = new Map();  // thing -> group, as it was first seen
        for (let i = 0; i < this.count; ++i) {
            const c = this.at(i);
            if (!this.groups.has(c.thing)) {
                this.groups.set(c.thing, c.group);
            }
        }
    }

    at(i) {
        const [event, group, thing, before, after] = this.flat.slice(5 * i, 5 * i + 5);
        return {event, group: state_groups[group], thing: this.run.text(thing), before: this.run.text(before),
            after: this.run.text(after)};
    }

    // Index of the first change of an event that is not before `event`.
    from(event) {
        let low = 0;
        let high = this.count;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (this.flat[5 * middle] < event) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    // Those of the events first..last.
    between(first, last) {
        const out = [];
        for (let i = this.from(first); i < this.count && this.flat[5 * i] <= last; ++i) {
            out.push(this.at(i));
        }
        return out;
    }

    // thing -> {group, value, event} after `last`.
    until(last) {
        const state = new Map();
        const end = this.from(last + 1);
        for (let i = 0; i < end; ++i) {
            const at = 5 * i;
            state.set(this.flat[at + 2], i);
        }
        return new Map([...state].map(([thing, i]) => {
            const c = this.at(i);
            return [this.run.text(thing), {group: c.group, value: c.after, event: c.event}];
        }));
    }

    things(group) {
        return [...this.groups].filter(([, g]) => g === group).map(([thing]) => thing);
    }
}

// The events that belong to a row: a step has the remarks behind it that tell what it changed.
function events_of_row(run, row) {
    const first = run.event(row);
    let last = first;
    if (run.kind(row) === "step") {
        while (last + 1 < run.events.step.length && run.remark.has(last + 1) &&
               run.events.context[last + 1] === run.events.context[first] &&
               ["state", "alloc", "free"].includes(run.text(run.events.kind[last + 1]))) {
            ++last;
        }
    }
    return [first, last];
}
