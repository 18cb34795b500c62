# Says what the paths of $SOURCE (a JSON list) hold, below $BASE (empty: where they are): a digest over names, types, modes and contents,
# one for each entry of a path, and the number of files. Paths of $VOLATILE and the heartbeat are left out.
# With $BEFORE, an earlier answer, only what is as it was then remains. With $AGAINST, another base, the answer is what differs there.
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
      sed 's/^\\\{0,1\}\([0-9a-f]*\)  \.\(.*\)$/\2\t\1/' || true
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
sums='{}'
if [ "$(wc -l <"$work/names" 2>/dev/null || echo 101)" -le 100 ]; then
  sums=$(number=0; while IFS= read -r part; do
    number=$((number + 1))
    printf '%s\t%s\n' "$part" "$(sha256sum <"$work/part/$number" | cut -c 1-32)"
  done <"$work/names" | jq -Rnc '[inputs | split("\t") | {(.[0]): .[1]}] | add // {}')
fi
line() { if [ -n "$1" ] && [ -f "$BASE$1" ]; then head -n 1 "$BASE$1"; fi; }
heartbeat=$(line "$HEARTBEAT" | tr -cd 0-9)
[ -z "$IDENTITY" ] || [ -n "$BASE" ] || [ -f "$IDENTITY" ] || fail "$IDENTITY" 'it is not there'
jq -nc --argjson now "$now" --argjson heartbeat "${heartbeat:-0}" --arg system "$(line "$IDENTITY")" --argjson sums "$sums" \
  --arg tree "$(sha256sum <"$work/all" | cut -d ' ' -f 1)" --argjson files "$(awk -F '\t' 'length($2) == 64' "$work/all" | wc -l)" --argjson before "$BEFORE" '
  {takenAtMs: $now, heartbeatAtMs: $heartbeat, system: $system, counts: {files: $files}, sums: $sums, tree: $tree, files: $files}
  | if $before == null then . else
      . as $after | $before
      | if .tree == $after.tree then . else
          .tree = "" | .sums |= with_entries(select($after.sums[.key] == .value)) | .counts = {} end
    end'
