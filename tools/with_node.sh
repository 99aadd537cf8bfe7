#!/usr/bin/env bash
# usage: tools/with_node.sh COMMAND ...
#
# Runs COMMAND with the pinned Node 22 and npm first in PATH, and fetches them into .deps/node when
# they are not there. Debian 12's own Node 18 builds the page wrongly and says nothing; it serves
# here only to fetch the other one, on a machine that has no npm yet.
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
node=$top/.deps/node
log=$top/.deps/install.log

die() {
    echo "with_node: $1" >&2
    exit 1
}

fetch() {
    command -v npm >/dev/null || "$top/tools/install.sh" npm
    echo "with_node: Node 22 and npm into .deps/node" >&2
    rm -rf "$node.new"
    mkdir -p "$node.new"
    cp "$top"/tools/node/{package.json,package-lock.json,.npmrc} "$node.new"
    (cd "$node.new" && npm ci --ignore-scripts >>"$log" 2>&1) ||
        die "npm could not fetch Node 22 (network or disk space? see $log)"
    rm -rf "$node"
    mv "$node.new" "$node"
}

mkdir -p "$top/.deps"
cmp -s "$top/tools/node/package-lock.json" "$node/package-lock.json" || fetch
# Debian's npm 9 links no .bin/node for an optional package: its own folder comes first.
case $(uname -m) in
    x86_64) machine=x64 ;;
    aarch64) machine=arm64 ;;
    *) die "no Node 22 for $(uname -m) among npm's packages" ;;
esac
export PATH=$node/node_modules/node-linux-$machine/bin:$node/node_modules/.bin:$PATH
[[ $(node --version) == v22.* ]] || die "node in $node does not run on this machine"
exec "$@"
