# Prints the locks of a repository in a folder as JSON, and whether their holders are alive. Gone: on this host, and no process of that id
# that is as old as the lock. Of another host nothing is known.
case $BORG_REPO in /*) ;; *) echo '[]'; exit 0 ;; esac
holder() {
  [ "$1" = "$(uname -n)" ] || [ "$1" = "$(hostname -f 2>/dev/null)" ] || { echo unknown; return; }
  if [ ! -d "/proc/$2" ] || grep -q '^State:[[:space:]]*[ZX]' "/proc/$2/status"; then echo gone; return; fi
  ticks=$(sed 's/.*) //' "/proc/$2/stat" | cut -d ' ' -f 20)
  started=$(($(awk '/^btime/ { print $2 }' /proc/stat) + ticks / $(getconf CLK_TCK)))
  # Another process has got the id since. Two seconds are for clocks that count in other steps.
  if [ "$started" -gt $(($3 + 2)) ]; then echo gone; else echo alive; fi
}
# HOST@NODE.PID-THREAD
find "$BORG_REPO/lock.exclusive" -mindepth 1 -maxdepth 1 -type f -printf '%f\t%T@\n' 2>/dev/null | while IFS="$(printf '\t')" read -r id time; do
  pid=${id%-*} host=${id%%@*} since=${time%.*}
  pid=${pid##*.}
  jq -nc --arg id "$id" --arg host "$host" --argjson pid "$pid" --arg holder "$(holder "$host" "$pid" "$since")" --argjson since "$since" \
    '{id: $id, host: $host, pid: $pid, holder: $holder, sinceMs: ($since * 1000)}'
done | jq -sc .
