import { existingJobText } from './existing-job-text';

/**
 * The launcher: the program that runs on the host, in POSIX sh (dash, busybox, bash). One shell reads it from its stdin, then one
 * request after the other (`line.ts`), so that nothing of it is in `ps`, in a log of sudo, or on the disk.
 *
 * - L1 Fence: the job's directory is made by `mkdir`, and whoever holds its lock decides. Where `flock` is missing, `mkdir` alone decides.
 * - L2 Order of truth: `rc`, then the lock with pid, start time and boot id. `start` exists before the command can run.
 * - L3 The supervising shell holds the lock on descriptor 9; no child inherits it, so a daemon cannot hold it.
 * - L4 The command leads a session of its own: a signal to its group reaches it and its children, never the supervisor.
 * - L5 Between the fence and the result nothing is written to the channel: a cut connection must not kill the supervisor.
 * - L6 The collectors (`tee` under a file size limit whose signal is ignored) stop storing at the limit and go on draining.
 * - L7 Space for the result is taken before the command runs: the first line of `start` is written over, then `start` becomes `rc`.
 *   A result that was written and whose file was not renamed any more is found there.
 *
 * Job directory: `start` (a line for the result; boot, begin, epoch, key; then pid and its start time), which ends as `rc`, `stdout`,
 * `stderr`; now and then `followed cancel timeout output script`. The directory itself is what is locked.
 *
 * Processes and files are what a job costs on a host, hence: no subshell where a builtin does it, pipes without a name, few files.
 * What goes on beside the shell is a subshell with redirections, never a function with redirections: there dash keeps a copy of what
 * it closes. Descriptors: 3 and 4 a pipe's ends, 5 the file of stdout, 6 the command's stdout, 7 and 8 the channel, 9 the lock.
 */
export const launcherText = withoutComments(String.raw`
m_say() { printf '\n##mainstay %s %s\n' "$nonce" "$*" >&8; }
m_up() { up=; read -r up m_rest </proc/uptime || up=$(date +%s); } 2>/dev/null
m_boot() { boot=; read -r boot <"$boot_path" || boot=none; } 2>/dev/null
# Empty for a process that is gone, also when nobody has reaped it.
m_birth() { birth=; read -r m_line <"/proc/$1/stat" && { m_line=${'$'}{m_line##*) }; set -- $m_line; [ "$1" = Z ] || { shift 19; birth=$1; }; }; } 2>/dev/null
m_nap() { sleep 0.05 2>/dev/null || sleep 1; }

m_request() {
  printf '\n##mainstay %s begin\n' "$nonce" >&7
  printf '\n##mainstay %s begin\n' "$nonce" >&8
  m_open1=; m_open2=
  m_root
  m_$mode
  printf '\n##mainstay %s end\n' "$nonce" >&7
  [ -z "$m_after" ] || $m_after
  exec 3<&- 4<&- 5<&- 6<&- 9<&-
}

m_root() {
  case $root in '') root=$HOME/.mainstay/jobs ;; esac
  case $boot_path in '~/'*) boot_path=$HOME/${'$'}{boot_path#??} ;; esac
  job=$root/$name
}

m_identify() {
  if [ -d "$root" ]; then m_private='chmod 700'; else mkdir -p "$root"; m_private=true; fi
  if [ -L "$root" ] || [ ! -d "$root" ] || [ ! -O "$root" ] || ! $m_private "$root"; then
    m_say state=unusable why=directory; return
  fi
  for m_tool in mkfifo tee setsid cat mv; do
    command -v $m_tool >/dev/null || { m_say state=unusable why=no-$m_tool; return; }
  done
  m_find_root_id || { m_say state=unusable why=write; return; }
  m_boot; m_up
  m_say state=identity root_id="$root_id" boot_id="$boot" epoch="$(date +%s.%N)" up="$up" fs="$(stat -f -c %T "$root")"
}
# Whoever makes the file names the root. It is empty for a moment, or for ever if its maker died.
m_find_root_id() {
  m_n=0
  until read -r root_id <"$root/root-id"; do
    set -C; echo "$fresh" >"$root/root-id"; m_made=$?; set +C
    [ $m_made != 0 ] || continue
    m_n=$((m_n + 1)); m_nap
    [ $m_n -lt 20 ] || [ -s "$root/root-id" ] || rm -f "$root/root-id"
    [ $m_n -lt 25 ] || return 1
  done
}

# 1 when another root stands where the request's was: the caller identifies again.
m_same_root() {
  if [ -L "$root" ] || [ ! -O "$root" ]; then m_say state=unusable why=directory; return 1; fi
  m_id=; read -r m_id <"$root/root-id"
  [ "$m_id" = "$root_id" ] || { m_say state=moved; return 1; }
}

m_lock() { command -v flock >/dev/null || return 2; [ -r "$job" ] || return 3; exec 9<"$job"; flock -n "$@" 9; }

m_fences() {
  [ -n "$fences" ] || return 0
  mkdir -p "$root/fences"; { true; } >>"$root/fences/.lock" || { m_say state=unusable why=fences; return 1; }
  exec 6>>"$root/fences/.lock"
  command -v flock >/dev/null && flock 6
  for m_pair in $fences; do
    m_held=0; read -r m_held <"$root/fences/${'$'}{m_pair%%=*}"
    if [ "${'$'}{m_pair##*=}" -lt "${'$'}{m_held:-0}" ]; then exec 6>&-; m_say state=fenced lock="${'$'}{m_pair%%=*}" held="$m_held"; return 1; fi
    [ "${'$'}{m_pair##*=}" -eq "${'$'}{m_held:-0}" ] || printf '%-24s\n' "${'$'}{m_pair##*=}" 1<>"$root/fences/${'$'}{m_pair%%=*}" || { exec 6>&-; m_say state=unusable why=fences; return 1; }
  done
  exec 6>&-
}

m_start() {
  m_same_root || return
  mkdir "$job"; m_made=$?
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

# A pipe without a name: its reading end is 3, its writing end 4. A shell that keeps here-documents in files gets a named one.
m_pipe() {
  exec 3<<M_END

M_END
  read -r m_rest <&3
  if [ -p /proc/self/fd/3 ] && { true; } 4>/proc/self/fd/3; then exec 4>/proc/self/fd/3; return; fi
  rm -f "$job/$1"; mkfifo "$job/$1" && { true; } 3<>"$job/$1" || return 1
  exec 3<>"$job/$1"; exec 4>"$job/$1"; exec 3<"$job/$1"; rm -f "$job/$1"
}
m_collector() { ulimit -f "$blocks"; trap '' XFSZ; exec tee /dev/null; }

# The result's line is as long as a result can be.
m_prepare() {
  m_files && true >"$job/stdout" && true >"$job/stderr" || { rm -f "$job/script"; return 1; }
  m_boot; m_up; began=$up
  printf '%0120d\n%s %s %s %s\n' 0 "$boot" "$began" "$epoch" "$key" >"$job/start" || { rm -f "$job/start"; return 1; }
}

m_supervise() {
  m_prepare || { m_say state=unusable why=write; return; }
  m_pipe out || { rm -f "$job/start"; m_say state=unusable why=write; return; }
  exec 5>"$job/stdout"
  ( m_collector ) <&3 >&5 3<&- 4>&- 5>&- 7>&- 8>&- 9>&- & m_tee1=$!
  exec 3<&- 6>&4 4>&-
  m_pipe err || { rm -f "$job/start"; m_say state=unusable why=write; return; }
  ( m_collector ) <&3 >"$job/stderr" 3<&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- & m_tee2=$!
  ( umask 022; m_command ) </dev/null >&6 2>&4 3<&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- & pid=$!
  exec 3<&- 4>&- 6>&-
  m_birth $pid; printf '%s %s\n' "$pid" "$birth" >>"$job/start"
  ( m_watchdog ) </dev/null 5>&- 7>&- 8>&- 9>&- & m_dog=$!
  # Only now: a child that is born with these traps loses a signal that comes before it has set its own.
  trap : TERM HUP INT PIPE
  while :; do wait $pid; code=$?; kill -0 $pid || break; done
  m_flag=none
  if [ -e "$job/timeout" ]; then m_flag=timeout; elif [ -e "$job/cancel" ]; then m_flag=cancelled; fi
  [ $m_flag = none ] || m_empty_group
  m_drain
  kill $m_dog
  m_up; m_end="$code $began $up $epoch $m_flag$m_cut"
  m_record "$m_end" || { m_say state=vanished; return; }
  m_after=m_name_result
  if [ -e "$job/followed" ]; then m_say state=running; return; fi
  m_emit_all
  m_say state=ended $m_end end
}

m_record() { printf '%-116s end\n' "$1" 1<>"$job/start"; }
# The result is known by its line; giving it its name is not what the caller waits for.
m_name_result() {
  m_after=
  mv -f "$job/start" "$job/rc"
  exec 9>&-
  trap - TERM HUP INT PIPE
}

# A short text is read by the shell itself. Anything else, and what is not plain ASCII, goes through a process of its own.
m_emit_all() {
  m_size=; read -r m_rest m_size </proc/self/fdinfo/5
  if [ "${'$'}{m_size:-999}" -gt 256 ] || ! m_read_text; then cat "$job/stdout" >&7; else printf %s "$m_text" >&7; fi
  m_report_file
  [ ! -s "$job/stderr" ] || cat "$job/stderr" >&8
}
m_read_text() {
  m_text=
  [ "$m_size" != 0 ] || return 0
  while IFS= read -r m_line; do m_text="$m_text$m_line
"; m_line=; done <"$job/stdout"
  m_text=$m_text$m_line
  [ ${'$'}{#m_text} = "$m_size" ] || return 1
  case $m_text in *[!\ -~"
"]*) return 1 ;; esac
}

m_signal() { kill -"$1" -"$pid" || kill -"$1" "$pid"; }

m_watchdog() {
  m_s=; m_quit=
  trap 'm_quit=1; [ -z "$m_s" ] || kill -KILL $m_s' TERM
  m_sleep "$limit" && [ -z "$m_quit" ] && [ ! -e "$job/rc" ] || exit 0
  true >"$job/timeout"
  m_signal TERM
  m_sleep "$grace"
  [ -n "$m_quit" ] || m_signal KILL
}
# KILL, since a child that is not yet sleeping would lose a TERM.
m_sleep() { sleep "$1" & m_s=$!; [ -z "$m_quit" ] || kill -KILL $m_s; wait $m_s; }
# The command has ended and the collectors have not: the supervisor is woken from its waiting.
m_remind() { while sleep 0.3 && [ -e "$job/start" ]; do kill -USR2 $$ || return; done; }

# After a time limit or a cancel the whole group must be gone, not only its leader.
m_empty_group() {
  m_n=0
  while kill -0 -"$pid"; do
    [ $m_n -ge $((grace * 20)) ] && kill -KILL -"$pid"
    [ $m_n -ge $((grace * 20 + 100)) ] && { m_flag=stuck; return; }
    m_n=$((m_n + 1)); m_nap
  done
}

# The collectors end with the last writer. A daemon that kept the pipe open is not waited for. One that could not store all says so.
m_drain() {
  m_cut=; m_n=0; m_reminder=
  while [ -e "/proc/$m_tee1/exe" ] || [ -e "/proc/$m_tee2/exe" ]; do
    m_n=$((m_n + 1)); [ $m_n -lt 300 ] || { ( m_remind ) </dev/null 5>&- 7>&- 8>&- 9>&- & m_reminder=$!; break; }
  done
  wait $m_tee1; m_stored $? || m_cut=' cut_out=1'
  wait $m_tee2; m_stored $? || m_cut="$m_cut cut_err=1"
  [ -z "$m_reminder" ] || kill $m_reminder
}
# A code above 128 is the reminder's.
m_stored() { [ $1 = 0 ] || [ $1 -gt 128 ]; }
${existingJobText}
umask 077
LC_ALL=C; export LC_ALL
m_after=
# A reminder may come late: it must never find this shell without a trap.
trap : USR2
exec 7>&1 8>&2 >/dev/null 2>/dev/null
`);

/** Nobody reads it there. */
function withoutComments(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^ *#/.test(line))
    .join('\n');
}
