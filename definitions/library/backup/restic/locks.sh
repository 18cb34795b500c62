# Prints the locks of a restic repository as JSON, and whether their holders are alive. Gone: on this host, and no process of that id
# that is as old as the lock. Of another host nothing is known.
started() {
  # Seconds since 1970 at which a process began.
  ticks=$(sed 's/.*) //' "/proc/$1/stat" | cut -d ' ' -f 20)
  echo $(($(awk '/^btime/ { print $2 }' /proc/stat) + ticks / $(getconf CLK_TCK)))
}
holder() {
  [ "$1" = "$(uname -n)" ] || { echo unknown; return; }
  if [ ! -d "/proc/$2" ] || grep -q '^State:[[:space:]]*[ZX]' "/proc/$2/status"; then echo gone; return; fi
  # Another process has got the id since. Two seconds are for clocks that count in other steps.
  if [ "$(started "$2")" -gt $(($3 + 2)) ]; then echo gone; else echo alive; fi
}
restic --no-cache list locks --no-lock | while read -r id; do
  # One that is let go while it is looked at is none.
  lock=$(restic --no-cache cat lock "$id" --no-lock 2>/dev/null) || continue
  host=$(printf %s "$lock" | jq -r .hostname)
  pid=$(printf %s "$lock" | jq -r .pid)
  since=$(date -d "$(printf %s "$lock" | jq -r .time)" +%s)
  jq -nc --arg id "$id" --arg host "$host" --argjson pid "$pid" --arg holder "$(holder "$host" "$pid" "$since")" --argjson since "$since" \
    '{id: $id, host: $host, pid: $pid, holder: $holder, sinceMs: ($since * 1000)}'
done | jq -sc .
