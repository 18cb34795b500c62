# Breaks each lock of $LOCKS whose holder is gone by $NOW, a fresh look at them: the file of that lock, and no other.
wanted=$(jq -nr --argjson locks "$LOCKS" --argjson now "$NOW" '[$now[] | select(.holder == "gone") | .id] | . - (. - $locks) | .[] | select(test("^[0-9a-f]{64}$"))')
case $RESTIC_REPOSITORY in
  /*) for id in $wanted; do rm -f -- "$RESTIC_REPOSITORY/locks/$id"; done ;;
  *)
    # There restic removes all that it takes for stale, and it takes old ones of other hosts for that.
    [ "$(printf %s "$NOW" | jq 'all(.[]; .holder == "gone")')" = false ] || restic unlock >&2 ;;
esac
left=$(restic --no-cache list locks --no-lock | jq -Rnc '[inputs]')
jq -nc --argjson left "$left" --argjson locks "$LOCKS" --argjson now "$NOW" '{broken: ([$now[].id] - ([$now[].id] - $locks) - $left)}'
