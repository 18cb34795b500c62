# Is the snapshot $SET intact? Decided by what restic says: it ends with 0 on a repository with a broken pack that it was not told to read.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
answer() {
  # $1: percent that was read; stdin: problems
  head -n 20 | cut -c 1-300 | jq -Rnc --argjson percent "$1" '[inputs | select(. != "")] | {intact: (length == 0), readPercent: $percent, problems: .}'
  exit 0
}
# These say nothing about the bytes.
surroundings() {
  if grep -i 'wrong password\|already locked\|no such host\|connection refused\|permission denied\|unable to open config file\|no space left' "$1" >&2; then exit 1; fi
}
# Looked for in the list: asked for an id that is not there, restic tries again for a quarter of an hour.
if ! restic --no-cache --no-lock snapshots --json >"$work/snapshots" 2>"$work/err"; then
  surroundings "$work/err"
  answer 0 <"$work/err"
fi
if ! jq -e --arg set "$SET" 'any(.[]?; .id == $set)' "$work/snapshots" >/dev/null; then
  echo "snapshot $SET is not in the repository" >"$work/problems"
  answer 0 <"$work/problems"
fi

if [ "$LEVEL" = V1 ]; then
  read=--read-data
  if [ "$READ_PERCENT" -lt 100 ]; then
    restic --no-cache --no-lock list packs >"$work/packs"
    # Groups of packs by their first byte, as restic makes them: the seed chooses one that is not empty.
    groups=$((100 / (READ_PERCENT > 0 ? READ_PERCENT : 1)))
    while read -r pack; do echo $((0x$(echo "$pack" | cut -c 1-2) % groups + 1)); done <"$work/packs" | sort -nu >"$work/groups"
    group=$(sed -n "$((SEED % $(wc -l <"$work/groups") + 1))p" "$work/groups")
    read=--read-data-subset=$group/$groups
  fi
  code=0
  restic check "$read" >"$work/out" 2>"$work/err" || code=$?
  surroundings "$work/err"
  # read group #1 of 3 data packs (out of total 12 packs in 4 groups)
  percent=$(sed -n 's/^read group #[0-9]* of \([0-9]*\) data packs (out of total \([0-9]*\) packs.*/\1 \2/p' "$work/out" | awk '{ print int(100 * $1 / $2) }')
  {
    grep -i 'error\|fatal\|damaged\|not found\|does not match\|mismatch' "$work/err" "$work/out" -h | grep -v '^no errors were found' || true
    grep -q '^no errors were found' "$work/out" || echo "restic check ended with $code and did not say that there are no errors"
  } >"$work/problems"
  answer "${percent:-100}" <"$work/problems"
fi

# V2: files that are as they were are compared with the source, at most twenty.
restic --no-cache ls --json "$SET" >"$work/ls" 2>"$work/err" || { surroundings "$work/err"; answer 0 <"$work/err"; }
jq -r 'select(.struct_type == "node" and .type == "file" and .size < 67108864) | "\(.mtime)\t\(.size // 0)\t\(.path)"' "$work/ls" |
  awk -v seed="$SEED" 'BEGIN { srand(seed) } { printf "%.9f\t%s\n", rand(), $0 }' | sort -n | cut -f 2- | head -n 200 >"$work/candidates"
set --
compared=0
while IFS="$(printf '\t')" read -r time size path && [ "$compared" -lt 20 ]; do
  [ "$(stat -c '%Y %s' -- "$path" 2>/dev/null)" = "$(date -d "$time" +%s) $size" ] || continue
  compared=$((compared + 1))
  # A name is not a pattern.
  set -- "$@" --include "$(printf %s "$path" | sed 's/[][*?\\]/\\&/g')"
  echo "$path" >>"$work/sample"
done <"$work/candidates"
[ "$compared" -gt 0 ] || { echo "Cannot compare with the source: none of its files is as it was at the backup" >&2; exit 1; }
restic --no-cache restore "$SET" --target "$work/files" "$@" >/dev/null 2>"$work/err" || surroundings "$work/err"
{
  grep -i 'error\|fatal' "$work/err" || true
  while IFS= read -r path; do cmp -s "$work/files$path" "$path" || echo "$path is not what the source holds"; done <"$work/sample"
} >"$work/problems"
answer 0 <"$work/problems"
