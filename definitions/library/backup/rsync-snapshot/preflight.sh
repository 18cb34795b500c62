# Is everything there for a snapshot with rsync? With $INITIALISE the folder of the repository is made.
if [ ! -d "$REPOSITORY" ]; then
  [ "$INITIALISE" = true ] || { echo "Cannot find the repository $REPOSITORY: there is no such folder" >&2; exit 1; }
  mkdir -p -m 0700 "$REPOSITORY"
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# What has changed since the newest snapshot is copied, the rest is linked.
newest=1970-01-01
[ ! -e "$REPOSITORY/latest" ] || newest=@$(stat -c %Y "$REPOSITORY/latest/snapshot.json")
printf %s "$SOURCE" | jq -r '.[]' | while IFS= read -r source; do
  [ -e "$source" ] || { echo "Cannot read $source: it is not there" >&2; exit 1; }
  find "$source" -type f -newerct "$newest" -printf '%s\n'
done >"$work/sizes"
jq -nc --arg version "$(rsync --version | head -n 1 | awk '{ print $3 }')" --argjson free "$(df --output=avail -B1 "$REPOSITORY" | tail -n 1)" \
  --argjson needed "$(awk '{ sum += $1 } END { printf "%.0f", sum }' "$work/sizes")" --argjson clock "$(date +%s%3N)" \
  '{toolVersion: $version, freeBytes: $free, neededBytes: $needed, clockMs: $clock}'
