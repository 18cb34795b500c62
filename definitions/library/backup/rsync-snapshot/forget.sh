# Deletes the folders of $SETS that are snapshots, and no other. Files that others link to stay.
exec 9>"$REPOSITORY/.lock"
flock -n 9 || { echo "Cannot write to $REPOSITORY: another process does" >&2; exit 1; }
[ "$(printf %s "$SETS" | jq 'all(.[]; type == "string" and test("^[0-9]{8}T[0-9]{6}Z-[a-z0-9-]+$"))')" = true ] || {
  echo "Cannot forget $SETS: expected names of snapshots" >&2
  exit 1
}
stored() { du -sb "$REPOSITORY" | cut -f 1; }
before=$(stored)
for name in $(printf %s "$SETS" | jq -r '.[]'); do
  [ -e "$REPOSITORY/$name" ] || continue
  [ -f "$REPOSITORY/$name/snapshot.json" ] || { echo "Cannot forget $name: it is no snapshot" >&2; exit 1; }
  # Out of the list first: a half-deleted one is no snapshot.
  mv -T -- "$REPOSITORY/$name" "$REPOSITORY/.new-$name"
  rm -rf -- "$REPOSITORY/.new-$name"
done
cd "$REPOSITORY"
newest=$(find . -mindepth 2 -maxdepth 2 -path './[!.]*/snapshot.json' -printf '%h\n' | sed 's|^./||' | LC_ALL=C sort | tail -n 1)
if [ -n "$newest" ]; then ln -sfn -- "$newest" .latest && mv -T -- .latest latest; else rm -f latest; fi
# Every file of the others is still there; whether its bytes are right is for verify.
intact=true
for digests in [!.]*/digests; do
  [ "$digests" != '[!.]*/digests' ] && [ "$digests" != latest/digests ] || continue
  [ "$(find "${digests%/digests}/data" -type f | wc -l)" -eq "$(wc -l <"$digests")" ] || intact=false
done
left=$(for name in $(printf %s "$SETS" | jq -r '.[]'); do [ ! -e "$name" ] || echo "$name"; done | jq -Rnc '[inputs]')
jq -nc --argjson sets "$SETS" --argjson left "$left" --argjson freed $((before - $(stored))) --argjson intact "$intact" \
  '{forgotten: ($sets - $left), freedBytes: ([$freed, 0] | max), intact: $intact}'
