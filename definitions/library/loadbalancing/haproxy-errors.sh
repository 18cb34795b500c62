# Counts responses and errors of each server of $BACKEND until $ENOUGH responses came, for ten minutes at most.
# Only what happens meanwhile counts: HAProxy's own counters go back to its start.
look() { echo 'show stat' | socat - "$SOCK"; }
before=$(look)
seconds=0
while :; do
  sleep 1
  seconds=$((seconds + 1))
  now=$(look)
  report=$(printf '%s\n%s\n' "$before" "$now" | awk -F, '
    /^# / { looks++; for (i = 1; i <= NF; i++) at[$i] = i; next }
    $1 != ENVIRON["BACKEND"] { next }
    {
      unanswered = $2 == "BACKEND" ? 0 : $at["econ"] + $at["eresp"]
      errors = $at["hrsp_5xx"] + unanswered
      all = errors + $at["hrsp_1xx"] + $at["hrsp_2xx"] + $at["hrsp_3xx"] + $at["hrsp_4xx"] + $at["hrsp_other"]
    }
    looks == 1 { errorsBefore[$2] = errors; allBefore[$2] = all; next }
    all > allBefore[$2] {
      percent = 100 * (errors - errorsBefore[$2]) / (all - allBefore[$2])
      if (percent > worst) { worst = percent; server = $2 }
      if ($2 != "BACKEND") responses += all - allBefore[$2]
    }
    END {
      printf "{\"responses\": %d, \"worstPercent\": %.3f, \"server\": \"%s\"}\n", responses, worst, server
      exit responses < ENVIRON["ENOUGH"] + 0
    }') && break
  [ "$seconds" -lt 600 ] || break
done
echo "$report"
