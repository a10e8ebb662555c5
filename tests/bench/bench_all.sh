#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs every bench of a build folder and sums up their ratios beside the goals: bench_all.sh BUILD_FOLDER.
# Builds nothing. Ends with 1 where a bench is missing or failed; a goal that is not reached is no failure.
if [ $# -ne 1 ] || [ ! -d "$1/tests/bench" ]; then
  echo "usage: $0 BUILD_FOLDER (one that holds tests/bench)" >&2
  exit 2
fi
benches="bench_engine bench_live bench_parallel bench_edit bench_structure bench_kernels bench_winograd bench_memory bench_rounding bench_search bench_container bench_distill bench_train bench_repair"
output=$(mktemp -d) || exit 2
trap 'rm -rf "$output"' EXIT
trap 'exit 130' INT TERM
# A window is needed by bench_live; without a display it is drawn in memory.
if [ -z "$DISPLAY$WAYLAND_DISPLAY$QT_QPA_PLATFORM" ]; then
  export QT_QPA_PLATFORM=offscreen
fi

failed=""
for bench in $benches; do
  printf '\n== %s ==\n' "$bench"
  if [ ! -x "$1/tests/bench/$bench" ]; then
    echo "not built"
    failed="$failed $bench(not built)"
    continue
  fi
  { "$1/tests/bench/$bench"; echo $? >"$output/status"; } | tee "$output/$bench"
  [ "$(cat "$output/status")" = 0 ] || failed="$failed $bench(failed)"
done

printf '\n== summary ==\n'
for bench in $benches; do
  [ -f "$output/$bench" ] || continue
  awk -v bench="$bench" '
    $1 == "ratio" && $4 == "goal" {
      ++count
      verdict = "no goal"
      if ($5 == ">=") verdict = ($3 + 0 >= $6 + 0) ? "reached" : "NOT reached"
      if ($5 == "<=") verdict = ($3 + 0 <= $6 + 0) ? "reached" : "NOT reached"
      printf "%-15s %-44s %9s  %-8s %s\n", bench, $2, $3, ($5 == "none") ? "" : $5 " " $6, verdict
    }
    /skipped/ { printf "%-15s %s\n", bench, $0 }
    END { if (!count) printf "%-15s printed no ratio\n", bench }' "$output/$bench"
done
[ -z "$failed" ] || { echo "did not run to the end:$failed"; exit 1; }
