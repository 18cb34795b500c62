# What a cluster holds, each database as one snapshot sees it: $CONNECT (directory of its socket), $PORT, $ROLE, $SOURCE (names of databases; none: all).
# With $POINT a restore point of this name is made as the last snapshot is taken: the log can be brought to the manifest.
# With $DUMP each database is dumped into this directory, as its snapshot sees it.
# That of dash reads backslashes, and JSON has some.
echo() { printf '%s\n' "$*"; }
own() {
  if [ "$(id -u)" = 0 ]; then setpriv --reuid "$OWNER" --regid "$(id -gn "$OWNER")" --init-groups -- "$@"; else "$@"; fi
}

in_database() { own psql -XqAt -v ON_ERROR_STOP=1 -h "$CONNECT" -p "$PORT" -U "$ROLE" -d "$@"; }

snapshot() {
  # Rows are written down alike wherever they are read. What is lost on a restore by design (unlogged, temporary) is left out.
  export NAME="$1"
  in_database "$1" -v "point=$2" -v "heartbeat=$3" -v "dump=$DUMP" <<'SQL'
set timezone = 'UTC';
set datestyle = 'ISO, YMD';
set intervalstyle = 'postgres';
set extra_float_digits = 1;
set bytea_output = 'hex';
set statement_timeout = 0;
select :'point' <> '' as pointed, :'dump' <> '' as dumped, :'heartbeat' <> '' as asked, to_regclass('mainstay_heartbeat') is not null as beating \gset
\if :asked
\elif :beating
\set heartbeat 'select coalesce(floor(extract(epoch from max(at)) * 1000), 0) from mainstay_heartbeat'
\else
\set heartbeat 'select 0'
\endif
\set lsn ''
begin isolation level repeatable read;
\if :pointed
select pg_create_restore_point(:'point') as lsn \gset
\endif
select coalesce((:heartbeat)::bigint, 0) as beat \gset
select json_build_object(
  'takenAtMs', (extract(epoch from now()) * 1000)::bigint,
  'heartbeatAtMs', :beat,
  'system', (select system_identifier::text from pg_control_system()),
  'lsn', :'lsn',
  'snapshot', json_build_object(current_database(), pg_current_snapshot()::text),
  'counts', coalesce(json_object_agg(name, rows) filter (where name is not null), '{}'),
  'sums', coalesce(json_object_agg(name, sum) filter (where name is not null), '{}'))
from (
  select current_database() || '.' || nspname || '.' || relname as name, format(
    'select count(*) as rows, coalesce(sum(hashtextextended(t::text, 0)), 0)::text as sum from only %I.%I as t', nspname, relname) as question
  from pg_class join pg_namespace n on n.oid = relnamespace
  where relkind = 'r' and relpersistence = 'p' and nspname !~ '^pg_' and nspname <> 'information_schema'
  order by relpages desc, 1 limit 200
) as tables, lateral xmltable('/row' passing query_to_xml(question, true, true, '') columns rows bigint, sum text) as found;
\if :dumped
select pg_export_snapshot() as exported \gset
\setenv EXPORTED :exported
\! pg_dump -Fc -w -h "$CONNECT" -p "$PORT" -U "$ROLE" --snapshot="$EXPORTED" -f "$DUMP/$NAME.dump" -d "$NAME" && touch "$DUMP/$NAME.done"
\endif
commit;
SQL
  # psql does not tell how a command of the shell has ended.
  [ -z "$DUMP" ] || own rm -- "$DUMP/$1.done"
}

manifest() {
  names=$(echo "$SOURCE" | jq -r '.[]')
  [ -n "$names" ] || names=$(in_database "$DATABASE" -c 'select datname from pg_database where datallowconn and not datistemplate order by 1')
  last=$(echo "$names" | tail -1)
  beat=$HEARTBEAT
  # A snapshot that fails must end all of it, which the last part of a pipe would hide.
  parts=$(for name in $names; do
    if [ "$name" = "$last" ]; then snapshot "$name" "$POINT" "$beat"; else snapshot "$name" '' "$beat"; fi
    # A query of the plan belongs to the first database.
    beat=
  done)
  printf '%s\n' "$parts" | jq -sc '{takenAtMs: (map(.takenAtMs) | max), heartbeatAtMs: (map(.heartbeatAtMs) | max), system: .[-1].system, counts: (map(.counts) | add),
    sums: (map(.sums) | add), tree: "", files: 0, snapshot: (map(.snapshot) | add), lsn: .[-1].lsn}'
}

# The home of a login may be closed to the account of the cluster.
cd /
set +e
found=$(set -e; manifest </dev/null)
code=$?
set -e
# What was restored may be beyond counting, which is for an assertion to say.
if [ "$code" != 0 ] && [ "$LENIENT" = true ]; then found='{}'; elif [ "$code" != 0 ]; then exit 1; fi
[ "${#found}" -le 32768 ] || { echo "Cannot take a manifest of ${#found} bytes: name fewer databases as the source" >&2; exit 1; }
echo "$found"
