# Flips one byte of $SET, in a copy of the repository.
[ ! -L "$DIRECTORY" ] && [ "$(cat "$DIRECTORY/.mainstay-place" 2>/dev/null)" = "$LABEL" ] || {
  echo "Cannot corrupt anything in $DIRECTORY: it is no place of $LABEL" >&2
  exit 1
}
answer() {
  jq -nc --arg repository "$1" --arg what "$2" '{applied: ($what != ""), repository: $repository, what: $what}'
  exit 0
}
# The one of the lines of stdin that the seed names.
choose() { awk -v seed="$SEED" 'BEGIN { srand(seed) } { line[NR] = $0 } END { if (NR) print line[int(rand() * NR) + 1] }'; }
# The other mutations are made in what was restored.
[ "$MUTATION" = flipped-bytes ] || answer '' ''
case $RESTIC_REPOSITORY in
  /*) ;;
  *) echo "Cannot copy $RESTIC_REPOSITORY: only a repository in a folder can be corrupted in a copy" >&2; exit 1 ;;
esac
copy=$DIRECTORY/repository
rm -rf "$copy"
cp -a --reflink=auto -- "$RESTIC_REPOSITORY" "$copy"
export RESTIC_REPOSITORY="$copy"
# Every pack of a repository holds many blobs: only one that this snapshot needs makes it another one.
read_() { restic --no-cache --no-lock cat "$@"; }
blobs() {
  read_ blob "$1" | jq -r '.nodes[]? | (.content // [])[], (.subtree // empty | "tree \(.)")' | while read -r kind tree; do
    if [ "$kind" = tree ]; then blobs "$tree"; else echo "$kind"; fi
  done
}
tree=$(restic --no-cache --no-lock snapshots --json | jq -r --arg set "$SET" '.[]? | select(.id == $set) | .tree')
[ -n "$tree" ] || { echo "Cannot corrupt $SET: it is not in the repository" >&2; exit 1; }
blob=$(blobs "$tree" | head -n 5000 | sort -u | choose)
[ -n "$blob" ] || { echo "Cannot corrupt $SET: it holds no file with a content" >&2; exit 1; }
found=$(restic --no-cache --no-lock list index | while read -r index; do
  read_ index "$index" | jq -r --arg blob "$blob" '.packs[] | .id as $pack | .blobs[] | select(.id == $blob) | "\($pack) \(.offset) \(.length)"'
done | head -n 1)
pack=${found%% *} range=${found#* }
offset=$((${range% *} + ${range#* } / 2))
file=$(find "$copy/data" -name "$pack" -type f)
chmod u+w "$file"
byte=$(od -An -tu1 -j "$offset" -N 1 "$file" | tr -d ' ')
printf "\\$(printf %o $((byte ^ 255)))" | dd of="$file" bs=1 seek="$offset" conv=notrunc 2>/dev/null
answer "$copy" "byte $offset of pack $pack"
