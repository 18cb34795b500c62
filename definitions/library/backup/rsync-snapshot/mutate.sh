# Flips one byte of $SET, in a copy of that snapshot.
[ ! -L "$DIRECTORY" ] && [ "$(cat "$DIRECTORY/.mainstay-place" 2>/dev/null)" = "$LABEL" ] || {
  echo "Cannot corrupt anything in $DIRECTORY: it is no place of $LABEL" >&2
  exit 1
}
answer() {
  jq -nc --arg repository "$1" --arg what "$2" '{applied: ($what != ""), repository: $repository, what: $what}'
  exit 0
}
# The other mutations are made in what was restored.
[ "$MUTATION" = flipped-bytes ] || answer '' ''
copy=$DIRECTORY/repository
rm -rf "$copy"
mkdir -m 0700 "$copy"
# Not a link: the snapshot shares its files with others.
cp -a --reflink=auto -- "$REPOSITORY/$SET" "$copy/$SET"
file=$(find "$copy/$SET/data" -type f -size +0c ! -name '*
*' | LC_ALL=C sort | awk -v seed="$SEED" 'BEGIN { srand(seed) } { line[NR] = $0 } END { if (NR) print line[int(rand() * NR) + 1] }')
[ -n "$file" ] || { echo "Cannot corrupt $SET: it holds no file with a content" >&2; exit 1; }
offset=$(($(stat -c %s -- "$file") / 2))
byte=$(od -An -tu1 -j "$offset" -N 1 -- "$file" | tr -d ' ')
printf "\\$(printf %o $((byte ^ 255)))" | dd of="$file" bs=1 seek="$offset" conv=notrunc 2>/dev/null
answer "$copy" "byte $offset of ${file#"$copy"/}"
