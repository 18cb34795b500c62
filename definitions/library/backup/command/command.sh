# Carries out $COMMAND for the role $ROLE. It must answer with one JSON object that has the fields of $ANSWERS, by their types.
fail() { echo "Cannot use the command of the role $ROLE: $1" >&2; exit 1; }
[ "$ROLE" != destroy ] || [ -e "$DIRECTORY" ] || { echo '{"leftovers": []}'; exit 0; }
# Closing a place ends what runs in it anyhow.
[ -n "$COMMAND" ] || [ "$ROLE" != destroy ] || COMMAND='echo "{\"leftovers\": []}"'
[ -n "$COMMAND" ] || fail 'the plan has none under commands'
if [ -n "${DIRECTORY-}" ] && { [ -L "$DIRECTORY" ] || [ "$(cat "$DIRECTORY/.mainstay-place" 2>/dev/null)" != "$LABEL" ]; }; then
  reason="$DIRECTORY is no place of $LABEL"
  [ "$ROLE" = restore ] || fail "$reason"
  jq -nc --arg reason "Cannot restore: $reason" '{restored: false, fault: "place", reason: $reason, path: "", bytes: 0, earliestMs: 0, latestMs: 0}'
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
code=0
sh -eu -c "$COMMAND" </dev/null >"$work/out" || code=$?
[ "$code" -eq 0 ] || fail "it ended with $code"
jq -e -s 'length == 1 and (.[0] | type == "object")' "$work/out" >/dev/null 2>&1 || fail "expected one JSON object, found $(head -c 200 "$work/out" | tr '\n' ' ')"
wrong=$(jq -r --argjson answers "$ANSWERS" '
  . as $given | $answers | to_entries[] | .key as $field | .value as $wanted | ($given[$field] | type) as $found
  | if $wanted == "integer" then select($found != "number" or ($given[$field] | floor) != $given[$field]) else select($found != $wanted) end
  | "\($field) is \($found), expected \($wanted)"' "$work/out")
[ -z "$wrong" ] || fail "$(echo "$wrong" | tr '\n' ';')"
jq -c . "$work/out"
