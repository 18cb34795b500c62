# The steps of a swap of the paths of $SOURCE with what was restored into data below $DIRECTORY. Each may be carried out again.
# Beside a path: PATH.mainstay-new-LABEL (the copy that is to take over), PATH.mainstay-original-LABEL, or .absent where there was no original.
fail() { echo "Cannot swap $1: $2" >&2; exit 1; }
there() { [ -e "$1" ] || [ -L "$1" ]; }
printf %s "$SOURCE" | jq -r '.[]' | { if [ "$ACTION" = back ]; then tac; else cat; fi; } | while IFS= read -r path; do
  new=$path.mainstay-new-$LABEL original=$path.mainstay-original-$LABEL
  case $ACTION in
    bring)
      [ "$(cat "$DIRECTORY/.mainstay-place" 2>/dev/null)" = "$LABEL" ] || fail "$path" "$DIRECTORY is no place of $LABEL"
      there "$DIRECTORY/data$path" || fail "$path" 'it was not restored'
      ! there "$original" && ! there "$original.absent" || fail "$path" "$original is there already"
      rm -rf -- "$new"
      mkdir -p -- "${path%/*}/"
      cp -a --reflink=auto -- "$DIRECTORY/data$path" "$new" ;;
    exchange)
      if there "$new"; then
        if ! there "$original" && ! there "$original.absent"; then
          if there "$path"; then mv -T -- "$path" "$original"; else : >"$original.absent"; fi
        fi
        mv -T -- "$new" "$path"
      fi
      echo "$original" ;;
    back)
      if there "$original"; then
        if there "$path"; then rm -rf -- "$new"; mv -T -- "$path" "$new"; fi
        mv -T -- "$original" "$path"
      elif there "$original.absent"; then
        if there "$path"; then rm -rf -- "$new"; mv -T -- "$path" "$new"; fi
        rm -- "$original.absent"
      fi ;;
    remove) rm -rf -- "$new" ;;
  esac
done
