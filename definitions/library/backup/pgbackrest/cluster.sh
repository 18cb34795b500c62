# The cluster that was restored into a place: `replay`, `judge`, `mutate`, `stop` or `destroy` is the first argument.
# It runs by settings of ours alone: nothing of it archives, replicates or subscribes, and it is reached by a socket in the place.
# That of dash reads backslashes, and JSON has some.
echo() { printf '%s\n' "$*"; }
data=$DIRECTORY/data
run=$DIRECTORY/run

own() {
  if [ "$(id -u)" = 0 ]; then setpriv --reuid "$OWNER" --regid "$(id -gn "$OWNER")" --init-groups -- "$@"; else "$@"; fi
}
ask() { own psql -XqAt -v ON_ERROR_STOP=1 -h "$run" -p 5432 -U "$ROLE" -d "$DATABASE" -c "$1"; }
bin() { echo "/usr/lib/postgresql/$(cat -- "$data/PG_VERSION")/bin"; }
now() { date +%s%3N; }
fail() { echo "$*" >&2; exit 1; }
ours() { [ "$(cat -- "$DIRECTORY/.mainstay-place" 2>/dev/null)" = "$LABEL" ]; }

# A number that was used again is no proof: the process must work in our data directory. A zombie does not run.
server_pid() {
  pid=$(head -1 -- "$data/postmaster.pid" 2>/dev/null) || return 1
  [ "$(readlink -- "/proc/$pid/cwd" 2>/dev/null)" = "$(readlink -f -- "$data")" ] && echo "$pid"
}
# Whatever works in the place.
processes() { find /proc/[0-9]*/cwd -maxdepth 0 -lname "$(readlink -f -- "$DIRECTORY")/*" -printf '%h\n' 2>/dev/null | cut -d/ -f3; }

control() { own "$(bin)/pg_controldata" -D "$data" | sed -n "s/^$1: *//p"; }

start() {
  address=
  [ -z "$NETWORK" ] || address=127.0.0.1
  : >"$run/postgresql.conf" && : >"$run/pg_ident.conf" && printf 'local all all trust\nhost all all 127.0.0.1/32 trust\n' >"$run/pg_hba.conf"
  [ "$(id -u)" != 0 ] || chown -- "$OWNER:" "$run"/*
  # What the command line says comes before every file that was restored. A standby must not have less than its primary had.
  set -- "$(bin)/postgres" -D "$data" -c "config_file=$run/postgresql.conf" -c "hba_file=$run/pg_hba.conf" -c "ident_file=$run/pg_ident.conf" \
    -c "listen_addresses=$address" -c port=5432 -c "unix_socket_directories=$run" -c external_pid_file= -c ssl=off \
    -c archive_mode=off -c archive_command= -c "restore_command=cp -- \"$DIRECTORY/wal/%f\" \"%p\"" -c recovery_target_action=pause -c hot_standby=on \
    -c primary_conninfo= -c primary_slot_name= -c synchronous_standby_names= -c max_logical_replication_workers=0 \
    -c logging_collector=off -c log_destination=stderr -c lc_messages=C -c log_timezone=UTC -c log_min_messages=warning -c log_line_prefix= \
    -c "max_connections=$(control 'max_connections setting')" -c "max_worker_processes=$(control 'max_worker_processes setting')" \
    -c "max_wal_senders=$(control 'max_wal_senders setting')" -c "max_prepared_transactions=$(control 'max_prepared_xacts setting')" \
    -c "max_locks_per_transaction=$(control 'max_locks_per_xact setting')" "$@"
  for setting in $(echo "$SETTINGS" | jq -r '.[] | @base64'); do set -- "$@" -c "$(echo "$setting" | base64 -d)"; done
  if [ "$(id -u)" = 0 ]; then set -- setpriv --reuid "$OWNER" --regid "$(id -gn "$OWNER")" --init-groups -- "$@"; fi
  if [ -n "$NETWORK" ]; then set -- ip netns exec "$NETWORK" "$@"; fi
  # A session of its own: it outlives the job that starts it.
  (cd / && exec setsid "$@") </dev/null >>"$run/log" 2>&1 &
  started=$!
}

# Waits until the server answers `true` to a question; a server that has ended answers nothing any more.
until_true() {
  while [ "$(ask "$1" 2>/dev/null)" != t ]; do
    if ! kill -0 "$started" 2>/dev/null && ! server_pid >/dev/null; then return 1; fi
    sleep 0.1
  done
}

stop() {
  for signal in INT QUIT KILL; do
    pids=$(server_pid || true)
    [ "$signal" != KILL ] || pids=$(processes)
    [ -n "$pids" ] || continue
    kill "-$signal" $pids 2>/dev/null || true
    for _ in $(seq 100); do
      [ -n "$(processes)" ] || return 0
      sleep 0.1
    done
  done
}

ended() {
  jq -nc --arg fault "$1" --arg reason "$2" --argjson at "${3-false}" --argjson reached "${4-0}" --argjson answering "${5-0}" --argjson healthy "${6-0}" \
    '{started: ($fault == ""), fault: $fault, reason: $reason, endedAtTarget: $at, reachedMs: $reached, answeringAtMs: $answering, healthyAtMs: $healthy}'
  exit 0
}
because() { grep -E 'FATAL|PANIC|could not' "$run/log" | tail -2 | tr '\n' ' ' | cut -c1-500; }

replay() {
  ours || ended backup "nothing was restored into $DIRECTORY for $LABEL"
  [ -s "$data/PG_VERSION" ] || ended backup "there is no cluster in $data"
  # A repeat begins where the first one was.
  if server_pid >/dev/null; then started=$(server_pid); else rm -f -- "$data/postmaster.pid" && start; fi
  reached=true
  if [ "$TARGET_MS" != -1 ] && [ ! -e "$run/reached" ]; then
    until_true 'select pg_is_in_recovery() and pg_is_wal_replay_paused() or not pg_is_in_recovery()' || ended backup "recovery ended: $(because)"
    # Paused is what recovery is at its target, and only there; whoever is through without was promoted before it.
    if [ "$(ask 'select pg_is_in_recovery()')" != t ] || ! grep -q 'recovery stopping' "$run/log"; then
      ended backup "recovery ended before its target: $(tail -3 "$run/log" | tr '\n' ' ' | cut -c1-500)" false "$(replayed)"
    fi
    : >"$run/reached"
    ask 'select pg_wal_replay_resume()' >/dev/null
  fi
  until_true 'select not pg_is_in_recovery()' || ended backup "recovery ended: $(because)"
  answering=$(now)
  ask 'select pg_snapshot_xmax(pg_current_snapshot())' >"$run/next-xid"
  last=$(replayed)
  gap=$(missing)
  [ -z "$gap" ] || ended backup "$gap" false "$last"
  ended '' '' "$reached" "$last" "$answering" "$(healthy)"
}
replayed() { ask "select coalesce(floor(extract(epoch from pg_last_xact_replay_timestamp()) * 1000), 0)" 2>/dev/null || echo 0; }

# PostgreSQL takes a segment that is not there for the end of the log, and promotes: what is there after it tells that it was none.
missing() {
  [ "$TARGET_MS" = -1 ] || return 0
  size=$(control 'Bytes per WAL segment')
  newest=$(ls -- "$DIRECTORY/wal" | grep -E '^[0-9A-F]{24}$' | tail -1)
  end=$(sed -n 's/.*redo done at \([0-9A-F]*\)\/\([0-9A-F]*\).*/\1 \2/p' "$run/log" | tail -1)
  [ -n "$newest" ] || return 0
  [ -n "$end" ] || { echo "recovery did not say where it ended"; return 0; }
  at=$(((0x${end% *} * 4294967296 + 0x${end#* }) / size))
  archived=$((0x$(echo "$newest" | cut -c9-16) * (4294967296 / size) + 0x$(echo "$newest" | cut -c17-24)))
  [ "$at" -ge "$archived" ] || echo "recovery ended in segment number $at of the log, and it is archived up to $archived: a segment between them is missing"
}

# The beginning of the stretch without a break that is as long as was asked for.
healthy() {
  since=$(now)
  while [ $(($(now) - since)) -lt "$STABLE_MS" ]; do
    sleep 0.2
    [ "$(ask 'select 1' 2>/dev/null)" = 1 ] || since=$(now)
  done
  echo "$since"
}


results='[]'
said() {
  results=$(echo "$results" | jq -c --arg level "$1" --arg name "$2" --argjson ok "$3" --arg detail "$(printf %s "$4" | tr '\n' ' ' | cut -c1-400)" '. + [{name: $name, level: $level, ok: $ok, detail: $detail}]')
}
# Passes when the command does and prints what is expected; whatever keeps it from being made is no pass.
expect() {
  level=$1 name=$2 wanted=$3
  shift 3
  ok=false
  if found=$("$@" 2>"$run/stderr"); then
    if [ "$wanted" = any ] || [ "$found" = "$wanted" ]; then ok=true; else found="$found, not $wanted"; fi
  fi
  if [ "$ok" = true ]; then said "$level" "$name" true "$found"; else said "$level" "$name" false "$found $(cat -- "$run/stderr")"; fi
}
from() { [ "${1#V}" -ge "${FROM_LEVEL#V}" ]; }
holds() { echo "$MANIFEST" | jq -r "$1"; }

judge() {
  ours || fail "Cannot look at $DIRECTORY: the marker is not that of $LABEL"
  case $FOUND in '{'*) ;; *) FOUND='{}' ;; esac
  if from V3; then
    expect V3 'tables and indexes are sound' any own "$(bin)/pg_amcheck" -h "$run" -p 5432 -U "$ROLE" --all --install-missing --heapallindexed
    if [ "$(ask 'show data_checksums' 2>/dev/null)" = on ]; then
      expect V3 'page checksums are right' 0 ask 'select coalesce(sum(checksum_failures), 0) from pg_stat_database'
    fi
  fi
  if from V4; then
    expect V4 'the server answers' 1 ask 'select 1'
    expect V4 'recovery is over' f ask 'select pg_is_in_recovery()'
    expect V4 'the catalogue is readable' t ask 'select count(*) > 0 from pg_class join pg_attribute a on a.attrelid = pg_class.oid'
  fi
  if from V5; then business; fi
  if from V6; then clients; fi
  echo "$results" | jq -c --argjson found "$FOUND" '{results: ., heartbeatAtMs: ($found.heartbeatAtMs // 0)}'
}

business() {
  # A dump comes into a cluster that is new: whose it was lies beside it.
  system="ask 'select system_identifier from pg_control_system()'"
  [ ! -e "$run/system" ] || system='cat -- "$run/system"'
  expect V5 'the system identifier is that of the source' "$(holds .system)" eval "$system"
  exact=$AT_MANIFEST
  [ "$(beyond)" = 0 ] || exact=false
  differing counts "$exact" 'row counts are those of the manifest'
  # Sums of what has been written to since are other sums.
  [ "$exact" = false ] || differing sums true 'sums are those of the manifest'
  wanted=$(holds .heartbeatAtMs)
  if echo "$FOUND" | jq -e --argjson wanted "$wanted" '.heartbeatAtMs != null and .heartbeatAtMs >= $wanted' >/dev/null; then ok=true; else ok=false; fi
  said V5 'the heartbeat is not older than that of the manifest' "$ok" "$(echo "$FOUND" | jq .heartbeatAtMs), $wanted in the manifest"
  for assertion in $(echo "$ASSERTIONS" | jq -r '.[] | @base64'); do
    field() { echo "$assertion" | base64 -d | jq -r "$1"; }
    expect V5 "$(field .name)" "$(field '.expect | tostring')" own psql -XqAt -v ON_ERROR_STOP=1 -h "$run" -p 5432 -U "$ROLE" -d "$(field ".database // \"$first\"")" -c "$(field .query)"
  done
}

# Transactions that recovery has brought, and the snapshot of the manifest did not see: commits that were on their way at its point.
beyond() {
  if [ "$AT_MANIFEST" != true ] || [ ! -s "$run/next-xid" ]; then echo 0; return; fi
  next=$(cat -- "$run/next-xid")
  for seen in $(holds '.snapshot // {} | .[]' | sort -u); do
    ask "select count(*) from generate_series($(echo "$seen" | cut -d: -f1), $next - 1) as x
      where not pg_visible_in_snapshot(x::text::xid8, '$seen') and pg_xact_status(x::text::xid8) = 'committed'" 2>/dev/null || echo 0
  done | sort -n | tail -1 | grep . || echo 0
}

differing() {
  wrong=$(jq -nr --argjson wanted "$MANIFEST" --argjson found "$FOUND" --arg part "$1" --argjson exact "$2" '
    [$wanted[$part] | to_entries[] | .found = $found[$part][.key] | select(if $exact then .found != .value else (.found // -1) < .value end)
      | "\(.key): \(.found // "not there"), \(.value) in the manifest"] | join("; ")')
  checked="$(holds ".$1 | length") tables"
  if [ "$FOUND" = '{}' ]; then said V5 "$3" false 'the restored could not be counted'; return; fi
  [ "$2" = true ] || checked="$checked, none has less"
  if [ -z "$wrong" ]; then said V5 "$3" true "$checked"; else said V5 "$3" false "$wrong"; fi
}

# The way of a client: by TCP where the place has a network of its own.
clients() {
  host=$run
  [ -z "$NETWORK" ] || host=127.0.0.1
  expect V6 'a client writes and reads' 42 by_client "$ROLE" 'begin; create table mainstay_probe (v int); insert into mainstay_probe values (42); select v from mainstay_probe; rollback'
  [ -z "$CLIENT" ] || expect V6 "$CLIENT logs in, writes and reads" 42 by_client "$CLIENT" 'create temp table mainstay_probe (v int); insert into mainstay_probe values (42); select v from mainstay_probe'
}
by_client() {
  set -- psql -XqAt -v ON_ERROR_STOP=1 -h "$host" -p 5432 -U "$1" -d "$first" -c "$2"
  if [ -n "$NETWORK" ]; then ip netns exec "$NETWORK" "$@"; else own "$@"; fi
}

mutate() {
  ours || fail "Cannot corrupt what is in $DIRECTORY: the marker is not that of $LABEL"
  what=
  case $MUTATION in
    dropped-rows)
      what=$(own psql -XqAt -v ON_ERROR_STOP=1 -h "$run" -p 5432 -U "$ROLE" -d "$first" -v "seed=$SEED" <<'SQL'
select format('%I.%I', nspname, relname) as victim from pg_class c join pg_namespace n on n.oid = relnamespace
  where relkind = 'r' and relpersistence = 'p' and nspname !~ '^pg_' and nspname <> 'information_schema' and relname <> 'mainstay_heartbeat'
  order by pg_relation_size(c.oid) desc, relname limit 1 \gset
set session_replication_role = replica;
select current_database() as name \gset
with gone as (delete from :victim where hashtextextended(ctid::text, :seed) % 2 = 0 returning 1)
  select count(*) || ' rows of ' || :'name' || '.' || :'victim' from gone;
SQL
) ;;
    wrong-system)
      stop
      mv -- "$data" "$run/original"
      major=$(cat -- "$run/original/PG_VERSION")
      own mkdir -m 0700 -- "$run/strange"
      own "/usr/lib/postgresql/$major/bin/initdb" -D "$run/strange" -U "$ROLE" -A trust --no-sync --no-instructions >/dev/null
      mv -- "$run/strange" "$data"
      what="a cluster of its own in $data, with another system identifier"
      start
      until_true 'select not pg_is_in_recovery()' || fail "Cannot start the strange cluster: $(because)" ;;
  esac
  jq -nc --arg what "$what" '{applied: ($what != ""), repository: "", what: $what}'
}

# The live server, after a swap.
answering() { own psql -XqAt -v ON_ERROR_STOP=1 -h "$SOCKET" -p "$PORT" -U "$ROLE" -d "$DATABASE" -c 'select 1'; }

destroy() {
  if [ ! -e "$DIRECTORY" ]; then jq -nc '{leftovers: []}'; return; fi
  ours || fail "Cannot clear $DIRECTORY: the marker is not that of $LABEL"
  stop
  left=$(processes | while read -r pid; do echo "process $pid: $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null)"; done)
  if [ -z "$left" ]; then rm -rf -- "$data" "$DIRECTORY/wal" "$DIRECTORY/tablespaces" "$run" "$DIRECTORY/repository"; fi
  printf '%s\n' "$left" | jq -Rnc '{leftovers: [inputs | select(. != "")]}'
}

first=$(echo "${SOURCE:-[]}" | jq -r --arg other "${DATABASE-}" '.[0] // $other')
# The home of a login may be closed to the account of the cluster.
cd /
"$@" </dev/null
