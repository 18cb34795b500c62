# Is everything there for a backup? With $INITIALISE a repository is made where there is none.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! borg list --bypass-lock --json --format '{comment}' >"$work/list" 2>"$work/err"; then
  if [ "$INITIALISE" = true ] && grep -q 'does not exist' "$work/err"; then
    if [ -n "$BORG_PASSPHRASE" ]; then borg init -e repokey-blake2 >&2; else borg init -e none >&2; fi
    echo '{"archives": []}' >"$work/list"
  else
    echo "Cannot open the repository $BORG_REPO: $(tail -n 1 "$work/err")" >&2
    exit 1
  fi
fi
# What the newest backup of the service did not see, or everything.
newest=$(jq -r --arg comment "mainstay $SERVICE " '[.archives[] | select(.comment | startswith($comment)) | .time] | max // "1970-01-01"' "$work/list")
printf %s "$SOURCE" | jq -r '.[]' | while IFS= read -r source; do
  [ -e "$source" ] || { echo "Cannot read $source: it is not there" >&2; exit 1; }
  find "$source" -type f -newerct "$newest" -printf '%s\n'
done >"$work/sizes"
needed=$(awk '{ sum += $1 } END { printf "%.0f", sum }' "$work/sizes")
case $BORG_REPO in
  /*) free=$(df --output=avail -B1 "$BORG_REPO" | tail -n 1) ;;
  # What is free behind a URL nobody can tell: it is not the reason to stop.
  *) free=$needed ;;
esac
jq -nc --arg version "$(borg --version | cut -d ' ' -f 2)" --argjson free "$free" --argjson needed "$needed" --argjson clock "$(date +%s%3N)" \
  '{toolVersion: $version, freeBytes: $free, neededBytes: $needed, clockMs: $clock}'
