# One backup of the paths of $SOURCE. A tool that fails is an answer only where it has left a snapshot.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf %s "$SOURCE" | jq -r '.[]' >"$work/sources"
set --
while IFS= read -r source; do set -- "$@" "$source"; done <"$work/sources"
bytes=$(find "$@" -type f -printf '%s\n' | awk '{ sum += $1 } END { printf "%.0f", sum }')
printf %s "$EXCLUDE" | jq -r '.[]' >"$work/exclude"
started=$(date +%s%3N)
code=0
restic backup --json --host "$SERVICE" --tag mainstay --tag "label:$LABEL" --tag "bytes:$bytes" \
  --exclude-file "$work/exclude" -- "$@" >"$work/out" 2>"$work/err" || code=$?
ended=$(date +%s%3N)
cat "$work/err" >&2
# 3: some of the source could not be read.
[ "$code" -eq 0 ] || [ "$code" -eq 3 ] || exit 1
snapshot=$(restic --no-cache --no-lock snapshots --json --host "$SERVICE" --tag "mainstay,label:$LABEL" | jq -c '(. // []) | sort_by(.time) | last')
grep '"message_type":"summary"' "$work/out" | tail -n 1 |
  jq -c --argjson code "$code" --argjson snapshot "$snapshot" --argjson started "$started" --argjson ended "$ended" '
    {exitCode: $code, setId: ($snapshot.id // ""), digest: ($snapshot.tree // ""), sizeBytes: .total_bytes_processed, storedBytes: .data_added,
     startedAtMs: $started, endedAtMs: $ended}'
