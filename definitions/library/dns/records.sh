# Prints what each of $SERVERS (ADDRESS or ADDRESS#PORT) itself holds for $NAME and $TYPE, as dig prints it.
# Where $TO is set, it passes only when every one of them holds exactly that.
for server in $SERVERS; do
  address=${server%%#*}
  port=${server#"$address"}
  port=${port#?}
  # An answer that is not the server's own, or no answer, is not an empty one.
  held=$(dig +noall +comments +answer +norecurse +time=2 +tries=1 -p "${port:-53}" "@$address" "$NAME" "$TYPE" | awk '
    /^;; ->>HEADER/ { own = /status: (NOERROR|NXDOMAIN)/ }
    /^;; flags:/ { own = own && / aa[ ;]/ }
    $1 !~ /^;/ && $4 == ENVIRON["TYPE"] { $1 = $1; print }
    END { exit !own }') || { echo "$server gives no answer of its own" >&2; exit 1; }
  held=$(printf '%s\n' "$held" | sort)
  printf '%s\n' "$held"
  if [ "${TO-$held}" != "$held" ]; then
    echo "$server holds something else" >&2
    exit 1
  fi
done
