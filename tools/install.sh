#!/usr/bin/env bash
# usage: tools/install.sh [run|npm]
#
# Brings a bare Debian 12 to where this project builds: `run` is enough for ./run, without it
# everything for ./test; `npm` is Debian's npm and nothing else. Repeats cheaply: what is there is
# left alone.
#
# Nothing global changes but installed packages. Into .deps/, which git ignores, are unpacked: Boost
# 1.81 (whose -dev package conflicts with other Boost versions that a user may have), the sources of
# libsodium and nanopb (built for the Cat, and nanopb for the host too), and for ./test the digits
# that nets are trained on and the broker Mosquitto (whose package would start one).
set -euo pipefail
cd "$(dirname "$0")/.."
deps=$PWD/.deps
log=$deps/install.log
part=${1:-all}

die() {
    echo "install: $1" >&2
    exit 1
}

# Runs a command into the log; when it fails, the log's last lines and one line that says what.
quietly() { # WHAT COMMAND...
    local what=$1
    shift
    "$@" >>"$log" 2>&1 && return
    tail -n 5 "$log" >&2
    die "$what failed (network, rights or disk space? the whole of it is in $log)"
}

# Installing takes 4 GB for everything, and a build about as much again.
check_disk() {
    local free_mb
    free_mb=$(df -Pm . | awk 'NR == 2 { print $4 }')
    [ "$free_mb" -ge 3000 ] || die "only $free_mb MB free on the disk of $PWD, 3000 MB are needed"
}

apt_packages() {
    case $part in
        run) sed '/^# \.\/test alone/,$d' tools/packages.txt ;;
        npm) echo npm ;;
        *) cat tools/packages.txt ;;
    esac | grep -v '^#' | tr ' ' '\n' | grep .
}

missing_packages() {
    local installed
    # shellcheck disable=SC2016 # ${...} is dpkg-query's own
    installed=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p')
    apt_packages | grep -vxF "$installed" || true
}

install_packages() { # NAME...
    [ $# = 0 ] && return
    local root=()
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || die "these packages are missing and there is no sudo: $*"
        root=(sudo)
    fi
    echo "install: $# Debian packages" >&2
    quietly "apt-get update" "${root[@]}" apt-get update
    quietly "apt-get install $*" "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends --no-remove "$@"
}

# The machine's own Debian entries, as deb-src, in a private list: apt's own lists stay as they are.
write_source_list() {
    local file
    rm -rf "$deps/apt"
    mkdir -p "$deps/apt/lists/partial" "$deps/apt/parts"
    : >"$deps/apt/sources.list"
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [ -f "$file" ] || continue
        sed -n 's/^deb /deb-src /p' "$file" >>"$deps/apt/sources.list"
    done
    for file in /etc/apt/sources.list.d/*.sources; do
        [ -f "$file" ] || continue
        sed 's/^Types:.*/Types: deb-src/' "$file" >"$deps/apt/parts/$(basename "$file")"
    done
}

apt_source() { # NAME: unpacks the Debian source package into .deps/src/NAME
    [ -d "$deps/src/$1" ] && return
    local work="$deps/src/unpack-$1"
    local options=(-o Dir::Etc::sourcelist="$deps/apt/sources.list" -o Dir::Etc::sourceparts="$deps/apt/parts"
        -o Dir::State::lists="$deps/apt/lists" -o APT::Sandbox::User=root)
    echo "install: source of $1" >&2
    if [ ! -f "$deps/apt/fresh" ]; then
        write_source_list
        quietly "apt-get update for source packages" \
            apt-get "${options[@]}" -o APT::Update::Error-Mode=any update
        touch "$deps/apt/fresh"
    fi
    rm -rf "$work"
    mkdir -p "$work"
    (cd "$work" && quietly "apt-get source $1" apt-get "${options[@]}" source "$1")
    mv "$work"/"$1"-*/ "$deps/src/$1"
    rm -rf "$work"
}

# What is wanted of a Debian package without installing it and all that it needs.
unpack_package() { # NAME FOLDER WITNESS: into .deps/FOLDER, unless WITNESS is there
    [ -f "$deps/$2/$3" ] && return
    local work="$deps/$2-download"
    echo "install: what $1 holds" >&2
    rm -rf "$work"
    mkdir -p "$work"
    (cd "$work" && quietly "apt-get download $1" apt-get download "$1")
    quietly "unpacking $1" dpkg -x "$work/$1"_*.deb "$deps/$2"
    rm -rf "$work"
}

# The UCI handwritten digits, 1797 pictures of 8 x 8: real data for checks that train a net.
unpack_digits() {
    local packed=usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz
    unpack_package python3-sklearn digits $packed
    [ -f "$deps/digits/digits.csv" ] || gunzip -c "$deps/digits/$packed" >"$deps/digits/digits.csv"
}

for tool in apt-get dpkg-query sed awk; do
    command -v $tool >/dev/null || die "no $tool here: this needs Debian 12 or a relative of it"
done
mkdir -p "$deps/src" || die "cannot write to $deps"
mapfile -t missing < <(missing_packages)
[ ${#missing[@]} = 0 ] || check_disk
install_packages "${missing[@]}"
[ "$part" != npm ] || exit 0
apt_source libsodium
apt_source nanopb
unpack_package libboost1.81-dev boost usr/include/boost/version.hpp
[ "$part" != run ] || exit 0
unpack_digits
unpack_package mosquitto mosquitto usr/sbin/mosquitto
