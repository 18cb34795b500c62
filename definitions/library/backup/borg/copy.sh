# Makes $OFFSITE, a folder that is empty or a copy already, like the repository, and looks at it afterwards.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for folder in "$BORG_REPO" "$OFFSITE"; do
  case $folder in /*) [ -d "$folder" ] || { echo "Cannot find $folder: there is no such folder" >&2; exit 1; } ;; *) echo "Cannot copy to or from $folder: only folders can be" >&2; exit 1 ;; esac
done
id() { sed -n 's/^id = //p' "$1/config" 2>/dev/null; }
[ -z "$(ls -A "$OFFSITE")" ] || [ "$(id "$OFFSITE")" = "$(id "$BORG_REPO")" ] || { echo "Cannot write to $OFFSITE: it is no copy of $BORG_REPO" >&2; exit 1; }
borg with-lock :: rsync -a --delete --exclude /lock.exclusive --exclude /lock.roster -- "$BORG_REPO/" "$OFFSITE/" >&2
export BORG_REPO="$OFFSITE" BORG_CACHE_DIR="$work/cache" BORG_SECURITY_DIR="$work/security" BORG_RELOCATED_REPO_ACCESS_IS_OK=yes BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes
code=0
borg check -v --repository-only >"$work/err" 2>&1 || code=$?
borg list --json >"$work/list"
{
  [ "$code" -eq 0 ] && grep -q 'no problems found' "$work/err" || tail -n 19 "$work/err"
  jq -e --arg set "$SET" 'any(.archives[]; .name == $set)' "$work/list" >/dev/null || echo "archive $SET is not in $OFFSITE"
} | cut -c 1-300 | jq -Rnc --arg set "$SET" '[inputs] | {setId: $set, intact: (length == 0), problems: .}'
