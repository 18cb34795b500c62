# Forgets the snapshots of $SETS and no other, and looks at the repository afterwards.
snapshots() { restic --no-cache --no-lock snapshots --json | jq -c '[(. // [])[].id]'; }
stored() { case $RESTIC_REPOSITORY in /*) du -sb "$RESTIC_REPOSITORY" | cut -f 1 ;; *) echo 0 ;; esac; }
[ "$(printf %s "$SETS" | jq 'all(.[]; type == "string" and test("^[0-9a-f]{64}$"))')" = true ] || {
  echo "Cannot forget $SETS: expected whole ids of snapshots" >&2
  exit 1
}
before=$(stored)
present=$(snapshots | jq -r --argjson sets "$SETS" '. - (. - $sets) | join(" ")')
# Without an id it would be a policy, of all snapshots.
[ -z "$present" ] || restic forget --prune $present >&2
code=0
said=$(restic check 2>&1) || code=$?
left=$(snapshots)
jq -nc --argjson sets "$SETS" --argjson left "$left" --argjson freed $((before - $(stored))) --argjson code "$code" --arg said "$said" \
  '{forgotten: ($sets - $left), freedBytes: ([$freed, 0] | max), intact: ($code == 0 and ($said | test("no errors were found")))}'
