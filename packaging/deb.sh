#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes build/lapidary_VERSION_ARCHITECTURE.deb: builds both programs, stages what `cmake --install` lays down, adds
# what Debian asks for, and packs it. LAPIDARY_BUILD=FOLDER takes the programs of an existing build tree.
# The package is packed by dpkg-deb and not by CPack: so it holds exactly what an installation under a prefix has, the
# same file is made every time, and each of Debian's rules stands in one line below.
source "$(dirname "$0")/common.sh"

# changelog FIELD: of its newest entry.
changelog() { dpkg-parsechangelog -l packaging/debian/changelog -S "$1"; }

# What an installation under a prefix has, without symbols and the compiler's notes; then Debian's folder for zsh, its
# changelog, and what it wants compressed.
stage_files() {
  DESTDIR=$stage cmake --install "$tree" --prefix /usr >/dev/null
  strip --strip-unneeded --remove-section=.comment --remove-section=.note "$stage"/usr/bin/*
  mv "$stage/usr/share/zsh/site-functions" "$stage/usr/share/zsh/vendor-completions"
  gzip -9n "$stage"/usr/share/man/man1/*.1
  gzip -9nc packaging/debian/changelog >"$stage/usr/share/doc/lapidary/changelog.gz"
}

# The libraries that both programs are linked to. dpkg-shlibdeps wants to find debian/control, and writes beside it.
library_dependencies() {
  local scratch=$work/shlibdeps
  mkdir -p "$scratch/debian"
  printf 'Source: lapidary\n\nPackage: lapidary\nArchitecture: any\n' >"$scratch/debian/control"
  (cd "$scratch" && dpkg-shlibdeps -O "$stage/usr/bin/lapidary" "$stage/usr/bin/lapidary-cli") |
    sed -n 's/^shlibs:Depends=//p'
}

# qt6-qpa-plugins has the X11 platform and the JPEG reader, qt6-image-formats-plugins those of WebP and TIFF, which the
# programs load by name when they run: no linker knows of them. The engine that draws the icons is part of libqt6svg6,
# which the window is linked to.
write_control() {
  mkdir -p "$stage/DEBIAN"
  { sed -n '1p' packaging/debian/control
    echo "Version: $version"
    echo "Architecture: $architecture"
    echo "Maintainer: $(changelog Maintainer)"
    echo "Installed-Size: $(du -k --apparent-size -s "$stage/usr" | cut -f1)"
    echo "Depends: $(library_dependencies), qt6-qpa-plugins, qt6-image-formats-plugins"
    sed '1d' packaging/debian/control
  } >"$stage/DEBIAN/control"
  (cd "$stage" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$stage/DEBIAN/md5sums"
}

# Folders and files as everybody may read them, whatever this person's umask is, and of the changelog's time.
settle_modes_and_times() {
  find "$stage" -type d -exec chmod 755 {} +
  find "$stage" -type f -exec chmod u=rw,go=r {} +
  chmod 755 "$stage"/usr/bin/*
  find "$stage" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
}

install_missing "${build_packages[@]}" dpkg-dev
if [ -n "${LAPIDARY_BUILD:-}" ]; then tree=$LAPIDARY_BUILD
else tree=build/release; build release lapidary lapidary-cli
fi
version=$(sed -n 's/^project(Lapidary VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
if [ "$(changelog Version)" != "$version" ]; then
  echo "packaging/debian/changelog has no entry for version $version of CMakeLists.txt: write one on top." >&2
  exit 1
fi
architecture=$(dpkg --print-architecture)
SOURCE_DATE_EPOCH=$(changelog Timestamp)
export SOURCE_DATE_EPOCH
work=$PWD/build/deb
stage=$work/stage
package=build/lapidary_${version}_$architecture.deb

say "Packing $package"
rm -rf "$work"
mkdir -p "$stage"
stage_files
write_control
settle_modes_and_times
dpkg-deb --root-owner-group --build -Zxz "$stage" "$package"
