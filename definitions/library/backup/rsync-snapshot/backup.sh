# One snapshot: a folder that appears when it is whole. What is as in the newest one is linked to it.
# The lock goes with the process, however that ends.
exec 9>"$REPOSITORY/.lock"
flock -n 9 || { echo "Cannot write to $REPOSITORY: another process does" >&2; exit 1; }
rm -rf -- "$REPOSITORY"/.new-*
new=$REPOSITORY/.new-$LABEL
mkdir -m 0700 -- "$new" "$new/data"
printf %s "$SOURCE" | jq -r '.[]' >"$new/sources"
printf %s "$EXCLUDE" | jq -r '.[]' >"$new/excluded"
set -- -aR --numeric-ids --no-human-readable --stats --exclude-from "$new/excluded"
[ ! -e "$REPOSITORY/latest" ] || set -- "$@" --link-dest "$(readlink -f "$REPOSITORY/latest")/data"
set -- "$@" --
while IFS= read -r source; do set -- "$@" "$source"; done <"$new/sources"
started=$(date +%s%3N)
code=0
rsync "$@" "$new/data/" >"$new/said" || code=$?
# 23, 24: not everything could be read, or was there until its turn.
case $code in 0 | 23 | 24) ;; *) exit 1 ;; esac
(cd "$new/data" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0r sha256sum --) >"$new/digests"
number() { sed -n "s/^$1: \([0-9]*\) bytes$/\1/p" "$new/said"; }
size=$(number 'Total file size') stored=$(number 'Total transferred file size')
digest=$(sha256sum <"$new/digests" | cut -d ' ' -f 1)
rm "$new/sources" "$new/excluded" "$new/said"
set_=$(date -u -d "@$((started / 1000))" +%Y%m%dT%H%M%SZ)-$LABEL
jq -nc --arg service "$SERVICE" --arg mark "$LABEL" --argjson atMs "$started" --argjson sizeBytes "$size" --argjson source "$SOURCE" \
  '{service: $service, label: $mark, atMs: $atMs, sizeBytes: $sizeBytes, source: $source}' >"$new/snapshot.json"
sync -f "$new"
mv -T -- "$new" "$REPOSITORY/$set_"
ln -sfn -- "$set_" "$REPOSITORY/.latest"
mv -T -- "$REPOSITORY/.latest" "$REPOSITORY/latest"
jq -nc --argjson code "$code" --arg set "$set_" --argjson size "$size" --argjson stored "$stored" --argjson started "$started" --arg digest "$digest" \
  --argjson ended "$(date +%s%3N)" \
  '{exitCode: $code, setId: $set, sizeBytes: $size, storedBytes: $stored, startedAtMs: $started, endedAtMs: $ended, digest: $digest}'
