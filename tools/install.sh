#!/usr/bin/env bash
# Brings a bare Debian 12 to where this project builds. Repeats cheaply: what is there is left alone.
#
# Nothing global changes but installed packages: Boost 1.81 (whose -dev package conflicts with other
# Boost versions that a user may have) and the sources of libsodium and nanopb (built for the Cat, and
# nanopb for the host too) are unpacked into .deps/, which git ignores.
set -euo pipefail
cd "$(dirname "$0")/.."
deps=$PWD/.deps

apt_packages() { grep -v '^#' tools/packages.txt | tr ' ' '\n' | grep .; }

missing_packages() {
    local name
    for name in $(apt_packages); do
        dpkg-query -W -f='${Status}\n' "$name" 2>/dev/null | grep -q 'install ok installed' || echo "$name"
    done
}

install_packages() {
    local missing
    missing=$(missing_packages)
    [ -z "$missing" ] && return
    local sudo=
    if [ "$(id -u)" != 0 ]; then sudo=sudo; fi
    $sudo apt-get update
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y --no-install-recommends --no-remove $missing
}

# The machine's own Debian entries, as deb-src, in a private list: apt's own lists stay as they are.
write_source_list() {
    mkdir -p "$deps/apt/lists/partial"
    : >"$deps/apt/sources.list"
    local file
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [ -f "$file" ] && sed -n 's/^deb /deb-src /p' "$file" >>"$deps/apt/sources.list"
    done
    rm -f "$deps"/apt/parts/*.sources
    mkdir -p "$deps/apt/parts"
    for file in /etc/apt/sources.list.d/*.sources; do
        [ -f "$file" ] && sed 's/^Types:.*/Types: deb-src/' "$file" >"$deps/apt/parts/$(basename "$file")"
    done
    return 0
}

apt_source() { # NAME: unpacks the Debian source package into .deps/src/NAME
    [ -d "$deps/src/$1" ] && return
    local options=(-o Dir::Etc::sourcelist="$deps/apt/sources.list" -o Dir::Etc::sourceparts="$deps/apt/parts"
        -o Dir::State::lists="$deps/apt/lists" -o APT::Sandbox::User=root)
    if [ ! -f "$deps/apt/fresh" ]; then
        write_source_list
        apt-get "${options[@]}" update
        touch "$deps/apt/fresh"
    fi
    local work="$deps/src/unpack-$1"
    rm -rf "$work"
    mkdir -p "$work"
    (cd "$work" && apt-get "${options[@]}" source "$1")
    mv "$work"/"$1"-*/ "$deps/src/$1"
    rm -rf "$work"
}

unpack_boost() {
    [ -f "$deps/boost/usr/include/boost/version.hpp" ] && return
    local work="$deps/boost-download"
    rm -rf "$work"
    mkdir -p "$work"
    (cd "$work" && apt-get download libboost1.81-dev)
    dpkg -x "$work"/libboost1.81-dev_*.deb "$deps/boost"
    rm -rf "$work"
}

install_packages
mkdir -p "$deps/src"
apt_source libsodium
apt_source nanopb
unpack_boost
