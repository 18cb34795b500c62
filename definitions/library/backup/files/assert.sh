# Compares $FOUND, what was restored, with $MANIFEST, and carries out $ASSERTIONS in $DIRECTORY/data. Prints one line of JSON for each result.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ ! -L "$DIRECTORY" ] && [ "$(cat "$DIRECTORY/.mainstay-place" 2>/dev/null)" = "$LABEL" ] || {
  echo "Cannot look at $DIRECTORY: it is no place of $LABEL" >&2
  exit 1
}
inside() { if [ -n "$NETWORK" ]; then ip netns exec "$NETWORK" "$@"; else "$@"; fi; }

jq -nc --argjson manifest "$MANIFEST" --argjson found "$FOUND" --argjson exact "$AT_MANIFEST" '
  def result($name; $level; $ok; $detail): {name: $name, level: $level, ok: $ok, detail: $detail};
  def differing: [$manifest.sums | to_entries[] | select($found.sums[.key] != .value) | .key];
  result("files"; "V3"; $found.files > 0 and (if $exact and $manifest.tree != "" then $found.files == $manifest.files else true end);
    "\($found.files) files, \($manifest.files) at the source"),
  if $manifest.tree != "" and $exact then
    result("tree"; "V3"; $found.tree == $manifest.tree; if $found.tree == $manifest.tree then $found.tree else "differs: \(differing[:5] | join(", "))" end)
  else
    # What changed while it was backed up cannot be told from what is wrong: the rest is compared.
    ($manifest.sums | length) as $parts
    | result("parts"; "V3"; $parts > 0 and (differing | length) == 0;
        if $parts == 0 then "the source changed while it was backed up, and no part of it is known: name what changes as volatile"
        elif (differing | length) > 0 then "differs: \(differing[:5] | join(", "))" else "\($parts) parts are as they were" end)
  end,
  if ($manifest.system // "") == "" then empty
  else result("system"; "V3"; $found.system == $manifest.system; "\"\($found.system)\", \"\($manifest.system)\" at the source") end,
  if ($manifest.heartbeatAtMs // 0) == 0 then empty
  else result("heartbeat"; "V5"; $found.heartbeatAtMs >= $manifest.heartbeatAtMs; "\($found.heartbeatAtMs), \($manifest.heartbeatAtMs) at the source") end
' >"$work/results"

count=$(printf %s "$ASSERTIONS" | jq length)
index=0
while [ "$index" -lt "$count" ]; do
  assertion=$(printf %s "$ASSERTIONS" | jq -c ".[$index]")
  index=$((index + 1))
  command=$(printf %s "$assertion" | jq -r .run)
  code=0
  (cd "$DIRECTORY/data" && inside timeout 300 sh -eu -c "$command" </dev/null >"$work/out" 2>"$work/err") || code=$?
  printf %s "$assertion" | jq -c --argjson code "$code" --arg out "$(head -c 500 "$work/out")" --arg err "$(tail -c 300 "$work/err")" '
    {name, level: (.level // "V5"), ok: ($code == 0 and ((has("expect") | not) or $out == (.expect | tostring))),
     detail: (if $code == 0 then $out else "exit code \($code): \($err)" end)}' >>"$work/results"
done
jq -sc --arg from "$FROM_LEVEL" --argjson heartbeat "$(printf %s "$FOUND" | jq .heartbeatAtMs)" \
  '{results: map(select(.level >= $from)), heartbeatAtMs: $heartbeat}' "$work/results"
