# Opens the place $LABEL in $PARENT, if the host is the one of $IDENTITY. Again with the same label: the same place.
directory=$PARENT/$LABEL
network=
[ "$ISOLATE" = false ] || network=ms-$LABEL
wanted() { printf %s "$IDENTITY" | jq -r --arg name "$1" '.[$name] // ""'; }
name=$(uname -n)
machine=$(cat /etc/machine-id 2>/dev/null || true)
key=$(ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub 2>/dev/null | cut -d ' ' -f 2 || true)

answer() {
  jq -nc --arg reason "$1" --arg directory "$directory" --arg network "$network" --arg fingerprint "$name $machine $key" \
    '{opened: ($reason == ""), reason: $reason, directory: $directory, network: $network, fingerprint: ($fingerprint | rtrimstr(" "))}'
  exit 0
}
# Nothing has been written when this answers.
refuse() {
  directory= network=
  answer "Cannot open a place: $1"
}

hostName=$(wanted hostName) marker=$(wanted marker) markerText=$(wanted markerText) system=$(wanted system)
[ -z "$hostName" ] || [ "$hostName" = "$name" ] || refuse "the host is \"$name\", not \"$hostName\""
[ -z "$system" ] || [ "$system" = "$machine" ] || refuse "its machine id is \"$machine\", not \"$system\""
[ -z "$marker" ] || [ -f "$marker" ] || refuse "the marker $marker is not there"
[ -z "$markerText" ] || [ "$markerText" = "$(head -n 1 "$marker")" ] || refuse "the marker $marker holds another text"
isPlace() { [ ! -L "$1" ] && [ -f "$1/.mainstay-place" ] && [ "$(cat "$1/.mainstay-place")" = "$LABEL" ]; }
if [ -e "$directory" ] || [ -L "$directory" ]; then
  isPlace "$directory" || refuse "$directory is there and is no place of this label"
else
  # It appears with its marker: what is found without one is never ours.
  new=$PARENT/.$LABEL.new
  mkdir -p "$PARENT"
  [ -d "$new" ] || mkdir -m 0700 "$new"
  printf '%s\n' "$LABEL" >"$new/.mainstay-place"
  mv -T "$new" "$directory"
fi
[ -n "$network" ] || answer ''

inside() { ip netns exec "$network" "$@"; }
sunk() { inside nft -j list counter inet mainstay sunk | jq '.nftables[] | .counter? | values | .packets'; }
[ -e "/run/netns/$network" ] || ip netns add "$network"
if ! inside nft list table inet mainstay >/dev/null 2>&1; then
  # Only the loopback is there. Whatever has no other way goes to it, so that it can be counted.
  inside ip link set lo up
  inside ip address replace 198.18.0.1/32 dev lo
  inside ip route replace default dev lo src 198.18.0.1
  inside ip -6 route replace default dev lo 2>/dev/null || true
  # Nobody listens on port 9: a client is refused at once.
  inside nft -f - <<'RULES'
table inet mainstay {
  counter sunk { }
  counter refused { }
  counter escaped { }
  chain sink {
    type nat hook output priority -100; policy accept;
    fib daddr type local accept
    tcp dport { 25, 80, 443 } counter name sunk redirect to :9
    meta l4proto tcp counter name refused redirect to :9
  }
  chain output {
    type filter hook output priority filter; policy drop;
    oifname != "lo" counter name escaped drop
    fib daddr type local accept
    counter name refused drop
  }
}
RULES
fi
before=$(sunk)
for port in 25 443; do
  inside timeout 5 bash -c ": <>/dev/tcp/192.0.2.1/$port" 2>/dev/null && { echo "Cannot close the network: 192.0.2.1:$port answers" >&2; exit 1; }
done
[ "$(sunk)" -eq $((before + 2)) ] || { echo "Cannot close the network: what is sent to ports 25 and 443 does not end in the sink" >&2; exit 1; }
answer ''
