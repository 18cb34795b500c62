# The restored cluster takes the place of the live one (`ready`, `swap`), and leaves it again (`back`); `settle` ends that, `compare` comes before.
# What is moved away keeps its files: `$PG_PATH.mainstay-$LABEL` is the original until it is settled.
# That of dash reads backslashes, and JSON has some.
echo() { printf '%s\n' "$*"; }
original=$PG_PATH.mainstay-$LABEL
restored=$DIRECTORY/data
fail() { echo "$*" >&2; exit 1; }
runs() { [ -d "/proc/$(head -1 -- "$1/postmaster.pid" 2>/dev/null || echo none)" ]; }

# Both stand still, and nothing of the restored one lies in the place.
ready() {
  [ "$(cat -- "$DIRECTORY/.mainstay-place" 2>/dev/null)" = "$LABEL" ] || fail "Cannot swap: the marker in $DIRECTORY is not that of $LABEL"
  [ -s "$restored/PG_VERSION" ] || fail "Cannot swap: there is no cluster in $restored"
  [ ! -e "$restored/recovery.signal" ] || fail "Cannot swap: the restored cluster has not ended its recovery"
  [ "$(find "$restored/pg_tblspc" -type l | head -1)" = '' ] || fail "Cannot swap: tablespaces of the restored cluster lie in the place"
  [ ! -e "$original" ] || fail "Cannot swap: $original is there already"
}

swap() {
  if [ -e "$original" ] && [ ! -e "$restored" ]; then return; fi
  ready
  if runs "$PG_PATH" || runs "$restored"; then fail 'Cannot swap: a server still runs'; fi
  cp -a --reflink=auto -- "$restored" "$PG_PATH.new-$LABEL"
  # Its settings are those of the live one, not those that it was restored with.
  for file in postgresql.conf postgresql.auto.conf pg_hba.conf pg_ident.conf; do
    rm -f -- "$PG_PATH.new-$LABEL/$file"
    [ ! -e "$PG_PATH/$file" ] || cp -a -- "$PG_PATH/$file" "$PG_PATH.new-$LABEL/$file"
  done
  mv -T -- "$PG_PATH" "$original"
  mv -T -- "$PG_PATH.new-$LABEL" "$PG_PATH"
}

# Whatever was done of it.
back() {
  if [ -e "$original" ]; then
    [ ! -e "$PG_PATH" ] || mv -T -- "$PG_PATH" "$PG_PATH.new-$LABEL"
    mv -T -- "$original" "$PG_PATH"
  fi
  rm -rf -- "$PG_PATH.new-$LABEL"
}

# The original is what swap has put away under this name, and nothing else.
settle() {
  case $ORIGINAL in *.mainstay-"$LABEL") ;; *) fail "Cannot remove $ORIGINAL: it is not the original of $LABEL" ;; esac
  [ ! -e "$ORIGINAL" ] || [ -s "$ORIGINAL/PG_VERSION" ] || fail "Cannot remove $ORIGINAL: it is not a cluster"
  if runs "$ORIGINAL"; then fail "Cannot remove $ORIGINAL: a server runs on it"; fi
  rm -rf -- "$ORIGINAL"
  [ ! -e "$ORIGINAL" ] && echo true
}

compare() {
  jq -nc --argjson live "$LIVE" --argjson restored "$RESTORED" '{differences: [($live.counts + $restored.counts | keys_unsorted[]) as $name
    | {name: $name, live: ($live.counts[$name] // null), restored: ($restored.counts[$name] // null), sums: [$live.sums[$name], $restored.sums[$name]]}
    | select(.live != .restored or .sums[0] != .sums[1])
    | {name, live: (if .live == null then "not there" else "\(.live) rows, sum \(.sums[0])" end),
        restored: (if .restored == null then "not there" else "\(.restored) rows, sum \(.sums[1])" end)}] | .[:200]}'
}

cd /
"$@" </dev/null
