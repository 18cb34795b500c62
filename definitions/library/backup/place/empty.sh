# Ends every process that is in the network $NETWORK or has something of $DIRECTORY open, and unmounts what is mounted below it.
# A directory without the marker of $LABEL is left alone.
if [ -d "$DIRECTORY" ] && [ "$(cat "$DIRECTORY/.mainstay-place" 2>/dev/null)" != "$LABEL" ]; then
  jq -nc --arg text "$DIRECTORY is no place of $LABEL" '{leftovers: [$text]}'
  exit 0
fi
real=$(readlink -f "$DIRECTORY")
isDead() { [ ! -e "/proc/$1" ] || grep -q '^State:[[:space:]]*[ZX]' "/proc/$1/status" 2>/dev/null; }
running() {
  {
    if [ -n "$NETWORK" ] && [ -e "/run/netns/$NETWORK" ]; then ip netns pids "$NETWORK"; fi
    find /proc/[0-9]*/cwd /proc/[0-9]*/root /proc/[0-9]*/exe /proc/[0-9]*/fd -maxdepth 1 -type l \
      \( -lname "$real" -o -lname "$real/*" \) 2>/dev/null | cut -d / -f 3
  } | sort -un | while read -r pid; do
    [ "$pid" = "$$" ] || isDead "$pid" || echo "$pid"
  done
}
mounts() { awk -v below="$real/" 'index($5, below) == 1 { print $5 }' /proc/self/mountinfo | sort -r; }
# Ends them by a signal, and looks for at most $2 tenths of a second.
end() {
  for turn in $(seq "$2"); do
    pids=$(running)
    [ -n "$pids" ] || return 0
    # One that forks while it is ended is found at the next look.
    for pid in $pids; do kill "-$1" "$pid" 2>/dev/null || true; done
    sleep 0.1
  done
}
end TERM 30
end KILL 50
mounts | while read -r mount; do umount "$(printf %b "$mount")" || true; done
{
  for pid in $(running); do echo "process $pid: $(tr '\0' ' ' <"/proc/$pid/cmdline" | head -c 200)"; done
  mounts | sed 's/^/mount /'
} | jq -Rnc '{leftovers: [inputs]}'
