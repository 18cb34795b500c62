# Breaks each lock of $LOCKS whose holder is gone by $NOW, a fresh look at them: the file of that lock, and no other.
jq -nr --argjson locks "$LOCKS" --argjson now "$NOW" '[$now[] | select(.holder == "gone") | .id] | . - (. - $locks) | .[] | select(contains("/") | not)' |
  while IFS= read -r id; do
    rm -f -- "$BORG_REPO/lock.exclusive/$id"
    rmdir "$BORG_REPO/lock.exclusive" 2>/dev/null || true
    jq -nc --arg id "$id" '$id'
  done | jq -sc '{broken: .}'
