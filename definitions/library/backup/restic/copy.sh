# Brings the snapshot $SET to the repository $OFFSITE, which must be there, and looks at that afterwards.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export RESTIC_FROM_REPOSITORY="$RESTIC_REPOSITORY" RESTIC_FROM_PASSWORD="$RESTIC_PASSWORD"
export RESTIC_REPOSITORY="$OFFSITE" RESTIC_PASSWORD="${OFFSITE_PASSWORD:-$RESTIC_PASSWORD}"
restic copy "$SET" >&2
# There it has another id.
set_=$(restic --no-cache --no-lock snapshots --json --host "$SERVICE" --tag "mainstay,label:$LABEL" | jq -r '[.[]? | .id] | last // ""')
[ -n "$set_" ] || { echo "Cannot find $SET in $OFFSITE: it was not copied" >&2; exit 1; }
code=0
restic check --read-data-subset="$READ_PERCENT%" >"$work/out" 2>"$work/err" || code=$?
{
  grep -hi 'error\|fatal\|damaged\|not found\|does not match\|mismatch' "$work/err" "$work/out" | grep -v '^no errors were found' || true
  grep -q '^no errors were found' "$work/out" || echo "restic check ended with $code and did not say that there are no errors"
} | head -n 20 | cut -c 1-300 | jq -Rnc --arg set "$set_" '[inputs] | {setId: $set, intact: (length == 0), problems: .}'
