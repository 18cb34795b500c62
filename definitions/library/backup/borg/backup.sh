# One archive of the paths of $SOURCE, named by its label.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf %s "$SOURCE" | jq -r '.[]' >"$work/sources"
# Paths, not patterns: of everything below, too.
printf %s "$EXCLUDE" | jq -r '.[] | "pp:" + .' >"$work/exclude"
set --
while IFS= read -r source; do set -- "$@" "$source"; done <"$work/sources"
bytes=$(find "$@" -type f -printf '%s\n' | awk '{ sum += $1 } END { printf "%.0f", sum }')
started=$(date +%s%3N)
code=0
borg create --json --numeric-ids --exclude-from "$work/exclude" --comment "mainstay $SERVICE $LABEL $bytes" "::mainstay-$LABEL" "$@" >"$work/out" 2>"$work/err" || code=$?
ended=$(date +%s%3N)
cat "$work/err" >&2
# 1: warnings. A file that changes while it is read is what the manifest looks for.
[ "$code" -le 1 ] || exit 1
[ "$code" -eq 0 ] || grep -qv 'file changed while we backed it up$' "$work/err" || code=0
jq -c --argjson code "$code" --argjson started "$started" --argjson ended "$ended" '
  {exitCode: $code, setId: .archive.name, digest: .archive.id, sizeBytes: .archive.stats.original_size, storedBytes: .archive.stats.deduplicated_size,
   startedAtMs: $started, endedAtMs: $ended}' "$work/out"
