# Is the snapshot $SET intact? Its files are read and compared with their digests (V1), or with the source (V2).
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
answer() {
  # $1: percent that was read; stdin: problems
  head -n 20 | cut -c 1-300 | jq -Rnc --argjson percent "$1" '[inputs | select(. != "")] | {intact: (length == 0), readPercent: $percent, problems: .}'
  exit 0
}
[ -d "$REPOSITORY" ] || { echo "Cannot find the repository $REPOSITORY: there is no such folder" >&2; exit 1; }
folder=$REPOSITORY/$SET
if [ ! -f "$folder/digests" ] || [ ! -d "$folder/data" ]; then echo "snapshot $SET is not whole, or not there" >"$work/problems"; answer 0 <"$work/problems"; fi
cd "$folder/data"
# The share of the lines that the seed names, at least one.
sample() { awk -v seed="$SEED" 'BEGIN { srand(seed) } { printf "%.9f\t%s\n", rand(), $0 }' ../digests | sort -n | cut -f 2- | head -n "$1"; }
total=$(wc -l <../digests)

if [ "$LEVEL" = V1 ]; then
  count=$(((total * READ_PERCENT + 99) / 100))
  [ "$count" -gt 0 ] || count=$((total > 0))
  sample "$count" >"$work/sample"
  {
    # As many files as digests, whatever was sampled.
    [ "$(find . -type f | wc -l)" -eq "$total" ] || echo "$(find . -type f | wc -l) files, and $total digests"
    [ "$count" -eq 0 ] || sha256sum --check --quiet --strict "$work/sample" 2>&1 || true
  } >"$work/problems"
  answer $((total > 0 ? 100 * count / total : 100)) <"$work/problems"
fi

compared=0
sample "$total" | cut -c 67- | head -n 500 >"$work/candidates"
while IFS= read -r path && [ "$compared" -lt 20 ]; do
  [ "$(stat -c '%Y %s' -- "$path" 2>/dev/null || true)" = "$(stat -c '%Y %s' -- "${path#.}" 2>/dev/null || echo gone)" ] || continue
  compared=$((compared + 1))
  cmp -s -- "$path" "${path#.}" || echo "${path#.} is not what the source holds" >>"$work/problems"
done <"$work/candidates"
[ "$compared" -gt 0 ] || { echo "Cannot compare with the source: none of its files is as it was at the backup" >&2; exit 1; }
touch "$work/problems"
answer 0 <"$work/problems"
