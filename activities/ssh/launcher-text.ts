/**
 * The launcher: the program that runs on the host, in POSIX sh (dash, busybox, bash), once for each request. It arrives on
 * stdin together with its request (`launcher.ts`), so that nothing of it is in `ps`, in a log of sudo, or on the disk.
 *
 * - L1 Fence: the job's directory is made by `mkdir`, and whoever holds its lock decides. Where `flock` is missing, `mkdir` alone decides.
 * - L2 Order of truth: `rc`, then the lock with pid, start time and boot id. `start` exists before the command can run.
 * - L3 The supervising shell holds the lock on descriptor 9; no child inherits it, so a daemon cannot hold it.
 * - L4 The command leads a session of its own: a signal to its group reaches it and its children, never the supervisor.
 * - L5 Between the fence and the result nothing is written to the channel: a cut connection must not kill the supervisor.
 * - L6 The collectors (`tee` under a file size limit whose signal is ignored) stop storing at the limit and go on draining.
 *
 * Job directory: `start` (boot, begin, epoch, key; then pid and its start time), `rc`, `stdout`, `stderr`; while it runs also
 * `out err followed cancel timeout output script`. The directory itself is what is locked. Few files: making one costs as much as a process.
 */
export const launcherText = String.raw`
m_say() { printf '\n##mainstay %s %s\n' "$nonce" "$*" >&8; }
m_up() { up=; read -r up m_rest </proc/uptime || up=$(date +%s); } 2>/dev/null
m_boot() { boot=; read -r boot <"$boot_path" || boot=none; } 2>/dev/null
# Empty for a process that is gone, also when nobody has reaped it.
m_birth() { birth=; read -r m_line <"/proc/$1/stat" && { m_line=${'$'}{m_line##*) }; set -- $m_line; [ "$1" = Z ] || { shift 19; birth=$1; }; }; } 2>/dev/null
m_nap() { sleep 0.05 2>/dev/null || sleep 1; }

m_root() {
  case $root in '') root=$HOME/.mainstay/jobs ;; esac
  case $boot_path in '~/'*) boot_path=$HOME/${'$'}{boot_path#??} ;; esac
  job=$root/$name
}

m_identify() {
  if [ -d "$root" ]; then m_private='chmod 700'; else mkdir -p "$root" 2>/dev/null; m_private=true; fi
  if [ -L "$root" ] || [ ! -d "$root" ] || [ ! -O "$root" ] || ! $m_private "$root" 2>/dev/null; then
    m_say state=unusable why=directory; return
  fi
  for m_tool in mkfifo tee setsid cat mv; do
    command -v $m_tool >/dev/null 2>&1 || { m_say state=unusable why=no-$m_tool; return; }
  done
  m_find_root_id || { m_say state=unusable why=write; return; }
  m_boot; m_up
  m_say state=identity root_id="$root_id" boot_id="$boot" epoch="$(date +%s.%N)" up="$up" shell="$SHELL" fs="$(stat -f -c %T "$root" 2>/dev/null)"
}
# Whoever makes the file names the root. It is empty for a moment, or for ever if its maker died.
m_find_root_id() {
  m_n=0
  until read -r root_id <"$root/root-id"; do
    (set -C; echo "$fresh" >"$root/root-id") && continue
    m_n=$((m_n + 1)); m_nap
    [ $m_n -lt 20 ] || [ -s "$root/root-id" ] || rm -f "$root/root-id"
    [ $m_n -lt 25 ] || return 1
  done
} 2>/dev/null

# 1 when another root stands where the request's was: the caller identifies again.
m_same_root() {
  if [ -L "$root" ] || [ ! -O "$root" ]; then m_say state=unusable why=directory; return 1; fi
  m_id=; read -r m_id <"$root/root-id" 2>/dev/null
  [ "$m_id" = "$root_id" ] || { m_say state=moved; return 1; }
}

m_lock() { command -v flock >/dev/null 2>&1 || return 2; [ -r "$job" ] || return 3; exec 9<"$job"; flock -n "$@" 9; }

m_fences() {
  [ -n "$fences" ] || return 0
  mkdir -p "$root/fences" 2>/dev/null; { true; } 2>/dev/null >>"$root/fences/.lock" || { m_say state=unusable why=fences; return 1; }
  exec 6>>"$root/fences/.lock"
  command -v flock >/dev/null 2>&1 && flock 6
  for m_pair in $fences; do
    m_held=0; read -r m_held <"$root/fences/${'$'}{m_pair%%=*}" 2>/dev/null
    if [ "${'$'}{m_pair##*=}" -lt "${'$'}{m_held:-0}" ]; then exec 6>&-; m_say state=fenced lock="${'$'}{m_pair%%=*}" held="$m_held"; return 1; fi
    [ "${'$'}{m_pair##*=}" -eq "${'$'}{m_held:-0}" ] || echo "${'$'}{m_pair##*=}" >"$root/fences/${'$'}{m_pair%%=*}"
  done
  exec 6>&-
}

m_start() {
  m_same_root || return
  mkdir "$job" 2>/dev/null; m_made=$?
  [ -d "$job" ] && [ ! -L "$job" ] || { m_say state=unusable why=job; return; }
  [ ! -e "$job/rc" ] || { m_ended; return; }
  m_lock
  case $? in
    0) ;;
    2) [ $m_made = 0 ] || { m_attach; return; } ;;
    3) m_say state=unusable why=lock; return ;;
    *) m_attach; return ;;
  esac
  [ ! -e "$job/rc" ] || { m_ended; return; }
  [ ! -e "$job/start" ] || { m_lost; return; }
  m_fences || { [ $m_made = 0 ] && rm -rf "$job"; return; }
  m_supervise
}

m_collector() { ulimit -f "$blocks"; trap '' XFSZ; exec tee "$1" >/dev/null 2>&1; }

m_prepare() {
  printf '%0120d\n' 0 >"$job/rc.tmp" || return 1
  [ ! -e "$job/out" ] || rm -f "$job/out" "$job/err"
  mkfifo "$job/out" "$job/err" || return 1
  m_boot; m_up; began=$up
  printf '%s %s %s %s\n' "$boot" "$began" "$epoch" "$key" >"$job/start" || { rm -f "$job/start"; return 1; }
}

m_supervise() {
  exec </dev/null >/dev/null 2>/dev/null
  m_prepare || { m_say state=unusable why=write; return; }
  trap : TERM HUP INT PIPE USR2
  m_collector "$job/stdout" <"$job/out" 7>&- 8>&- 9>&- & m_tee1=$!
  m_collector "$job/stderr" <"$job/err" 7>&- 8>&- 9>&- & m_tee2=$!
  ( trap - TERM HUP INT PIPE USR2; umask 022; m_command ) 7>&- 8>&- 9>&- >"$job/out" 2>"$job/err" & pid=$!
  m_birth $pid; printf '%s %s\n' "$pid" "$birth" >>"$job/start"
  ( m_watchdog ) 7>&- 8>&- 9>&- & m_dog=$!
  while :; do wait $pid; code=$?; kill -0 $pid 2>/dev/null || break; done
  m_flag=none
  if [ -e "$job/timeout" ]; then m_flag=timeout; elif [ -e "$job/cancel" ]; then m_flag=cancelled; fi
  [ $m_flag = none ] || m_empty_group
  m_drain
  kill $m_dog
  m_up; m_end="$code $began $up $epoch $m_flag"
  m_record "$m_end"
  exec 9>&-
  [ -e "$job/followed" ] && return
  [ -s "$job/stdout" ] && cat "$job/stdout" >&7
  m_report_file
  [ -s "$job/stderr" ] && cat "$job/stderr" >&8
  m_say state=ended $m_end end
}

m_record() { printf '%s end\n' "$1" 1<>"$job/rc.tmp" && mv -f "$job/rc.tmp" "$job/rc"; }

m_signal() { kill -"$1" -"$pid" 2>/dev/null || kill -"$1" "$pid" 2>/dev/null; }

m_watchdog() {
  trap 'kill $!; exit 0' TERM
  trap 'kill $!; m_remind' USR1
  trap - HUP INT PIPE USR2
  sleep "$limit" & wait $! || exit 0
  true >"$job/timeout"
  m_signal TERM
  sleep "$grace" & wait $!
  m_signal KILL
}
# The command has ended and the collectors have not: the supervisor is woken from its waiting, until it ends us.
m_remind() {
  while :; do sleep 0.3 & wait $!; kill -USR2 $$ || exit 0; done
}

# After a time limit or a cancel the whole group must be gone, not only its leader.
m_empty_group() {
  m_n=0
  while kill -0 -"$pid" 2>/dev/null; do
    [ $m_n -ge $((grace * 20)) ] && kill -KILL -"$pid" 2>/dev/null
    [ $m_n -ge $((grace * 20 + 100)) ] && { m_flag=stuck; return; }
    m_n=$((m_n + 1)); m_nap
  done
}

# The collectors end with the last writer. A daemon that kept the pipe open is not waited for.
m_drain() {
  for m_n in 1 2 3 4; do m_busy $m_tee1 || m_busy $m_tee2 || return 0; done
  kill -USR1 $m_dog
  wait $m_tee1 $m_tee2
}
m_busy() { m_s=; read -r m_p m_c m_s m_rest <"/proc/$1/stat" 2>/dev/null || return 1; [ "$m_s" != Z ]; }

m_report_file() {
  [ -s "$job/output" ] || return 0
  printf '\n##mainstay %s file\n' "$nonce" >&7
  head -c "$file_limit" "$job/output" >&7
}

# From here: requests about a job that exists. m_out and m_err are what the caller has already.
m_ended() {
  m_emit
  m_report_file
  m_kept=1; [ -e "$job/stdout" ] || m_kept=0
  m_say state=ended $(cat "$job/rc") kept=$m_kept
}

m_emit() {
  if [ -z "$m_open1" ] && [ -e "$job/stdout" ]; then exec 4<"$job/stdout"; m_open1=1; tail -c +$((out_offset + 1)) <&4 >&7; else [ -z "$m_open1" ] || cat <&4 >&7; fi
  if [ -z "$m_open2" ] && [ -e "$job/stderr" ]; then exec 5<"$job/stderr"; m_open2=1; tail -c +$((err_offset + 1)) <&5 >&8; else [ -z "$m_open2" ] || cat <&5 >&8; fi
}

m_lost() {
  m_boot; m_then=; read -r m_then m_rest <"$job/start"
  m_emit
  if [ "$m_then" != "$boot" ]; then m_say state=rebooted; else m_say state=vanished; fi
}

# 0 when nobody holds the lock any more.
m_released() {
  command -v flock >/dev/null 2>&1 || { m_alive && { sleep 1; m_alive && return 1; }; return 0; }
  exec 9<"$job"
  flock -s -w "$1" 9 2>/dev/null && return 0
  return 1
}
# The second line of start. 1 while it is not there.
m_pid() { pid=; { read -r m_rest && read -r pid m_was; } <"$job/start"; } 2>/dev/null
m_alive() {
  [ ! -e "$job/rc" ] || return 1
  m_pid || return 0
  m_birth "$pid"; [ -n "$birth" ] && [ "$birth" = "$m_was" ]
}

m_attach() {
  m_same_root || return
  [ -d "$job" ] || { m_say state=missing; return; }
  true >"$job/followed"
  m_n=0
  while :; do
    [ ! -e "$job/rc" ] || { m_ended; return; }
    if m_released 1; then
      [ ! -e "$job/rc" ] || { m_ended; return; }
      [ ! -e "$job/start" ] || { m_lost; return; }
      m_say state=unstarted; return
    fi
    m_emit
    m_n=$((m_n + 1)); [ $m_n -lt "$watch" ] || { m_say state=running; return; }
  done
}

m_cancel() {
  m_same_root || return
  if mkdir "$job" 2>/dev/null; then m_never; return; fi
  [ ! -e "$job/rc" ] || { m_ended; return; }
  if m_lock; then
    [ ! -e "$job/rc" ] || { m_ended; return; }
    [ -e "$job/start" ] || { m_never; return; }
    m_kill_orphan; return
  fi
  true >"$job/cancel"; true >"$job/followed"
  m_n=0; pid=
  until m_pid || [ $m_n -ge 40 ]; do m_n=$((m_n + 1)); m_nap; done
  [ -n "$pid" ] || { m_say state=running; return; }
  m_signal TERM
  if ! m_wait_end "$grace"; then m_signal KILL; m_wait_end 10 || { m_say state=running; return; }; fi
  if [ -e "$job/rc" ]; then m_ended; else m_lost; fi
}
m_wait_end() {
  m_n=0
  while [ ! -e "$job/rc" ]; do
    m_released 1 && return 0
    m_n=$((m_n + 1)); [ $m_n -le "$1" ] || return 1
  done
}
# A tombstone: a launch that arrives late finds it and starts nothing.
m_never() {
  printf '%0120d\n' 0 >"$job/rc.tmp" && m_up && m_record "0 $up $up $epoch never" || { m_say state=unusable why=write; return; }
  m_say state=never
}
# The supervisor is gone, the command may not be.
m_kill_orphan() {
  m_boot; m_then=; read -r m_then m_rest <"$job/start"
  [ "$m_then" = "$boot" ] || { m_say state=rebooted; return; }
  m_pid
  m_birth "${'$'}{pid:-0}"
  if [ -z "$birth" ] || [ "$birth" != "$m_was" ]; then m_say state=vanished; return; fi
  m_signal TERM; m_n=0
  while kill -0 -"$pid" 2>/dev/null; do
    m_n=$((m_n + 1)); m_nap
    [ $m_n -lt $((grace * 20)) ] || m_signal KILL
    [ $m_n -lt $((grace * 20 + 200)) ] || { m_say state=running; return; }
  done
  m_up; printf '%0120d\n' 0 >"$job/rc.tmp"; m_record "143 $up $up $epoch cancelled"
  m_say state=ended $(cat "$job/rc")
}

# Starts what vanished anew (reads and idempotent effects only): the old directory steps aside, under its lock.
m_again() {
  m_same_root || return
  if [ -d "$job" ] && m_lock && [ ! -e "$job/rc" ]; then mv "$job" "$job.lost.$nonce"; exec 9>&-; fi
  m_start
}

m_collect() {
  m_same_root || return
  for m_name in $names; do
    job=$root/$m_name
    [ -e "$job/rc" ] && rm -rf "$job/stdout" "$job/stderr" "$job/out" "$job/err" "$job/output" "$job/script" "$job/followed"
  done
  find "$root" -mindepth 2 -maxdepth 2 -name rc -mtime +"$keep_days" 2>/dev/null | while IFS= read -r m_rc; do rm -rf "${'$'}{m_rc%/rc}"; done
  m_say state=collected
}

exec 7>&1 8>&2
printf '\n##mainstay %s begin\n' "$nonce" >&7
printf '\n##mainstay %s begin\n' "$nonce" >&8
umask 077
LC_ALL=C; export LC_ALL
m_open1=; m_open2=
m_root
m_$mode
`;
