# Brings the snapshot $SET to $OFFSITE, a folder or a place as rsync knows it (HOST:FOLDER), and compares the contents on both sides.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ -f "$REPOSITORY/$SET/snapshot.json" ] || { echo "Cannot copy $SET: it is not in $REPOSITORY" >&2; exit 1; }
case $OFFSITE in /*) [ -d "$OFFSITE" ] || { echo "Cannot find $OFFSITE: there is no such folder" >&2; exit 1; } ;; esac
rsync -a --numeric-ids --delete -- "$REPOSITORY/$SET" "$OFFSITE/"
# Read on both sides: what still has to be transferred is not there as it should be.
rsync -a --numeric-ids --delete --checksum --dry-run --itemize-changes -- "$REPOSITORY/$SET" "$OFFSITE/" >"$work/differs"
head -n 20 "$work/differs" | jq -Rnc --arg set "$SET" '[inputs] | {setId: $set, intact: (length == 0), problems: .}'
