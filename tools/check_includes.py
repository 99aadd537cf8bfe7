#!/usr/bin/env python3
"""Holds the house to its arrows: an include never points upward, inside core a room includes only
rooms above it in core/CMakeLists.txt, and sim, host and firmware do not know each other."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# floor -> the floors that it may include besides itself
ALLOWED = {
    "core": set(),
    "radio": {"core"},
    "observe": {"core"},
    "edge": {"core"},
    "sim": {"core", "radio", "observe", "edge"},
    "host": {"core", "radio", "observe", "edge"},
    "firmware": {"core"},
    "apps": {"core", "radio", "observe", "edge", "sim", "host"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')


def rooms():
    text = (ROOT / "core/CMakeLists.txt").read_text()
    return re.search(r"foreach\(room ([^)]*)\)", text).group(1).split()


def violations():
    order = {room: place for place, room in enumerate(rooms())}
    for floor, allowed in ALLOWED.items():
        for path in sorted((ROOT / floor).rglob("*.[ch]pp")):
            here = path.relative_to(ROOT)
            for number, line in enumerate(path.read_text().splitlines(), 1):
                match = INCLUDE.match(line)
                if not match:
                    continue
                target = match.group(1).split("/")
                if target[0] not in ALLOWED:
                    yield f"{here}:{number}: {match.group(1)} is no floor/room/file path"
                elif target[0] != floor and target[0] not in allowed:
                    yield f"{here}:{number}: {floor} must not include {target[0]}"
                elif floor == "core" and order[target[1]] > order[here.parts[1]]:
                    yield f"{here}:{number}: core/{here.parts[1]} must not include core/{target[1]}"


def main():
    found = list(violations())
    for line in found:
        print(line)
    print(f"include directions: {len(found)} wrong")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
