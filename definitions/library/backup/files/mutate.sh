# Corrupts one of the files that were restored into data below $DIRECTORY, if that is the place of $LABEL.
fail() { echo "Cannot corrupt what was restored: $1" >&2; exit 1; }
[ ! -L "$DIRECTORY" ] && [ "$(cat "$DIRECTORY/.mainstay-place" 2>/dev/null)" = "$LABEL" ] || fail "$DIRECTORY is no place of $LABEL"
answer() {
  jq -nc --arg what "$1" '{applied: ($what != ""), what: $what}'
  exit 0
}
# The file that the seed names, among those that a digest holds.
choose() {
  spared=$(mktemp)
  printf %s "$SPARED" | jq -r '.[] | select(. != "")' >"$spared"
  while IFS= read -r path; do set -- "$@" ! -path "$DIRECTORY/data$path" ! -path "$DIRECTORY/data$path/*"; done <"$spared"
  rm "$spared"
  find "$DIRECTORY/data" -type f "$@" ! -name "*
*" | LC_ALL=C sort | awk -v seed="$SEED" 'BEGIN { srand(seed) } { line[NR] = $0 } END { if (NR) print line[int(rand() * NR) + 1] }'
}
case $MUTATION in
  truncated-file)
    file=$(choose -size +0c)
    [ -n "$file" ] || fail 'it holds no file with a content'
    size=$(($(stat -c %s -- "$file") / 2))
    truncate -s "$size" -- "$file"
    answer "$file, cut at byte $size" ;;
  missing-file)
    file=$(choose)
    [ -n "$file" ] || fail 'it holds no file'
    rm -- "$file"
    answer "$file is gone" ;;
  wrong-system)
    [ -n "$IDENTITY" ] || fail 'no file of it tells the system: name one as identityFile'
    [ ! -L "$DIRECTORY/data$IDENTITY" ] || fail "$IDENTITY is a link"
    echo 'another system' >"$DIRECTORY/data$IDENTITY"
    answer "$IDENTITY is that of another system" ;;
esac
answer ''
