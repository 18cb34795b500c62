# Flips bytes in a copy of the repository: one of every 2 KiB of its segments, since nobody can tell which of them $SET needs.
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
case $BORG_REPO in
  /*) ;;
  *) echo "Cannot copy $BORG_REPO: only a repository in a folder can be corrupted in a copy" >&2; exit 1 ;;
esac
copy=$DIRECTORY/repository
rm -rf "$copy"
cp -a --reflink=auto -- "$BORG_REPO" "$copy"
chmod -R u+w "$copy"
what=$(python3 - "$copy" "$SEED" <<'PYTHON'
import os, random, sys
copy, seed = sys.argv[1], int(sys.argv[2])
offsets = random.Random(seed)
flipped = segments = 0
for folder, _, names in sorted(os.walk(os.path.join(copy, 'data'))):
    for name in sorted(names):
        path = os.path.join(folder, name)
        size = os.path.getsize(path)
        if size < 2048:
            continue
        segments += 1
        with open(path, 'r+b') as file:
            for start in range(0, size - 2047, 2048):
                # The first bytes are the mark of a segment: without it the file is none.
                at = start + offsets.randrange(64, 2048)
                file.seek(at)
                byte = file.read(1)[0]
                file.seek(at)
                file.write(bytes([byte ^ 255]))
                flipped += 1
print(f'{flipped} bytes in {segments} segments' if flipped else '')
PYTHON
)
[ -n "$what" ] || { echo "Cannot corrupt $SET: the repository has no segment of 2 KiB" >&2; exit 1; }
answer "$copy" "$what"
