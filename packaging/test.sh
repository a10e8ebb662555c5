#!/usr/bin/env bash
# Installs what is missing, builds everything and runs every test through ctest. Arguments go to ctest.
source "$(dirname "$0")/common.sh"

install_missing "${build_packages[@]}" "${run_packages[@]}" libonnx-testdata libbenchmark-dev
command -v node >/dev/null || install_missing nodejs npm

# ONNX Runtime, the judge of what is exported. Where it cannot be had the interop tests say so and skip.
modules=tests/interop/node_modules
if [ ! -d $modules/onnxruntime-node ] || [ tests/interop/package.json -nt $modules ]; then
  say "Fetching ONNX Runtime for the interop tests"
  (cd tests/interop && npm install --ignore-scripts --no-package-lock --no-audit --no-fund --silent) ||
    echo "ONNX Runtime could not be fetched: the interop tests will be skipped."
fi

build "${LAPIDARY_PRESET:-ci}"
say "Testing"
ctest --preset "${LAPIDARY_PRESET:-ci}" -j 2 "$@"
