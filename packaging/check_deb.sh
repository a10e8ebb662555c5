#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Tries the package in a bare Debian 12: installs it with what it depends on alone, starts the window from its desktop
# file, opens files by their types, runs the command line as a user who may write nowhere but at home, removes the
# package and looks for what is left. Takes the package's path, or the newest in build/. Needs root: it makes a Debian
# in a folder and enters it. Nothing of this machine is changed but for the programs named below.
source "$(dirname "$0")/common.sh"
source packaging/bare_debian.sh

desktop=/usr/share/applications/org.lapidary.lapidary.desktop
remembered=/home/visitor/.config/lapidary/lapidary.ini  # the window's list of recent files stands there

fail() { echo "FAILED: $*" >&2; exit 1; }
passed() { echo "ok: $*"; }

# wait_for WHAT COMMAND...: until the command succeeds, for a minute at most.
wait_for() {
  local what=$1 end=$((EPOCHSECONDS + 60)); shift
  until "$@" >/dev/null 2>&1; do
    [ $EPOCHSECONDS -lt $end ] || fail "$what did not happen within a minute"
    sleep 0.2
  done
  passed "$what"
}

# The rules of Debian and of desktops, on the package itself.
check_rules() {
  local unpacked=$scratch/unpacked complaints
  lintian --allow-root --fail-on error "$package" || fail "lintian has errors"
  passed "lintian has no errors"
  dpkg-deb -x "$package" "$unpacked"
  appstreamcli validate --no-net "$unpacked"/usr/share/metainfo/*.xml || fail "the metainfo is not valid"
  complaints=$(desktop-file-validate "$unpacked$desktop" 2>&1) || true
  [ -z "$complaints" ] || fail "the desktop file: $complaints"
  passed "metainfo and desktop file are valid"
}

windows() { DISPLAY=$display xdotool search --onlyvisible --name '^Lapidary$' | wc -l; }
has_windows() { [ "$(windows)" = "$1" ]; }
was_opened() { grep -q "^recentFiles=.*$1" "$root$remembered"; }

# What the desktop file says, with no file in the place of %F.
start_from_desktop_file() {
  local command
  command=$(sed -n 's/^Exec=//p' "$root$desktop")
  as_visitor sh -c "exec ${command/\%F/}" >"$scratch/window.log" 2>&1 &
  wait_for "a window from '$command'" has_windows 1
  close_windows
}

close_windows() {
  end_processes visitor
  wait_for "the windows are closed" has_windows 0
}

# The command line from another folder, and nothing written beside the programs.
check_command_line() {
  as_visitor lapidary-cli --version
  as_visitor lapidary-cli demo -o demo >/dev/null
  as_visitor lapidary-cli evaluate demo/lenet5.onnx --data demo/digits_test.npz | head -n 3
  as_visitor lapidary-cli compress demo/lenet5.onnx --sparsity 0.5 -o packed.lapidary >/dev/null
  as_visitor test -s packed.lapidary || fail "lapidary-cli compress wrote nothing"
  if as_visitor lapidary-cli demo -o /usr/share/lapidary-demo >/dev/null 2>&1; then
    fail "a visitor may write where the program is installed"
  fi
  passed "the command line works from another folder without rights where it is installed"
}

session_document() {
  cat <<'DOCUMENT'
{"lapidarySession": 1, "model": "/home/visitor/models/demo/lenet5.onnx", "data": "/home/visitor/models/demo/digits_test.npz",
 "recipe": {"format": "lapidary-recipe", "version": 1, "layers": {}}, "visited": [], "view": {}}
DOCUMENT
}

# check_type FILE TYPE: what desktops take the file for, and that Lapidary opens such files.
check_type() {
  local type handler
  type=$(as_visitor gio info -a standard::content-type "$1" | sed -n 's/.*content-type: //p')
  [ "$type" = "$2" ] || fail "$1 is taken for '$type', not for $2"
  handler=$(as_visitor xdg-mime query default "$2")
  [ "/usr/share/applications/$handler" = "$desktop" ] || fail "$2 is opened by '$handler'"
  passed "$1 is of type $2, which Lapidary opens"
}

check_types() {
  session_document | as_visitor sh -c 'cat >saved.lapidary-session'
  as_visitor sh -c 'for e in safetensors npz npy pt pth; do echo weights >weights.$e; done'
  check_type demo/lenet5.onnx application/x-onnx
  check_type packed.lapidary application/x-lapidary
  check_type saved.lapidary-session application/x-lapidary-session
  check_type weights.safetensors application/x-safetensors
  check_type weights.npz application/x-numpy-npz
  check_type weights.npy application/x-numpy-npy
  check_type weights.pt application/x-pytorch
  check_type weights.pth application/x-pytorch
  as_visitor sh -c 'cp packed.lapidary packed && cp saved.lapidary-session saved && cp demo/digits_test.npz digits'
  check_type packed application/x-lapidary
  check_type saved application/x-lapidary-session
  check_type digits application/x-numpy-npz
}

# open_by_type FILE: as a double click does.
open_by_type() {
  as_visitor gio open "$1" >>"$scratch/window.log" 2>&1 &
  wait_for "$1 is open in a window" was_opened "$(basename "$1")"
  close_windows
}

open_two_files() {
  as_visitor rm "$remembered"
  as_visitor gio launch "$desktop" demo/lenet5.onnx packed.lapidary >>"$scratch/window.log" 2>&1 &
  wait_for "two files have a window each" has_windows 2
  wait_for "the first of two files is open" was_opened lenet5.onnx
  wait_for "the second of two files is open" was_opened packed.lapidary
  close_windows
}

# no_trace BEFORE: what stood in the folder before the installation stands there now, and nothing else.
no_trace() {
  if in_root dpkg-query -W lapidary >/dev/null 2>&1; then fail "dpkg still knows the package"; fi
  snapshot >"$scratch/after"
  diff "$1" "$scratch/after" || fail "the package left the differences above (< before, > after)"
  if found=$(in_root find / -xdev -iname '*lapidary*' -not -path '/home/*' -not -path '/proc/*') && [ -n "$found" ]; then
    fail "left behind: $found"
  fi
  passed "nothing is left of the package"
}

purge() {
  say "Removing the package"
  apt_quietly purge lapidary
}

package=$(realpath "${1:-$(ls -t build/lapidary_*.deb 2>/dev/null | head -n 1)}")
[ -f "$package" ] || fail "there is no package: run packaging/deb.sh first"
[ "$(id -u)" = 0 ] || fail "run it as root: it makes a Debian in a folder and enters it"
install_missing lintian appstream desktop-file-utils debootstrap xvfb xdotool

scratch=$(mktemp -d -t lapidary-check-XXXXXX)
root=$scratch/root
trap leave_bare_debian EXIT
check_rules

say "Making a bare Debian 12"
make_bare_debian
start_display
enter_bare_debian
in_root useradd -m visitor
in_root install -d -o visitor -g visitor -m 700 /home/visitor/models /home/visitor/run

say "Installing what the package depends on, and the package"
apt_quietly satisfy "$(dpkg-deb -f "$package" Depends)"
snapshot >"$scratch/bare"
install -m 644 "$package" "$root/tmp/package.deb"
in_root dpkg -i /tmp/package.deb >/dev/null
check_command_line
start_from_desktop_file
purge
no_trace "$scratch/bare"

say "Installing it on a desktop that knows types"
apt_quietly install xdg-utils libglib2.0-bin desktop-file-utils
apt_quietly satisfy "$(dpkg-deb -f "$package" Recommends)"
snapshot >"$scratch/desktop"
apt_quietly install /tmp/package.deb
check_types
open_by_type demo/lenet5.onnx
open_by_type packed.lapidary
open_by_type saved.lapidary-session
open_two_files
purge
no_trace "$scratch/desktop"
say "The package is sound"
