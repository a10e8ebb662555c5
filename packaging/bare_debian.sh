# SPDX-License-Identifier: GPL-3.0-or-later
# A bare Debian 12 in a folder, for check_deb.sh: made, entered, watched and removed. Sourced; `root` is the folder,
# `scratch` the one around it. Packages come from where this machine's apt takes Debian's.

# debian_sources: "URI SUITE COMPONENT" of each index that this machine's apt takes from Debian.
debian_sources() {
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 'Origin: Debian' |
    grep ' bookworm'
}

# How this machine reaches them: proxies, retries and dates, not what it does before and after.
transport_settings() { apt-config dump | grep -E '^Acquire::(http|https|Check|Retries)' || true; }

make_bare_debian() {
  local mirror proxy=
  mirror=$(debian_sources | awk '$2 == "bookworm" && $3 == "main" { print $1; exit }')
  [ -n "$mirror" ] || fail "apt on this machine has no source for Debian 12 (bookworm main): run apt-get update"
  eval "$(apt-config shell proxy Acquire::http::Proxy)"
  mkdir -p "$root"
  http_proxy=${proxy:-${http_proxy:-}} debootstrap --variant=minbase bookworm "$root" "$mirror" >"$scratch/debootstrap.log" ||
    { tail -n 20 "$scratch/debootstrap.log" >&2; fail "debootstrap could not make a Debian 12 from $mirror"; }
  debian_sources | sed 's/^/deb /' >"$root/etc/apt/sources.list"
  { transport_settings; echo 'Dpkg::Use-Pty "0";'; } >"$root/etc/apt/apt.conf.d/90transport"
  # No service is started in the folder.
  printf '#!/bin/sh\nexit 101\n' | install -m 755 /dev/stdin "$root/usr/sbin/policy-rc.d"
}

enter_bare_debian() {
  mount -t proc proc "$root/proc"
  cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
  mkdir -p "$root/tmp/.X11-unix"
  mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
  apt_quietly update
}

# start_display: an X server outside, so that nothing of it is mistaken for what the package brings. Sets `display`.
start_display() {
  mkdir -p /tmp/.X11-unix
  Xvfb -displayfd 3 -screen 0 1280x900x24 -nolisten tcp -ac 3>"$scratch/display" 2>"$scratch/xvfb.log" &
  server=$!
  wait_for "an X server is there" test -s "$scratch/display"
  display=:$(cat "$scratch/display")
}

# apt_quietly WORDS...: shows what apt says where it fails.
apt_quietly() {
  in_root apt-get -y -qq --no-install-recommends "$@" >"$scratch/apt.log" 2>&1 || { cat "$scratch/apt.log" >&2; fail "apt-get $1"; }
}

in_root() {
  chroot "$root" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
    LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

# as_visitor COMMAND...: as a user without rights, in a folder of theirs that is not where the program is.
as_visitor() {
  in_root runuser -u visitor -- /usr/bin/env -C /home/visitor/models HOME=/home/visitor DISPLAY="${display:-}" \
    XDG_RUNTIME_DIR=/home/visitor/run "$@"
}

# end_processes [USER]: those that run inside the folder, of the user or all.
end_processes() {
  local process
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/root" 2>/dev/null)" = "$root" ] || continue
    [ -z "${1:-}" ] || [ "$(stat -c %u "$process" 2>/dev/null)" = "$(in_root id -u "$1")" ] || continue
    kill "${process#/proc/}" 2>/dev/null || true
  done
}

# snapshot: every file with owner, rights and content, but for what belongs to users, logs, and package lists.
snapshot() {
  in_root find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /home \
    -o -path /var/log -o -path /var/cache -o -path /var/lib/dpkg -o -path /var/lib/apt \) -prune \
    -o -printf '%M %u %g %p %l\n' | sort
  in_root find /etc /usr /opt /var/lib /var/spool -xdev \( -path /var/lib/dpkg -o -path /var/lib/apt \) -prune \
    -o -type f -exec sha256sum {} + | sort -k 2
}

leave_bare_debian() {
  local status=$?
  end_processes
  if [ -n "${server:-}" ]; then kill "$server" 2>/dev/null || true; fi
  for mounted in "$root/tmp/.X11-unix" "$root/proc"; do
    ! mountpoint -q "$mounted" || umount "$mounted" || umount -l "$mounted"
  done
  if [ $status != 0 ] && [ -s "$scratch/window.log" ]; then
    echo "What the window said:" >&2
    tail -n 20 "$scratch/window.log" >&2
  fi
  rm -rf --one-file-system "$scratch"
}
