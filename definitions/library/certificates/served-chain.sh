# Prints the certificates that $CONNECT serves for $SERVER_NAME. Where $WANTED is given, it passes only when they are the same.
certificates() { awk '/-BEGIN CERTIFICATE-/, /-END CERTIFICATE-/'; }
served=$(openssl s_client -connect "$CONNECT" -servername "$SERVER_NAME" -showcerts </dev/null 2>/dev/null | certificates)
[ -n "$served" ] || { echo "$CONNECT serves no certificate" >&2; exit 1; }
printf '%s\n' "$served"
[ -z "${WANTED-}" ] || [ "$(echo "$served" | tr -d '\r\n')" = "$(echo "$WANTED" | certificates | tr -d '\r\n')" ]
