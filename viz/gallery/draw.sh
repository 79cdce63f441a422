#!/usr/bin/env bash
# draw.sh HEDDLE - makes the pictures of viz/gallery.md from real races: explores a variant, takes the token of the
# finding that tells most, the first of the report, and shows it. `./dev gallery` builds the command and calls this.
set -u -o pipefail
heddle=$(readlink -f "$1")
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" || exit 1

# name of the file, race, variant, what else `heddle show` is told
pictures=(
    "forward.svg|forward|late_wait|--as graph --rows 24"
    "forward_slice.svg|forward|late_wait|--as slice"
    "forward_packet.svg|forward|late_wait|--as packet --packet P1"
    "rule_lifetime.svg|commit|borrowed_rule|--as lifetime"
    "rule_commit.svg|commit|borrowed_rule|--as graph --rows 24"
    "sleep_locked.svg|change_detached|sleep_locked|--as graph --rows 20"
    "forward_locks.svg|forward|late_wait|--as locks"
    "sleep_locked.txt|change_detached|sleep_locked|--as mail"
    "forward.mmd|forward|late_wait|--as mermaid --rows 16"
    "queued_packet.svg|queued|no_barrier|--as packet --packet P1"
)

declare -A token_of
for row in "${pictures[@]}"; do
    IFS='|' read -r file race variant options <<<"$row"
    key=$race/$variant
    if [ -z "${token_of[$key]-}" ]; then
        token_of[$key]=$("$heddle" explore "$race" --variant "$variant" --json -q | tail -n 1 |
            grep -o '"token":"[^"]*"' | head -n 1 | cut -d '"' -f 4)
    fi
    [ -n "${token_of[$key]}" ] || { printf 'gallery: %s finds nothing\n' "$key" >&2; exit 1; }
    # shellcheck disable=SC2086  # several words
    "$heddle" show "${token_of[$key]}" $options -o "$file" || exit 1
done
# The tree of a whole exploration, not of one execution. That the variant fails is what it is there for.
"$heddle" explore proxy_delete --variant unlinked_entry --strategy bounded --preemptions 3 --tree proxy_tree.svg -q >/dev/null || exit 1
rm -f ./*.gv
# Links to sources are relative to the root.
sed -i 's|xlink:href="\([a-z]\)|xlink:href="../../\1|g' ./*.svg
