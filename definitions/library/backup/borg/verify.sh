# Is the archive $SET intact? borg reads every segment of its repository whatever share is asked for; all data are decrypted where that is 100.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export BORG_CACHE_DIR="$work/cache" BORG_SECURITY_DIR="$work/security" BORG_RELOCATED_REPO_ACCESS_IS_OK=yes BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes
answer() {
  # $1: percent that was read; stdin: problems
  head -n 20 | cut -c 1-300 | jq -Rnc --argjson percent "$1" '[inputs | select(. != "")] | {intact: (length == 0), readPercent: $percent, problems: .}'
  exit 0
}
surroundings() {
  if grep -i 'is incorrect\|acquire the lock\|does not exist\|connection\|permission denied\|no space left' "$work/err" >&2; then exit 1; fi
}
borg list --json >"$work/list" 2>"$work/err" || { surroundings; answer 0 <"$work/err"; }
if ! jq -e --arg set "$SET" 'any(.archives[]; .name == $set)' "$work/list" >/dev/null; then
  echo "archive $SET is not in the repository" >"$work/problems"
  answer 0 <"$work/problems"
fi

if [ "$LEVEL" = V1 ]; then
  # Of data that were changed in the archives' own names only reading all of them tells.
  how=--repository-only
  [ "$READ_PERCENT" -lt 100 ] || how=--verify-data
  code=0
  borg check -v "$how" >"$work/out" 2>"$work/err" || code=$?
  surroundings
  {
    # Without a word of success it is none, whatever the exit code.
    [ "$code" -eq 0 ] || echo "borg check ended with $code"
    grep -q 'repository check, no problems found' "$work/err" || echo 'borg check did not say that the repository has no errors'
    [ "$how" = --repository-only ] || grep -q 'Archive consistency check complete, no problems found' "$work/err" || echo 'borg check did not say that the archives have no problems'
    grep -i 'integrity\|checksum\|corrupt\|missing\|error' "$work/err" | grep -v '^Starting\|no problems found\| 0 integrity errors' || true
  } >"$work/problems"
  answer 100 <"$work/problems"
fi

# V2: files that are as they were are compared with the source, at most twenty.
borg list --format '{type}{TAB}{size}{TAB}{isomtime}{TAB}{path}{NL}' "::$SET" >"$work/files" 2>"$work/err" || { surroundings; answer 0 <"$work/err"; }
awk -F '\t' -v seed="$SEED" 'BEGIN { srand(seed) } $1 == "-" && $2 < 67108864 { printf "%.9f\t%s\n", rand(), $0 }' "$work/files" | sort -n | cut -f 3- | head -n 200 >"$work/candidates"
set --
compared=0
while IFS="$(printf '\t')" read -r size time path && [ "$compared" -lt 20 ]; do
  [ "$(stat -c '%Y %s' -- "/$path" 2>/dev/null || true)" = "$(date -d "$time" +%s) $size" ] || continue
  compared=$((compared + 1))
  set -- "$@" "$path"
  echo "$path" >>"$work/sample"
done <"$work/candidates"
[ "$compared" -gt 0 ] || { echo "Cannot compare with the source: none of its files is as it was at the backup" >&2; exit 1; }
mkdir "$work/restored"
(cd "$work/restored" && borg extract "::$SET" "$@") 2>"$work/err" || surroundings
{
  cat "$work/err"
  while IFS= read -r path; do cmp -s "$work/restored/$path" "/$path" || echo "/$path is not what the source holds"; done <"$work/sample"
} >"$work/problems"
answer 0 <"$work/problems"
