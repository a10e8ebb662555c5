# SPDX-License-Identifier: GPL-3.0-or-later
# How far a build is and how long it will still take, read from ninja's own lines. Sourced by common.sh.

# step_weight DESCRIPTION: sets `weight` to about how many tenths of a second the step takes; only the ratios count.
step_weight() {
  case $1 in
    *app/*Unity/unity_*) weight=150 ;;
    *tests/*Unity/unity_*) weight=126 ;;
    *Unity/unity_*) weight=97 ;;
    *cmake_pch.hxx*) weight=74 ;;
    *autogen*) weight=51 ;;
    *.o) weight=21 ;;
    *) weight=14 ;;
  esac
}

# weigh_steps TREE [TARGET...]: sets `all_steps` and `all_weight` to what a build of nothing but sources would do.
weigh_steps() {
  local tree=$1 command weight; shift
  all_steps=0 all_weight=0
  while IFS= read -r command; do
    step_weight "$command"
    all_steps=$((all_steps + 1)) all_weight=$((all_weight + weight))
  done < <(ninja -C "$tree" -t commands ${@:+"$@"} 2>/dev/null | sed -E 's/.* -o( [^ ]+\.o) .*/\1/; t; s/.*/other/')
}

duration() {
  if [ "$1" -ge 90 ]; then echo "$((($1 + 30) / 60)) min"; else echo "$1 s"; fi
}

# time_left: says what the steps that remain should take, by what those that are done took. A build from nothing is
# weighed by the kinds of its steps; one that goes on with what is there knows their number alone.
time_left() {
  local elapsed=$((EPOCHSECONDS - started)) left
  if [ $((finished * 50)) -lt "$steps" ] || [ "$elapsed" -lt 3 ]; then echo "measuring the time left"; return; fi
  if [ "$steps" = "$all_steps" ]; then left=$((elapsed * (all_weight - done_weight) / done_weight))
  else left=$((elapsed * (steps - finished) / finished)); fi
  echo "about $(duration $((left > 0 ? left : 1))) left"
}

show_step() {
  local percent=$((steps > 0 ? 100 * finished / steps : 0))
  local text="$percent %: $finished of $steps steps, $(time_left)"
  if [ -t 1 ]; then printf '\r\033[K%s' "$text"
  elif [ $((percent / 10)) -gt "$shown_tenth" ]; then shown_tenth=$((percent / 10)); echo "$text"; fi
}

# progress_of_build TREE [TARGET...]: reads the lines of a build and shows one line that tells how far it is; where
# nobody watches a terminal, a line every tenth.
progress_of_build() {
  local line part='' weight status started=$EPOCHSECONDS finished=0 steps=0 done_weight=0 shown_tenth=0
  local all_steps all_weight
  weigh_steps "$@"
  while :; do
    IFS= read -r -t 1 line && status=0 || status=$?
    part+=$line
    if [ $status = 0 ]; then
      if [[ $part =~ ^\[([0-9]+)/([0-9]+)\]\ (.*) ]] && [[ $part != *'Re-checking globbed'* && $part != *'Re-running CMake'* ]]; then
        finished=${BASH_REMATCH[1]} steps=${BASH_REMATCH[2]}
        step_weight " ${BASH_REMATCH[3]}"
        done_weight=$((done_weight + weight))
        show_step
      fi
      part=''
    elif [ $status -le 128 ]; then break  # the build has ended
    elif [ "$steps" -gt 0 ] && [ -t 1 ]; then show_step; fi
  done
  if [ -t 1 ] && [ "$steps" -gt 0 ]; then printf '\r\033[K'; fi
}
