# Is everything there for a backup? With $INITIALISE a repository is made where there is none.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$(restic version | cut -d ' ' -f 2)
[ -n "$RESTIC_PASSWORD" ] || { echo 'Cannot open a repository of restic: it has no password' >&2; exit 1; }
snapshots() { restic --no-cache --no-lock snapshots --json --host "$SERVICE" --tag mainstay; }
if ! snapshots >"$work/snapshots" 2>"$work/err"; then
  if [ "$INITIALISE" = true ] && grep -qi 'unable to open config file\|does not exist' "$work/err"; then
    restic init >/dev/null
    echo '[]' >"$work/snapshots"
  else
    echo "Cannot open the repository $RESTIC_REPOSITORY: $(tail -n 1 "$work/err")" >&2
    exit 1
  fi
fi
# What the newest backup of the service did not see, or everything.
newest=$(jq -r '[(. // [])[].time] | max // "1970-01-01"' "$work/snapshots")
needed=$(printf %s "$SOURCE" | jq -r '.[]' | while IFS= read -r source; do
  [ -e "$source" ] || { echo "Cannot read $source: it is not there" >&2; exit 1; }
  find "$source" -type f -newerct "$newest" -printf '%s\n'
done >"$work/sizes"; awk '{ sum += $1 } END { printf "%.0f", sum }' "$work/sizes")
case $RESTIC_REPOSITORY in
  /*) free=$(df --output=avail -B1 "$RESTIC_REPOSITORY" | tail -n 1) ;;
  # What is free behind a URL nobody can tell: it is not the reason to stop.
  *) free=$needed ;;
esac
jq -nc --arg version "$version" --argjson free "$free" --argjson needed "$needed" --argjson clock "$(date +%s%3N)" \
  '{toolVersion: $version, freeBytes: $free, neededBytes: $needed, clockMs: $clock}'
