/** The part of the launcher that serves requests about a job that exists already (`launcher-text.ts`). */
export const existingJobText = String.raw`
# The first line of rc, and of start once the result is written.
m_result() { m_end=; read -r m_end <"$1" && case $m_end in *' end') return 0 ;; esac; return 1; }

# m_out and m_err are what the caller has already.
m_ended() {
  m_result "$job/rc" || { m_say state=unusable why=result; return; }
  m_emit
  m_report_file
  m_kept=1; [ -e "$job/stdout" ] || m_kept=0
  m_say state=ended $m_end kept=$m_kept
}

m_report_file() {
  [ -s "$job/output" ] || return 0
  printf '\n##mainstay %s file\n' "$nonce" >&7
  head -c "$file_limit" "$job/output" >&7
}

m_emit() {
  if [ -z "$m_open1" ] && [ -e "$job/stdout" ]; then exec 4<"$job/stdout"; m_open1=1; tail -c +$((out_offset + 1)) <&4 >&7; else [ -z "$m_open1" ] || cat <&4 >&7; fi
  if [ -z "$m_open2" ] && [ -e "$job/stderr" ]; then exec 5<"$job/stderr"; m_open2=1; tail -c +$((err_offset + 1)) <&5 >&8; else [ -z "$m_open2" ] || cat <&5 >&8; fi
}

# Called by the holder of the lock, or where nobody holds it.
m_lost() {
  if m_result "$job/start"; then mv -f "$job/start" "$job/rc"; m_ended; return; fi
  [ ! -e "$job/rc" ] || { m_ended; return; }
  m_then=; { read -r m_rest; read -r m_then m_rest; } <"$job/start"
  m_boot
  m_emit
  if [ "$m_then" != "$boot" ]; then m_say state=rebooted; else m_say state=vanished; fi
}

# 0 when nobody holds the lock any more.
m_released() {
  command -v flock >/dev/null || { m_alive && { sleep 1; m_alive && return 1; }; return 0; }
  exec 9<"$job"
  flock -s -w "$1" 9 && return 0
  return 1
}
# The third line of start. 1 while it is not there.
m_pid() { pid=; { read -r m_rest && read -r m_rest && read -r pid m_was; } <"$job/start"; }
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
  if mkdir "$job"; then m_never; return; fi
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
  m_boot; m_up
  printf '%0120d\n%s %s %s %s\n' 0 "$boot" "$up" "$epoch" "$key" >"$job/start" && m_record "0 $up $up $epoch never" && mv -f "$job/start" "$job/rc" || { m_say state=unusable why=write; return; }
  m_say state=never
}
# The supervisor is gone, the command may not be.
m_kill_orphan() {
  if m_result "$job/start"; then m_lost; return; fi
  m_boot; m_then=; { read -r m_rest; read -r m_then m_rest; } <"$job/start"
  [ "$m_then" = "$boot" ] || { m_say state=rebooted; return; }
  m_pid
  m_birth "${'$'}{pid:-0}"
  if [ -z "$birth" ] || [ "$birth" != "$m_was" ]; then m_say state=vanished; return; fi
  m_signal TERM; m_n=0
  while kill -0 -"$pid"; do
    m_n=$((m_n + 1)); m_nap
    [ $m_n -lt $((grace * 20)) ] || m_signal KILL
    [ $m_n -lt $((grace * 20 + 200)) ] || { m_say state=running; return; }
  done
  m_up; m_record "143 $up $up $epoch cancelled" && mv -f "$job/start" "$job/rc"
  m_ended
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
    [ -e "$job/rc" ] && rm -rf "$job/stdout" "$job/stderr" "$job/output" "$job/script" "$job/followed"
  done
  find "$root" -mindepth 2 -maxdepth 2 -name rc -mtime +"$keep_days" | while IFS= read -r m_rc; do rm -rf "${'$'}{m_rc%/rc}"; done
  m_say state=collected
}
`;
