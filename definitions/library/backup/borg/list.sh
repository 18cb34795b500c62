# Archives, newest first, $COUNT after the first $OFFSET; those of other services of Mainstay are left out.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export BORG_CACHE_DIR="$work/cache" BORG_SECURITY_DIR="$work/security" BORG_RELOCATED_REPO_ACCESS_IS_OK=yes BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes
# It tells times without their zone.
TZ=UTC borg list --bypass-lock --json --format '{comment}' | jq -c --arg service "$SERVICE" --argjson offset "$OFFSET" --argjson count "$COUNT" '
  .archives
  | map((.comment | split(" ")) as [$by, $of, $set, $bytes]
    | select($by != "mainstay" or $of == $service)
    | {setId: .name, label: (if $by == "mainstay" then $set else "" end),
       atMs: ((.time[:19] + "Z" | fromdateiso8601) * 1000 + (.time[20:23] | if . == "" then 0 else tonumber end)),
       kind: "full", parent: "", sizeBytes: (if $by == "mainstay" then $bytes | tonumber else 0 end)})
  | sort_by(-.atMs)[$offset:$offset + $count]'
