# Extracts the archive $SET into data below $DIRECTORY, if that is the place of $LABEL.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A copy of a repository has the id of the original: what is known of that one is left out.
export BORG_CACHE_DIR="$work/cache" BORG_SECURITY_DIR="$work/security" BORG_RELOCATED_REPO_ACCESS_IS_OK=yes BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes
answer() {
  # $1: fault, $2: reason, $3: bytes
  jq -nc --arg fault "$1" --arg reason "$2" --arg path "$DIRECTORY/data" --argjson bytes "${3:-0}" \
    '{restored: ($fault == ""), fault: $fault, reason: $reason, path: (if $fault == "" then $path else "" end), bytes: $bytes, earliestMs: 0, latestMs: 0}'
  exit 0
}
[ ! -L "$DIRECTORY" ] && [ "$(cat "$DIRECTORY/.mainstay-place" 2>/dev/null)" = "$LABEL" ] ||
  answer place "Cannot restore into $DIRECTORY: it is no place of $LABEL"
[ "$TARGET" -le 0 ] || { echo "Cannot restore the state of $TARGET: files are there as they were backed up, at no time between" >&2; exit 1; }
# Whatever an earlier attempt has left.
rm -rf "$DIRECTORY/data"
mkdir -m 0700 "$DIRECTORY/data"
code=0
(cd "$DIRECTORY/data" && borg extract --numeric-ids "::$SET") >"$work/out" 2>"$work/err" || code=$?
cat "$work/err" >&2
if [ "$code" -ne 0 ]; then
  if grep -i 'is incorrect\|acquire the lock\|^repository .* does not exist\|connection\|permission denied\|no space left' "$work/err" >&2; then exit 1; fi
  answer backup "borg extract ended with $code: $(grep -im 1 error "$work/err" | cut -c 1-500)"
fi
answer '' '' "$(find "$DIRECTORY/data" -type f -printf '%s\n' | awk '{ sum += $1 } END { printf "%.0f", sum }')"
