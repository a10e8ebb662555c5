#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs every fuzz target for so many seconds (600 where none are given), or those named after them, and prints a
# line each. What is found goes to the folder of the findings. Exit status 1 where anything was found.
#   cmake --preset fuzz && cmake --build --preset fuzz && tests/fuzz/run.sh 60
here=$(cd "$(dirname "$0")" && pwd)
seconds=${1:-600}
[ $# -gt 0 ] && shift
build=${LAPIDARY_FUZZ_BUILD:-$here/../../build/fuzz}/tests/fuzz
out=${LAPIDARY_FUZZ_OUT:-${TMPDIR:-/tmp}/fuzz}
export LSAN_OPTIONS="suppressions=$here/../lsan.supp:print_suppressions=0"
status=0
[ $# -gt 0 ] || set -- $(ls "$here"/fuzz_*.cpp | sed 's|.*/fuzz_\(.*\)\.cpp|\1|')
printf '%-12s %12s %9s %9s %9s\n' target executions coverage corpus findings
for target; do
  program=$build/fuzz_$target
  [ -x "$program" ] || { echo "$target: $program is missing; build it first" >&2; exit 2; }
  mkdir -p "$out/$target/corpus" "$out/$target/findings"
  dictionary=; [ -f "$here/dict/$target" ] && dictionary=-dict=$here/dict/$target
  OMP_NUM_THREADS=1 "$program" -max_total_time="$seconds" -max_len=16384 -timeout=30 -rss_limit_mb=3000 \
    -print_final_stats=1 $dictionary -artifact_prefix="$out/$target/findings/" \
    "$out/$target/corpus" "$here/corpus/$target" >"$out/$target/log" 2>&1
  result=$?
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$out/$target/log")
  coverage=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$out/$target/log" | tail -1)
  findings=$(ls "$out/$target/findings" | wc -l)
  [ $result -eq 0 ] && [ "$findings" -eq 0 ] || status=1
  printf '%-12s %12s %9s %9s %9s\n' "$target" "${executions:-0}" "${coverage:-0}" \
    "$(ls "$out/$target/corpus" | wc -l)" "$findings"
done
exit $status
