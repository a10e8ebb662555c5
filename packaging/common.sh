# SPDX-License-Identifier: GPL-3.0-or-later
# Shared by the scripts of this folder: what Lapidary needs from Debian, and how it is built. Sourced, not run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source packaging/progress.sh

build_packages=(
  build-essential cmake ninja-build pkg-config
  qt6-base-dev libqt6opengl6-dev libxkbcommon-dev qt6-charts-dev qt6-svg-dev qt6-tools-dev qt6-tools-dev-tools
  qt6-l10n-tools libquazip1-qt6-dev zlib1g-dev libpng-dev libzstd-dev libssl-dev
  libsndfile1-dev libogg-dev libsoxr-dev
  libbz2-dev liblzma-dev liblz4-dev libyaml-dev
  libeigen3-dev libdnnl-dev libonnx-dev libprotobuf-dev protobuf-compiler nlohmann-json3-dev libcli11-dev
  libgtest-dev libgmock-dev libopenmpi-dev openmpi-bin
)
# qt6-image-formats-plugins: Qt's readers of WebP and TIFF, which are loaded by name when a picture is of that kind.
run_packages=(fonts-dejavu-core fonts-wqy-microhei qt6-qpa-plugins qt6-image-formats-plugins)
test_packages=(libonnx-testdata libbenchmark-dev python3-jsonschema zsh)

say() { printf '\n== %s\n' "$*"; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else echo "Needs root or sudo for: $*" >&2; return 1
  fi
}

# install_missing PACKAGE...: installs those of the packages that are not there yet.
install_missing() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  if [ ${#missing[@]} = 0 ]; then return; fi
  say "Installing ${missing[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# fetch_judges: ONNX Runtime and other judges of what is exported. Where they cannot be had the interop tests say so
# and skip.
fetch_judges() {
  local modules=tests/interop/node_modules
  command -v node >/dev/null || install_missing nodejs npm
  if [ -d $modules/onnxruntime-node ] && ! [ tests/interop/package.json -nt $modules ]; then return; fi
  say "Fetching ONNX Runtime for the interop tests"
  (cd tests/interop && npm install --ignore-scripts --no-package-lock --no-audit --no-fund --silent) ||
    echo "ONNX Runtime could not be fetched: the interop tests will be skipped."
}

# private_runtime_folder: Qt warns where the session has no folder for what lives while it runs; it gets one of its own.
private_runtime_folder() {
  if [ -n "${XDG_RUNTIME_DIR:-}" ]; then return; fi
  XDG_RUNTIME_DIR=$(mktemp -d -t lapidary-XXXXXX)
  export XDG_RUNTIME_DIR
  trap 'rm -rf "$XDG_RUNTIME_DIR"' EXIT
}

# explain_failure LOG: the first thing that failed, and where the rest stands.
explain_failure() {
  local log=$1 first
  first=$(grep -n -m1 -E '^FAILED: |^CMake Error' "$log" | cut -d: -f1 || true)
  { if [ -n "$first" ]; then tail -n "+$first" "$log" | head -n 40; else tail -n 20 "$log"; fi
    echo; echo "The build failed. All of its output: less $log"; } >&2
}

# build PRESET [TARGET...]: configures and builds, with two jobs unless JOBS says otherwise. What CMake and the
# compiler say goes to build/PRESET/build.log; shown are progress, and what failed.
build() {
  local preset=$1 tree=build/$1 log=build/$1/build.log started=$EPOCHSECONDS warnings; shift
  say "Building (preset $preset; all output in $log)"
  mkdir -p "$tree"
  if ! cmake --preset "$preset" >"$log" 2>&1 ||
    ! NINJA_STATUS='[%f/%t] ' cmake --build "$tree" -j "${JOBS:-2}" ${@:+--target "$@"} 2>&1 |
      tee -a "$log" | progress_of_build "$tree" "$@"; then
    explain_failure "$log"
    return 1
  fi
  warnings=$(grep -c ' warning: ' "$log" || true)
  echo "Built in $(duration $((EPOCHSECONDS - started)))$([ "$warnings" = 0 ] || echo ", with $warnings warnings: see $log")."
}
