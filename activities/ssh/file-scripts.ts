/**
 * What runs on the host for `ssh.put`, `ssh.restore` and `ssh.get`, in POSIX sh; parameters come as variables, content by stdin.
 * Exit codes: 41 cannot write, 42 the check refused the file, 43 cannot read. The answer goes to `$MAINSTAY_OUTPUT`.
 */
export const fileExit = { unwritable: 41, invalid: 42, unreadable: 43 } as const;

const common = String.raw`
fail() { printf '%s\n' "$2" >&2; exit "$1"; }
sum() { m=$(sha256sum <"$1") || return 1; printf '%s' "${'$'}{m%% *}"; }
saved=${'$'}{MAINSTAY_OUTPUT%/*/output}/$SAVED
umask 077
if [ -L "$DEST" ]; then DEST=$(readlink -f "$DEST") || fail 41 'the link points nowhere'; fi
[ ! -d "$DEST" ] || fail 41 'it is a directory'
dir=${'$'}{DEST%/*}; [ -n "$dir" ] || dir=/
new=$dir/.mainstay-$$-$ID
trap 'rm -f "$new"' EXIT
put_back() {
  read -r kind mode owner <"$saved/state" || return 1
  case $kind in
    absent) rm -f "$DEST" ;;
    file) cp "$saved/content" "$new" && chown "$owner" "$new" && chmod "$mode" "$new" && mv -f "$new" "$DEST" ;;
  esac
}
`;

/** The copy is made once for a step: a second generation must not take its own first attempt for the original. */
export const putScript = String.raw`${common}
save() {
  [ ! -e "$saved/state" ] || return 0
  rm -rf "$saved.new"; mkdir "$saved.new" || return 1
  if [ -e "$DEST" ]; then cp "$DEST" "$saved.new/content" && stat -c 'file %a %u:%g' "$DEST" >"$saved.new/state" || return 1
  else echo 'absent 0 0' >"$saved.new/state" || return 1; fi
  : >"$saved.new/rc"; mv "$saved.new" "$saved"
}
check() { "$@" >&2 || return 1; }
[ -d "$dir" ] || fail 41 'there is no such directory'
cat >"$new" || fail 41 'it cannot be written'
[ "$(sum "$new")" = "$SHA" ] || fail 41 'the content did not arrive whole'
if [ -n "$OWNER$GROUP" ]; then chown "$OWNER${'$'}{GROUP:+:$GROUP}" "$new" || fail 41 'owner or group cannot be set'
elif [ -e "$DEST" ]; then chown "$(stat -c %u:%g "$DEST")" "$new" 2>/dev/null || true; fi
chmod "$MODE" "$new" || fail 41 'its mode cannot be set'
if [ -e "$DEST" ] && [ "$(sum "$DEST")" = "$SHA" ] && [ "$(stat -c '%a %u %g' "$DEST")" = "$(stat -c '%a %u %g' "$new")" ]; then
  echo 0 >"$MAINSTAY_OUTPUT"; exit 0
fi
in_place=1
n=$#
while [ $n -gt 0 ]; do
  word=$1; shift; n=$((n - 1))
  case $word in *%s*) in_place=0; word=${'$'}{word%%"%s"*}$new${'$'}{word#*"%s"} ;; esac
  set -- "$@" "$word"
done
if [ $# -gt 0 ] && [ $in_place = 0 ]; then check "$@" || fail 42 'the check refused it'; fi
save || fail 41 'no copy of the old file can be kept'
mv -f "$new" "$DEST" || fail 41 'it cannot be moved into place'
if [ $# -gt 0 ] && [ $in_place = 1 ]; then check "$@" || { put_back; fail 42 'the check refused it'; }; fi
echo 1 >"$MAINSTAY_OUTPUT"
`;

export const restoreScript = String.raw`${common}
if [ ! -e "$saved/state" ]; then echo nothing >"$MAINSTAY_OUTPUT"; exit 0; fi
read -r kind m_rest <"$saved/state"
put_back || fail 41 'the old file cannot be put back'
if [ "$kind" = absent ]; then echo absence >"$MAINSTAY_OUTPUT"; else echo content >"$MAINSTAY_OUTPUT"; fi
`;

export const getScript = String.raw`
fail() { printf '%s\n' "$2" >&2; exit "$1"; }
[ -e "$SOURCE" ] || fail 43 'there is no such file'
[ -f "$SOURCE" ] && [ -r "$SOURCE" ] || fail 43 'it is not a readable file'
size=$(wc -c <"$SOURCE")
[ "$size" -le "$LIMIT" ] || fail 43 "it has $size bytes"
cat "$SOURCE" || fail 43 'it cannot be read'
`;
