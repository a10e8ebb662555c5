#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds Lapidary and starts it with its embedded demo. Without a display it
# walks through the demo in the real window offscreen and leaves screenshots, the exported bundle and
# a summary.
source "$(dirname "$0")/common.sh"

install_missing "${build_packages[@]}" "${run_packages[@]}"
build release lapidary lapidary-cli
private_runtime_folder

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  say "Starting Lapidary with its demo"
  build/release/app/lapidary --demo "$@"
else
  out=${LAPIDARY_DEMO_DIR:-$PWD/build/demo}
  mkdir -p "$out"
  say "No display: walking through the demo offscreen, results go to $out"
  QT_QPA_PLATFORM=offscreen build/release/app/lapidary --demo-tour "$out" "$@"
fi
