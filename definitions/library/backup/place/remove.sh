# Removes an empty place: the folder first, then the network with its counters.
isOurs() { [ ! -L "$1" ] && [ "$(cat "$1/.mainstay-place" 2>/dev/null)" = "$LABEL" ]; }
new=${DIRECTORY%/*}/.$LABEL.new
for folder in "$DIRECTORY" "$new"; do
  if isOurs "$folder"; then rm -rf --one-file-system "$folder" || true; fi
done
# Without its marker it is empty: opening did not come further.
[ ! -d "$new" ] || rmdir "$new" || true
sunk=-1 escaped=0
if [ -e "/run/netns/$NETWORK" ]; then
  counters=$(ip netns exec "$NETWORK" nft -j list counters table inet mainstay 2>/dev/null || echo '{"nftables": []}')
  count() { printf %s "$counters" | jq --arg name "$1" '[.nftables[] | .counter? | values | select(.name == $name) | .packets] | add // 0'; }
  # What an interface sent that somebody has put into it counts too, whatever became of the rules.
  sent=$(ip netns exec "$NETWORK" ip -j -s link | jq '[.[] | select(.ifname != "lo") | .stats64.tx.packets] | add // 0')
  sunk=$(count sunk)
  escaped=$(($(count escaped) + sent))
  [ -e "$DIRECTORY" ] || ip netns delete "$NETWORK" || true
fi
{
  for folder in "$DIRECTORY" "$new"; do [ ! -e "$folder" ] || echo "folder $folder"; done
  [ ! -e "/run/netns/$NETWORK" ] || echo "network $NETWORK"
} | jq -Rnc --argjson sunk "$sunk" --argjson escaped "$escaped" '{leftovers: [inputs], sunk: $sunk, escaped: $escaped}'
