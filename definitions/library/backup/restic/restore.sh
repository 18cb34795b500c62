# Restores the snapshot $SET into data below $DIRECTORY, if that is the place of $LABEL.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
answer() {
  # $1: fault, $2: reason, $3: bytes
  jq -nc --arg fault "$1" --arg reason "$2" --arg path "$DIRECTORY/data" --argjson bytes "${3:-0}" \
    '{restored: ($fault == ""), fault: $fault, reason: $reason, path: (if $fault == "" then $path else "" end), bytes: $bytes, earliestMs: 0, latestMs: 0}'
  exit 0
}
[ ! -L "$DIRECTORY" ] && [ "$(cat "$DIRECTORY/.mainstay-place" 2>/dev/null)" = "$LABEL" ] ||
  answer place "Cannot restore into $DIRECTORY: it is no place of $LABEL"
[ "$TARGET" -le 0 ] || { echo "Cannot restore the state of $TARGET: files are there as they were backed up, at no time between" >&2; exit 1; }
surroundings() {
  if grep -i 'wrong password\|already locked\|no such host\|connection refused\|unable to open config file\|no space left\|permission denied' "$work/err" >&2; then exit 1; fi
}
# Looked for in the list: asked for an id that is not there, restic tries again for a quarter of an hour.
if ! restic --no-cache --no-lock snapshots --json >"$work/snapshots" 2>"$work/err"; then
  surroundings
  answer backup "restic snapshots: $(tail -n 3 "$work/err" | tr '\n' ' ' | cut -c 1-500)"
fi
jq -e --arg set "$SET" 'any(.[]?; .id == $set)' "$work/snapshots" >/dev/null || answer backup "snapshot $SET is not in the repository"
# Whatever an earlier attempt has left.
rm -rf "$DIRECTORY/data"
mkdir -m 0700 "$DIRECTORY/data"
code=0
# The cache may know what the repository has lost.
restic --no-cache restore "$SET" --target "$DIRECTORY/data" --verify >"$work/out" 2>"$work/err" || code=$?
cat "$work/err" >&2
if [ "$code" -ne 0 ] || grep -qi 'ignoring error\|errors' "$work/err"; then
  surroundings
  answer backup "restic restore ended with $code: $(grep -v '^$' "$work/err" | tail -n 3 | tr '\n' ' ' | cut -c 1-500)"
fi
answer '' '' "$(find "$DIRECTORY/data" -type f -printf '%s\n' | awk '{ sum += $1 } END { printf "%.0f", sum }')"
