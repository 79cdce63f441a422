// pairs.js - two executions beside each other: which rows stand on one line.

// The longest rising subsequence of `values`, as positions.
function longest_rising(values) {
    const ends = [];  // ends[n]: position of the smallest value that ends a rising sequence of n + 1
    const previous = new Array(values.length).fill(-1);
    values.forEach((value, i) => {
        let low = 0;
        let high = ends.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (values[ends[middle]] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        previous[i] = low === 0 ? -1 : ends[low - 1];
        ends[low] = i;
    });
    const out = [];
    for (let i = ends.length === 0 ? -1 : ends[ends.length - 1]; i >= 0; i = previous[i]) {
        out.push(i);
    }
    return out.reverse();
}

// Steps that both runs do are on one line where their order allows it. Where the order of two pairs is
// not the same in both, one of them is on one line; the other pair is linked.
function paired_lines(a, b, partner) {
    const steps = [];
    for (let step = 1; step < partner.length; ++step) {
        if (partner[step] !== 0) {
            steps.push(step);
        }
    }
    const kept = longest_rising(steps.map((step) => partner[step])).map((i) => steps[i]);
    const lines = [];
    let next_a = 0;
    let next_b = 0;
    for (const step of kept) {
        const row_a = a.row_of_step[step];
        const row_b = b.row_of_step[partner[step]];
        add_between(a, next_a, row_a, b, next_b, row_b, lines);
        lines.push({rows: [row_a, row_b]});
        next_a = row_a + 1;
        next_b = row_b + 1;
    }
    add_between(a, next_a, a.row_count, b, next_b, b.row_count, lines);
    return lines;
}

// Rows between two pairs: remarks and calls that read the same share a line, too.
function add_between(a, from_a, to_a, b, from_b, to_b, lines) {
    const key = (run, row) => run.kind(row) === "step" || run.kind(row) === "finding" ? null
        : run.contexts[run.context(row)].name + "\n" + run.row_text(row);
    let row_b = from_b;
    for (let row_a = from_a; row_a < to_a; ++row_a) {
        const wanted = key(a, row_a);
        let found = -1;
        for (let r = row_b; wanted !== null && r < Math.min(to_b, row_b + 8) && found < 0; ++r) {
            found = key(b, r) === wanted ? r : -1;
        }
        if (found < 0) {
            lines.push({rows: [row_a, -1]});
            continue;
        }
        while (row_b < found) {
            lines.push({rows: [-1, row_b++]});
        }
        lines.push({rows: [row_a, row_b++]});
    }
    while (row_b < to_b) {
        lines.push({rows: [-1, row_b++]});
    }
}
