# Snapshots of the service, and folders that nobody knows; newest first, $COUNT after the first $OFFSET.
cd "$REPOSITORY"
find . -mindepth 1 -maxdepth 1 -type d ! -name '.*' -printf '%f\t%T@\n' | while IFS="$(printf '\t')" read -r name time; do
  if [ -f "$name/snapshot.json" ]; then jq -c --arg name "$name" '. + {setId: $name}' "$name/snapshot.json"
  else jq -nc --arg name "$name" --argjson time "${time%.*}" --arg service "$SERVICE" '{setId: $name, label: "", atMs: ($time * 1000), sizeBytes: 0, service: $service}'; fi
done | jq -sc --arg service "$SERVICE" --argjson source "$SOURCE" --argjson offset "$OFFSET" --argjson count "$COUNT" '
  map(select(.service == $service or .source == $source)
    | {setId, label: (if .service == $service then .label else "" end), atMs, kind: "full", parent: "", sizeBytes})
  | sort_by(-.atMs)[$offset:$offset + $count]'
