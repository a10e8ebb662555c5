#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Draws resources/icons/sizes/*.png from resources/icons/lapidary.svg: run it after that was changed. The pictures are
# kept in the repository so that neither building nor installing needs the program that draws them; a test compares.
source "$(dirname "$0")/common.sh"

install_missing librsvg2-bin
for size in 16 22 24 32 48 64 128 256 512; do
  rsvg-convert --width "$size" --height "$size" --output "resources/icons/sizes/lapidary-$size.png" \
    resources/icons/lapidary.svg
done
