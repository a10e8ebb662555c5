# Shared by run.sh and test.sh: what Lapidary needs from Debian, and how it is built. Sourced, not run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

build_packages=(
  build-essential cmake ninja-build pkg-config
  qt6-base-dev libqt6opengl6-dev libxkbcommon-dev qt6-charts-dev qt6-svg-dev qt6-tools-dev qt6-tools-dev-tools
  qt6-l10n-tools libquazip1-qt6-dev zlib1g-dev libzstd-dev libsodium-dev
  libeigen3-dev libdnnl-dev libonnx-dev libprotobuf-dev protobuf-compiler nlohmann-json3-dev libcli11-dev
  libgtest-dev libgmock-dev libopenmpi-dev openmpi-bin
)
run_packages=(fonts-dejavu-core fonts-wqy-microhei qt6-qpa-plugins)

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

# build PRESET [TARGET...]: configures and builds, with two jobs unless JOBS says otherwise.
build() {
  local preset=$1; shift
  say "Building (preset $preset)"
  cmake --preset "$preset" >/dev/null
  cmake --build "build/$preset" -j "${JOBS:-2}" ${@:+--target "$@"}
}
