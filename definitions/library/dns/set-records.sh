# Replaces the record set of $NAME and $TYPE by $TO, if it still is $FROM: lines as dig prints them.
# FROM=any asks for nothing, and leaves alone what is as it should be: an update that was refused needs no other.
address=${PRIMARY%%#*}
port=${PRIMARY#"$address"}
port=${port#?}
held() { dig +noall +answer +norecurse +time=2 -p "${port:-53}" "@$address" "$NAME" "$TYPE" | awk '{ $1 = $1; print }' | sort; }
if [ "$FROM" = any ] && [ -n "$TO" ] && [ "$(held)" = "$TO" ]; then exit 0; fi
{
  echo "server $address ${port:-53}"
  echo "zone $ZONE"
  case $FROM in
    any) ;;
    '') echo "prereq nxrrset $NAME $TYPE" ;;
    *) echo "$FROM" | while read -r name ttl class type value; do echo "prereq yxrrset $name $class $type $value"; done ;;
  esac
  echo "update delete $NAME $TYPE"
  if [ -n "$TO" ]; then
    echo "$TO" | while read -r name ttl class type value; do echo "update add $name $ttl $class $type $value"; done
  fi
  echo send
} | nsupdate -k "$KEY"
