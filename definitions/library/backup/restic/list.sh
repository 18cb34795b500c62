# Snapshots of the service, and of anybody of the same paths; newest first, $COUNT after the first $OFFSET.
restic --no-cache --no-lock snapshots --json | jq -c --arg service "$SERVICE" --argjson source "$SOURCE" --argjson offset "$OFFSET" --argjson count "$COUNT" '
  def milliseconds:
    capture("^(?<time>.{19})(?<fraction>\\.[0-9]+)?(?<zone>Z|[+-][0-9:]+)$")
    | (.time + "Z" | fromdateiso8601) * 1000 + ((.fraction // ".0" | "0" + .[0:4] | tonumber) * 1000 | round)
      - (if .zone == "Z" then 0 else (.zone[1:3] | tonumber) * 3600000 + (.zone[4:6] | tonumber) * 60000 end) * (if .zone[0:1] == "-" then -1 else 1 end);
  def tagged($name): [(.tags // [])[] | select(startswith($name + ":")) | .[($name | length) + 1:]] | first // "";
  (. // [])
  | map(select(.hostname == $service or .paths == $source))
  | map({
      setId: .id,
      label: (if .hostname == $service and ((.tags // []) | index("mainstay")) then tagged("label") else "" end),
      atMs: (.time | milliseconds), kind: "full", parent: "", sizeBytes: (tagged("bytes") | if . == "" then 0 else tonumber end)})
  | sort_by(-.atMs)[$offset:$offset + $count]'
