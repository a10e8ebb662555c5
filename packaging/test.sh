#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds everything and runs every test through ctest. Arguments go to ctest.
source "$(dirname "$0")/common.sh"

install_missing "${build_packages[@]}" "${run_packages[@]}" "${test_packages[@]}"
fetch_judges
build "${LAPIDARY_PRESET:-ci}"
private_runtime_folder
say "Testing"
ctest --preset "${LAPIDARY_PRESET:-ci}" -j "${JOBS:-2}" "$@"
