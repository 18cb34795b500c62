# Deletes the archives of $SETS and no other, and looks at the repository afterwards.
names() { borg list --json | jq -c '[.archives[].name]'; }
stored() { case $BORG_REPO in /*) du -sb "$BORG_REPO" | cut -f 1 ;; *) echo 0 ;; esac; }
[ "$(printf %s "$SETS" | jq 'all(.[]; type == "string" and test("^[A-Za-z0-9_.-]+$"))')" = true ] || {
  echo "Cannot forget $SETS: expected names of archives" >&2
  exit 1
}
before=$(stored)
for name in $(names | jq -r --argjson sets "$SETS" '. - (. - $sets) | .[]'); do
  # Without a name it would be the whole repository.
  borg delete "::${name:?}" </dev/null >&2
done
borg compact >&2
code=0
said=$(borg check -v --repository-only 2>&1) || code=$?
jq -nc --argjson sets "$SETS" --argjson left "$(names)" --argjson freed $((before - $(stored))) --argjson code "$code" --arg said "$said" \
  '{forgotten: ($sets - $left), freedBytes: ([$freed, 0] | max), intact: ($code == 0 and ($said | test("no problems found")))}'
