#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The checks that machines make of the code. Each says what it does and how long it took; the first line that says
# FAILED tells where to look. Exit status 1 where any check fails.
#   packaging/check.sh format          every C++ file is as clang-format 14 writes it
#   packaging/check.sh tidy [FILE...]  clang-tidy 14 finds nothing, by the list of .clang-tidy
#   packaging/check.sh asan            the whole test suite under AddressSanitizer and UndefinedBehaviorSanitizer
#   packaging/check.sh tsan            the whole test suite under ThreadSanitizer
#   packaging/check.sh fuzz [SECONDS]  every fuzz target for so many seconds (60 where none are given)
#   packaging/check.sh all [SECONDS]   all of these, one after another
source "$(dirname "$0")/common.sh"

usage() { sed -n 's/^#  *\(packaging\/check.sh \)/\1/p' packaging/check.sh >&2; exit 2; }

# cpp_files FOLDER...: the C++ files of these folders that belong to the project.
cpp_files() {
  if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then git ls-files -- "${@/%//*.cpp}" "${@/%//*.h}"
  else find "$@" -name node_modules -prune -o \( -name '*.cpp' -o -name '*.h' \) -print; fi
}

# run_check NAME TEXT COMMAND...: runs the check, tells its outcome and its time, and notes a failure.
failed=()
run_check() {
  local name=$1 text=$2 started=$EPOCHSECONDS; shift 2
  say "$name: $text"
  if "$@"; then echo "$name: passed in $(duration $((EPOCHSECONDS - started)))."
  else
    echo "$name: FAILED after $(duration $((EPOCHSECONDS - started)))." >&2
    failed+=("$name")
  fi
}

check_format() {
  install_missing clang-format-14
  local log=build/format.log
  mkdir -p build
  cpp_files app core resources tests ui | xargs clang-format-14 --dry-run -Werror 2>"$log" && return
  sed -n 's/^\([^ :]*\):[0-9]*:[0-9]*: error: .*/\1/p' "$log" | sort | uniq -c >"$log.files"
  head -n 40 "$log.files" | sed -E 's/^ *([0-9]+) (.*)/\2: places that differ: \1/' >&2
  echo "Files that differ: $(wc -l <"$log.files"); every place of them: less $log" >&2
  echo "Mend them with: clang-format-14 -i FILE" >&2
  return 1
}

# tidy_files [FILE...]: those of the files that are compiled; all of app, core and ui where none are named.
tidy_files() {
  if [ $# = 0 ]; then cpp_files app core ui | grep '\.cpp$'; else printf '%s\n' "$@"; fi |
    while IFS= read -r file; do
      if grep -qF "\"file\": \"$PWD/$file\"" build/tidy/compile_commands.json; then echo "$file"; fi
    done
}

check_tidy() {
  install_missing "${build_packages[@]}" clang-tidy-14
  local log=build/tidy/tidy.log
  mkdir -p build/tidy
  if ! cmake --preset dev -B build/tidy -DLAPIDARY_PRECOMPILE=OFF >"$log" 2>&1; then
    explain_failure "$log"
    return 1
  fi
  tidy_files "$@" | xargs -P "${JOBS:-2}" -n 1 clang-tidy-14 --quiet -p build/tidy \
    --extra-arg=-Wno-unknown-warning-option >"$log" 2>/dev/null && return
  # A header's finding comes once for every file that includes it.
  grep -E '^/.*(error|warning): ' "$log" | sort -u | sed "s|^$PWD/||" | tee "$log.found" | head -n 40 >&2
  echo "$(wc -l <"$log.found") findings; all of them with their context: less $log" >&2
  return 1
}

# check_sanitized PRESET: builds the preset and runs every test of it.
check_sanitized() {
  install_missing "${build_packages[@]}" "${run_packages[@]}" "${test_packages[@]}"
  fetch_judges
  build "$1" || return
  ctest --preset "$1" -j "${JOBS:-2}" --output-log "build/$1/test.log" >/dev/null && return
  sed -n '/tests passed,/p; /^The following tests FAILED/,$p' "build/$1/test.log" >&2
  echo "All output of the tests: less build/$1/test.log" >&2
  return 1
}

check_fuzz() {
  install_missing "${build_packages[@]}" clang-14 libclang-rt-14-dev
  build fuzz fuzz_targets && tests/fuzz/run.sh "$1"
}

format() { run_check format 'every C++ file against .clang-format' check_format; }
tidy() { run_check tidy 'clang-tidy by the list of .clang-tidy' check_tidy "$@"; }
asan() { run_check asan 'all tests under AddressSanitizer and UndefinedBehaviorSanitizer' check_sanitized asan; }
tsan() { run_check tsan 'all tests under ThreadSanitizer (tests/tsan.supp)' check_sanitized tsan; }
fuzz() { run_check fuzz "every fuzz target for $1 s" check_fuzz "$1"; }

what=${1:-}
[ $# = 0 ] || shift
private_runtime_folder
case $what in
  format | asan | tsan) [ $# = 0 ] || usage; "$what" ;;
  tidy) tidy "$@" ;;
  fuzz) fuzz "${1:-60}" ;;
  all) format; tidy; asan; tsan; fuzz "${1:-60}" ;;
  *) usage ;;
esac
if [ ${#failed[@]} -gt 0 ]; then
  echo "FAILED: ${failed[*]}" >&2
  exit 1
fi
