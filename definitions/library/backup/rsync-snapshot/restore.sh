# Copies the snapshot $SET into data below $DIRECTORY, if that is the place of $LABEL, and compares every file with its digest.
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
[ -d "$REPOSITORY" ] || { echo "Cannot find the repository $REPOSITORY: there is no such folder" >&2; exit 1; }
[ -f "$REPOSITORY/$SET/digests" ] && [ -d "$REPOSITORY/$SET/data" ] || answer backup "snapshot $SET is not whole, or not there"
# Whatever an earlier attempt has left.
rm -rf "$DIRECTORY/data"
cp -a --reflink=auto -- "$REPOSITORY/$SET/data" "$DIRECTORY/data"
cd "$DIRECTORY/data"
[ "$(find . -type f | wc -l)" -eq "$(wc -l <"$REPOSITORY/$SET/digests")" ] ||
  answer backup "$(find . -type f | wc -l) files, and $(wc -l <"$REPOSITORY/$SET/digests") digests"
if [ -s "$REPOSITORY/$SET/digests" ] && ! sha256sum --check --quiet --strict "$REPOSITORY/$SET/digests" >"$work/out" 2>&1; then
  answer backup "digests differ: $(head -n 3 "$work/out" | tr '\n' ' ' | cut -c 1-500)"
fi
answer '' '' "$(find . -type f -printf '%s\n' | awk '{ sum += $1 } END { printf "%.0f", sum }')"
