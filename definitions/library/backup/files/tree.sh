# Says what the paths of $SOURCE (a JSON list) hold, below $BASE (empty: where they are): a digest over names, types, modes and contents,
# one for each entry of a path, and the number of files. Paths of $VOLATILE and the heartbeat are left out.
# With $BEFORE, an earlier answer, only what is as it was then remains, and what changed is named. With $AGAINST, another base, the answer is what differs there.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LC_ALL=C QUOTING_STYLE=c
now=$(date +%s%3N)
words() { printf %s "$1" | jq -r '.[]'; }
fail() { echo "Cannot read $1: $2" >&2; exit 1; }

# find over one path, seen from its base: without what changes by itself, and without sockets, which no backup holds.
look() {
  path=.$1; shift
  set -- '(' "$@" ')'
  { words "$VOLATILE"; [ -z "$HEARTBEAT" ] || echo "$HEARTBEAT"; } >"$work/volatile"
  while IFS= read -r skipped; do set -- '!' '(' -path ".$skipped" -prune ')' "$@"; done <"$work/volatile"
  find "$path" ! -type s "$@"
}
# Of $1: a line for each entry below it, "path<tab>type and mode", and one for each file, "path<tab>digest".
entries() {
  cd "${1:-/}"
  words "$SOURCE" | while IFS= read -r source; do
    if [ ! -e ".$source" ] && [ ! -L ".$source" ]; then
      [ -n "$1" ] || fail "$source" 'it is not there'
      continue
    fi
    look "$source" -print0 | xargs -0r stat --printf '%N\t%F %a\n' -- 2>>"$work/errors" |
      sed 's/^"\.\(.*\)" -> "\(.*\)"\t/\1\t-> \2 /; s/^"\.\(.*\)"\t/\1\t/; s/regular empty file/regular file/' || true
    look "$source" -type f -print0 | xargs -0r sha256sum -- 2>>"$work/errors" |
      sed 's/\t/\\t/g; s/^\\\{0,1\}\([0-9a-f]*\)  \.\(.*\)$/\2\t\1/' || true
  done | sort
  # What went away meanwhile is no error: it makes the answer another one.
  if grep -v 'No such file or directory' "$work/errors" >&2; then fail "$SOURCE" 'not everything is readable'; fi
}
: >"$work/errors"
entries "$BASE" >"$work/all"

if [ -n "$AGAINST" ]; then
  entries "$AGAINST" >"$work/other"
  [ -s "$work/other" ] || fail "$AGAINST" 'nothing is there'
  # Both lines of a file differ with its digest only: one text for each path.
  texts() { awk -F '\t' '{ text[$1] = text[$1] " " substr($2, 1, 60) } END { for (path in text) print path "\t" substr(text[path], 2) }' "$1" | sort; }
  texts "$work/all" >"$work/live"
  texts "$work/other" >"$work/restored"
  join -t "$(printf '\t')" -a 1 -a 2 -e absent -o 0,1.2,2.2 "$work/live" "$work/restored" | awk -F '\t' '$2 != $3' | head -n 200 |
    jq -Rnc '{differences: [inputs | split("\t") | {name: .[0], live: .[1], restored: .[2]}]}'
  exit 0
fi

# The parts: each source, or each entry directly below it. Too many of them tell less than they take.
words "$SOURCE" >"$work/sources"
mkdir "$work/part"
awk -F '\t' -v folder="$work/part" -v names="$work/names" '
  NR == FNR { sources[FNR] = $0; next }
  {
    part = ""
    for (i in sources) if (index($1 "/", sources[i] "/") == 1) part = sources[i]
    rest = substr($1, length(part) + 2)
    if (rest != "") { sub("/.*", "", rest); part = part "/" rest }
    if (!(part in number)) { if (++parts > 100) exit; number[part] = parts; print part > names }
    print > (folder "/" number[part])
  }' "$work/sources" "$work/all"
printf '{}' >"$work/sums"
if [ "$(wc -l <"$work/names" 2>/dev/null || echo 101)" -le 100 ]; then
  number=0; while IFS= read -r part; do
    number=$((number + 1))
    printf '%s\t%s\n' "$part" "$(sha256sum <"$work/part/$number" | cut -c 1-32)"
  done <"$work/names" | jq -Rnc '[inputs | split("\t") | {(.[0]): .[1]}] | add // {}' >"$work/sums"
  # The answer comes back as $BEFORE, and one word to a program holds 128 KiB: very long names are too many as well.
  [ "$(wc -c <"$work/sums")" -le 65536 ] || printf '{}' >"$work/sums"
fi
line() { if [ -n "$1" ] && [ -f "$BASE$1" ]; then head -n 1 "$BASE$1"; fi; }
heartbeat=$(line "$HEARTBEAT" | tr -cd 0-9)
[ -z "$IDENTITY" ] || [ -n "$BASE" ] || [ -f "$IDENTITY" ] || fail "$IDENTITY" 'it is not there'
# What was written since the earlier answer, as it is now; of what was removed only the part that it was in is known.
: >"$work/changed"
since=$(printf %s "$BEFORE" | jq -r '.takenAtMs // empty')
if [ -n "$since" ]; then
  # To the second before: some file systems keep no finer times. What goes away meanwhile makes find end with 1: the next path is looked at all the same.
  # Names may hold anything but a NUL: they are spelled as the entries have them, and a line is a file.
  (cd "${BASE:-/}" && words "$SOURCE" | while IFS= read -r source; do
    [ ! -e ".$source" ] || look "$source" -type f -newerct "@$((since / 1000 - 1))" -printf '%s\t%T@\t%p\0' || true
  done) | sed -z 's/\\/\\\\/g; s/\n/\\n/g; s/\r/\\r/g; s/\t/\\t/3g' | tr '\0' '\n' >"$work/changed"
fi
jq -nc --argjson now "$now" --argjson heartbeat "${heartbeat:-0}" --arg system "$(line "$IDENTITY")" --slurpfile sums "$work/sums" \
  --arg tree "$(sha256sum <"$work/all" | cut -d ' ' -f 1)" --argjson files "$(awk -F '\t' 'length($2) == 64' "$work/all" | wc -l)" '
  {takenAtMs: $now, heartbeatAtMs: $heartbeat, system: $system, counts: {files: $files}, sums: $sums[0], tree: $tree, files: $files}' >"$work/after"
# What changed comes line by line, and only what is named of it is held: a busy tree has millions of files.
jq -Rnc --slurpfile manifest "$work/after" --argjson before "$BEFORE" '
  $manifest[0] as $after
  | if $before == null then $after elif $before.tree == $after.tree then $before else
      ($before.sums + $after.sums | [keys[] | select($before.sums[.] != $after.sums[.])]) as $parts
      | reduce (
          inputs | split("\t") | {path: .[2][1:], sizeBytes: (.[0] | tonumber), modifiedAtMs: (.[1] | tonumber * 1000 | floor)}
          # Written just before the earlier answer is not changed since: its part is as it was.
          | select(.path as $path | $before.sums == {} or any($parts[]; . as $part | $path + "/" | startswith($part + "/")))
        ) as $file ({parts: $parts[:20], files: [], fileCount: 0};
          .fileCount += 1 | if .fileCount > 20 then . else .files += [$file | .path |= .[:300]] end)
      | . as $changed | $before
      | .changedWhileRead = $changed
      | .tree = "" | .sums |= with_entries(select($after.sums[.key] == .value)) | .counts = {}
    end' "$work/changed"
