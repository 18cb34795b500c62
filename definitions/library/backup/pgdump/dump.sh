# Dumps of databases, one folder for each set: `$REPOSITORY/$SERVICE/$SET` with the dumps, their digests in `sums` and what the set is in `set.json`.
# A set appears under its name when it is whole. The first argument says what is asked for.

# That of dash reads backslashes, and JSON has some.
echo() { printf '%s\n' "$*"; }
own() {
  if [ "$(id -u)" = 0 ]; then setpriv --reuid "$OWNER" --regid "$(id -gn "$OWNER")" --init-groups -- "$@"; else "$@"; fi
}
fail() { echo "$*" >&2; exit 1; }
folder=$REPOSITORY/$SERVICE
bin() { ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1; }
cluster() { own psql -XqAt -v ON_ERROR_STOP=1 -h "$SOCKET" -p "$PORT" -U "$ROLE" -d "$DATABASE" -c "$1"; }
# The pass phrase comes by the environment.
closing() { if [ -n "$PASSWORD" ]; then openssl enc -aes-256-cbc -pbkdf2 -pass env:PASSWORD; else cat; fi; }
opening() { if [ -n "$PASSWORD" ]; then openssl enc -d -aes-256-cbc -pbkdf2 -pass env:PASSWORD; else cat; fi; }
sets() { for file in "$folder"/*/set.json; do [ ! -e "$file" ] || cat -- "$file"; done | jq -sc 'sort_by(-.atMs)'; }

preflight() {
  nearest=$REPOSITORY
  while [ ! -d "$nearest" ]; do nearest=$(dirname "$nearest"); done
  [ -w "$nearest" ] || fail "Cannot write to the repository: $nearest is not writable"
  server=$(cluster 'show server_version')
  size=$(cluster 'select sum(pg_database_size(oid))::bigint from pg_database where datallowconn')
  stored=$(sets | jq '[.[:5][].storedBytes] | max // 0')
  jq -nc --arg tool "$(pg_dump --version | sed 's/.*PostgreSQL) //')" --arg server "$server" --argjson free "$(df -B1 --output=avail -- "$nearest" | tail -1)" \
    --argjson needed "$(if [ "$stored" = 0 ]; then echo "$size"; else echo "$stored"; fi)" --argjson clock "$(date +%s%3N)" \
    '{toolVersion: $tool, serverVersion: $server, freeBytes: $free, neededBytes: $needed, clockMs: $clock, lagSeconds: -1, locks: []}'
}

# What an earlier attempt left unfinished under this label goes.
begin() {
  mkdir -p -m 0711 -- "$folder"
  rm -rf -- "$folder/.$LABEL.new"
  mkdir -m 0700 -- "$folder/.$LABEL.new"
  # The account of the cluster writes the dumps, and nothing else there.
  if [ "$(id -u)" = 0 ]; then
    own test -x "$folder" || fail "Cannot dump into $folder: $OWNER cannot enter it"
    chown -- "$OWNER:" "$folder/.$LABEL.new"
  fi
  jq -nc --arg directory "$folder/.$LABEL.new" --argjson now "$(date +%s%3N)" '{directory: $directory, startedAtMs: $now}'
}

finish() {
  work=$folder/.$LABEL.new
  SET=$(date -u +%Y%m%d-%H%M%S)-$LABEL
  own pg_dumpall --globals-only --no-role-passwords -w -h "$SOCKET" -p "$PORT" -U "$ROLE" -l "$DATABASE" >"$work/globals.sql"
  for file in "$work"/*; do closing <"$file" >"$file.tmp" && mv -- "$file.tmp" "$file"; done
  (cd -- "$work" && sha256sum -- * >sums)
  digest=$(sha256sum <"$work/sums" | cut -d' ' -f1)
  size=$(cluster "select coalesce(sum(pg_database_size(datname)), 0)::bigint from pg_database where datname in ($(for file in "$work"/*.dump; do printf "'%s', " "$(basename -- "$file" .dump)"; done) '')")
  jq -nc --arg set "$SET" --arg mark "$LABEL" --argjson manifest "$MANIFEST" --argjson began "$STARTED_MS" --argjson now "$(date +%s%3N)" --argjson size "$size" \
    --argjson stored "$(du -sb -- "$work" | cut -f1)" --arg digest "$digest" '{exitCode: 0, setId: $set, "label": $mark, kind: "full", parent: "", atMs: $now,
      sizeBytes: $size, storedBytes: $stored, startedAtMs: $began, endedAtMs: $now, digest: $digest, system: $manifest.system}' >"$work/set.json"
  [ "$(id -u)" != 0 ] || chown -R -- 0:0 "$work"
  sync -- "$work"/*
  mv -T -- "$work" "$folder/$SET"
  # Transactions of the source have no meaning in another cluster.
  jq -c --argjson manifest "$MANIFEST" '. + {manifest: ($manifest | del(.snapshot, .lsn))}' "$folder/$SET/set.json"
}

problems() {
  [ -s "$folder/$SET/sums" ] || { echo "the set $SET is not in the repository"; return; }
  (cd -- "$folder/$SET" && sha256sum --quiet -c sums 2>&1 | head -10) || true
  for file in "$folder/$SET"/*.dump; do
    opening <"$file" 2>/dev/null | "$(bin)/pg_restore" -l >/dev/null 2>&1 || echo "$(basename -- "$file"): pg_restore cannot read it"
  done
}

verify() {
  [ "$LEVEL" = V1 ] || fail "Cannot verify at level $LEVEL: a dump is one snapshot, and the source has gone on; a drill compares what they hold"
  [ -d "$folder" ] || fail "Cannot read the repository: there is no $folder"
  problems | jq -Rnc '[inputs | select(. != "")] | {intact: (length == 0), readPercent: 100, problems: .[:20]}'
}

# As it is, under the same pass phrase. What is there already and intact stays.
copy() {
  [ -s "$folder/$SET/sums" ] || fail "Cannot copy $SET: it is not in $folder"
  [ -d "$OFFSITE" ] || fail "Cannot find $OFFSITE: there is no such folder"
  [ -z "$OFFSITE_PASSWORD" ] || [ "$OFFSITE_PASSWORD" = "$PASSWORD" ] || fail 'Cannot copy: a copy keeps the pass phrase of its set, and another one is given'
  from=$folder/$SET
  folder=$OFFSITE/$SERVICE
  if [ -n "$(problems)" ]; then
    mkdir -p -m 0711 -- "$folder"
    rm -rf -- "$folder/.$SET.new"
    cp -a -- "$from" "$folder/.$SET.new"
    sync -- "$folder/.$SET.new"/*
    rm -rf -- "${folder:?}/${SET:?}"
    mv -T -- "$folder/.$SET.new" "$folder/$SET"
  fi
  problems | jq -Rnc --arg set "$SET" '[inputs | select(. != "")] | {setId: $set, intact: (length == 0), problems: .[:20]}'
}

list() { sets | jq -c '{sets: [.[:500][] | {setId, label: .["label"], atMs, kind, parent, sizeBytes}]}'; }

forget() {
  [ -d "$folder" ] || fail "Cannot read the repository: there is no $folder"
  before=$(du -sb -- "$folder" | cut -f1)
  for SET in $(echo "$SETS" | jq -r '.[]'); do rm -rf -- "${folder:?}/${SET:?}"; done
  bad=$(for SET in $(sets | jq -r '.[].setId'); do problems; done)
  jq -nc --argjson sets "$SETS" --argjson there "$(sets | jq -c '[.[].setId]')" --argjson freed "$((before - $(du -sb -- "$folder" | cut -f1)))" --arg bad "$bad" \
    '{forgotten: ($sets - $there), freedBytes: $freed, intact: ($bad == "")}'
}

told() {
  jq -nc --arg fault "$1" --arg reason "$2" --arg path "$DIRECTORY/data" --argjson bytes "${3-0}" \
    '{restored: ($fault == ""), fault: $fault, reason: $reason, path: $path, bytes: $bytes, earliestMs: 0, latestMs: 0}'
  exit 0
}
marked() { [ "$(cat -- "$DIRECTORY/.mainstay-place" 2>/dev/null)" = "$LABEL" ]; }

# A new cluster in the place.
prepare() {
  marked || told place "the marker in $DIRECTORY is not that of $LABEL"
  [ "$TARGET_MS" -le 0 ] || fail 'Cannot recover to a point in time: a dump is its own point'
  [ -d "$folder" ] || fail "Cannot read the repository: there is no $folder"
  bad=$(problems | tr '\n' ' ' | cut -c1-500)
  [ -z "$bad" ] || told backup "$bad"
  if [ "$(id -u)" = 0 ]; then chgrp -- "$(id -gn "$OWNER")" "$DIRECTORY" && chmod 0710 -- "$DIRECTORY"; fi
  own test -x "$DIRECTORY" || fail "Cannot work in $DIRECTORY: $OWNER cannot enter it"
  [ ! -e "$DIRECTORY/data/postmaster.pid" ] || fail "Cannot restore into $DIRECTORY: a cluster runs there"
  for part in data wal run; do
    rm -rf -- "${DIRECTORY:?}/$part"
    mkdir -m 0700 -- "$DIRECTORY/$part"
    [ "$(id -u)" != 0 ] || chown -- "$OWNER:" "$DIRECTORY/$part"
  done
  own "$(bin)/initdb" -D "$DIRECTORY/data" -U "$ROLE" -A trust -E UTF8 --locale=C.UTF-8 -k --no-sync --no-instructions >/dev/null
  jq -r .system "$folder/$SET/set.json" >"$DIRECTORY/run/system"
  told '' ''
}

# The databases into the cluster, which runs by now.
load() {
  [ "$(echo "$PREPARED" | jq -r .fault)" = '' ] || { echo "$PREPARED" && return; }
  [ "$(echo "$STARTED" | jq -r .started)" = true ] || fail "Cannot start a new cluster: $(echo "$STARTED" | jq -r .reason)"
  # Roles that are there already stay as they are.
  opening <"$folder/$SET/globals.sql" | own psql -XqAt -h "$DIRECTORY/run" -p 5432 -U "$ROLE" -d "$DATABASE" >/dev/null 2>&1
  for file in "$folder/$SET"/*.dump; do
    into='-C'
    [ "$(basename -- "$file" .dump)" != "$DATABASE" ] || into=
    problem=$(opening <"$file" | own "$(bin)/pg_restore" -w --exit-on-error $into -h "$DIRECTORY/run" -p 5432 -U "$ROLE" -d "$DATABASE" 2>&1) ||
      told backup "$(basename -- "$file"): $(echo "$problem" | tr '\n' ' ' | cut -c1-500)"
  done
  told '' '' "$(du -sb -- "$DIRECTORY/data" | cut -f1)"
}

# A copy of the set is corrupted, never the repository.
mutate() {
  marked || fail "Cannot copy the set into $DIRECTORY: the marker is not that of $LABEL"
  copy=$DIRECTORY/repository/$SERVICE
  rm -rf -- "$DIRECTORY/repository"
  mkdir -p -- "$copy"
  cp -a --reflink=auto -- "$folder/$SET" "$copy/"
  victim=$(ls -S -- "$copy/$SET"/*.dump | head -1)
  size=$(stat -c %s -- "$victim")
  case $MUTATION in
    truncated-file) truncate -s $((size / 2)) -- "$victim" && what="${victim##*/} ends after $((size / 2)) of $size bytes" ;;
    flipped-bytes)
      dd if="$victim" bs=1 skip=$((size / 2)) count=16 2>/dev/null | tr '\000-\377' '\001-\377\000' >"$DIRECTORY/flipped"
      dd if="$DIRECTORY/flipped" of="$victim" bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
      rm -- "$DIRECTORY/flipped"
      what="16 bytes of ${victim##*/} at $((size / 2)) of $size" ;;
    wrong-system)
      jq -c '.system = "1\(.system)"' "$copy/$SET/set.json" >"$copy/set.json" && mv -- "$copy/set.json" "$copy/$SET/set.json"
      what='the set is of a cluster with another system identifier' ;;
    *) rm -rf -- "$DIRECTORY/repository" && jq -nc '{applied: false, repository: "", what: ""}' && return ;;
  esac
  jq -nc --arg copy "$DIRECTORY/repository" --arg what "$what" '{applied: true, repository: $copy, what: $what}'
}

cd /
"$@" </dev/null
