#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the pictures of the user's manual from the real window, in every language that it has: run it after the look of
# the window has changed. It takes a few minutes; best with nothing else at work, as some figures are times.
source "$(dirname "$0")/common.sh"

largest=2500000  # bytes of all pictures together: they are compiled in
audited=tests/data/audit/bad/two_members.pt

# Palettes and better packing: a fifth of what the window saves by itself.
install_missing "${build_packages[@]}" "${run_packages[@]}" pngquant optipng
build release lapidary
private_runtime_folder

for language in en zh_CN; do
  out=resources/manual/$language/pictures
  say "Pictures of the manual in $language"
  mkdir -p "$out"
  rm -f "$out"/*.png
  QT_QPA_PLATFORM=offscreen LANG=C.UTF-8 build/release/app/lapidary --lang "$language" --theme light \
    --manual-pictures "$out" "$audited"
  pngquant --force --ext .png --strip --speed 1 --quality 80-100 "$out"/*.png
  optipng -quiet -strip all "$out"/*.png
done

bytes=$(cat resources/manual/*/pictures/*.png | wc -c)
say "$(ls resources/manual/*/pictures/*.png | wc -l) pictures, $bytes bytes"
if [ "$bytes" -gt "$largest" ]; then
  echo "The pictures take more than the $largest bytes that they may: crop some, or lower the quality." >&2
  exit 1
fi
