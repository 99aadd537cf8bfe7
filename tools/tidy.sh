#!/usr/bin/env bash
# usage: tools/tidy.sh [FILE.cpp ...]
#
# clang-tidy over the given sources, or all that the dev preset compiles; .clang-tidy says what is
# looked for. Warnings are errors.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -f build/dev/compile_commands.json ] || cmake --preset dev >/dev/null
if [ $# = 0 ]; then
    mapfile -t known < <(python3 -c "import json, os
for entry in json.load(open('build/dev/compile_commands.json')):
    print(os.path.relpath(entry['file']))" | sort -u)
    mapfile -t files < <(git ls-files '*.cpp' | sort | comm -12 - <(printf '%s\n' "${known[@]}" | sort))
    set -- "${files[@]}"
fi
printf '%s\n' "$@" | xargs -P "$(nproc)" -n 1 clang-tidy-14 -p build/dev --quiet --warnings-as-errors='*' \
    --extra-arg=-Wno-unknown-warning-option
