#!/usr/bin/env python3
"""Holds the core to its word on a Cortex-M4F: no heap, no exceptions, no virtual functions, and the
budget. Runs the probe in QEMU and prints what it measured.

    m4_gate.py BUILD_FOLDER BUDGET_FILE
"""
import collections
import pathlib
import re
import shutil
import subprocess
import sys

# Mangled names that betray a heap, exceptions, guarded statics, virtual functions or stdio.
FORBIDDEN = re.compile(
    r"""^(_?(malloc|calloc|realloc|free|memalign|aligned_alloc)(_r)?|_sbrk(_r)?
         |_Zn[wa].*|_Zd[la].*                    # operator new and delete
         |__cxa_.*|_ZGV.*|_Unwind_.*|__gxx_.*    # guards, throw, unwinding
         |_ZTV.*|_ZTI.*|_ZTS.*                   # virtual tables and type information
         |_ZSt\d+__throw.*
         |_?_?v?f?s?n?i?printf(_r)?|__assert_func|_?raise(_r)?|_?signal(_r)?)$""",
    re.VERBOSE,
)
QEMU = [
    "qemu-system-arm", "-M", "mps2-an386", "-display", "none", "-monitor", "none", "-serial", "none",
    "-semihosting-config", "enable=on,target=native",
    # Time is a count of instructions: figures repeat exactly.
    "-icount", "shift=6,sleep=off", "-kernel",
]


class Broken(Exception):
    pass


def run(*command, **options):
    if shutil.which(command[0]) is None:
        raise Broken(f"{command[0]} is not installed: run tools/install.sh")
    return subprocess.run(command, capture_output=True, text=True, **options)


def symbols(path):
    """(name, kind, size) of everything that a file or archive defines or asks for."""
    for line in run("arm-none-eabi-nm", "-S", path, check=True).stdout.splitlines():
        fields = line.split()
        if len(fields) == 4:
            yield fields[3], fields[2], int(fields[1], 16)
        elif len(fields) in (2, 3) and not line.endswith(":"):
            yield fields[-1], fields[-2], 0


def refuse_symbols(elf, archive):
    """The archive too: what the probe does not reach must not allocate either."""
    for path in (elf, archive):
        found = sorted({name for name, _, _ in symbols(path) if FORBIDDEN.match(name)})
        if found:
            raise Broken(f"{path.name} has {', '.join(found[:8])}")


def text_by_room(elf):
    rooms = collections.Counter()
    for name, kind, size in symbols(elf):
        if kind in "tTrRwWV":
            match = re.match(r"_ZNK?6compot(\d+)", name)
            if match:
                start = match.end()
                rooms[name[start:start + int(match.group(1))]] += size
            else:
                rooms["libsodium, nanopb, libgcc, libc"] += size
    return rooms.most_common(8)


def section_sizes(elf):
    sizes = collections.Counter()
    for line in run("arm-none-eabi-size", "-A", elf, check=True).stdout.splitlines():
        fields = line.split()
        if len(fields) == 3 and fields[0] in (".text", ".data", ".bss"):
            sizes[fields[0]] = int(fields[1])
    return sizes


def run_probe(elf):
    """`name value` lines of the probe."""
    try:
        ended = run(*QEMU, elf, timeout=120)
    except subprocess.TimeoutExpired as problem:
        raise Broken("the probe did not end in 120 s") from problem
    lines = (ended.stdout + ended.stderr).split("\n")  # QEMU's semihosting writes to stderr
    if ended.returncode != 0 or "done" not in lines:
        raise Broken(f"the probe ended with {ended.returncode}: {' | '.join(lines[-6:])}")
    return {name: int(value) for name, value in (line.split() for line in lines if " " in line)}


def largest_frames(build):
    """The compiler's own word on the frame of each function."""
    frames = collections.Counter()
    for path in build.rglob("*.su"):
        for line in path.read_text().splitlines():
            where, size, _ = line.split("\t")
            frames[where.split(":", 3)[-1][:70]] = max(frames[where], int(size))
    return frames.most_common(5)


def read_budget(path):
    lines = (line.split() for line in path.read_text().splitlines())
    return {line[0]: int(line[1]) for line in lines if line and not line[0].startswith("#")}


def main():
    build, budget = pathlib.Path(sys.argv[1]), read_budget(pathlib.Path(sys.argv[2]))
    elf = build / "firmware/probe.elf"
    refuse_symbols(elf, build / "core/libcompot_core.a")
    sizes = section_sizes(elf)
    seen = run_probe(elf)
    for name, value in seen.items():
        print(f"{name:42} {value:>9}")
    for room, size in text_by_room(elf):
        print(f"flash of {room:33} {size:>9}")
    for name, size in largest_frames(build):
        print(f"frame of {name:70} {size:>6}")
    figures = {
        "flash_bytes": sizes[".text"] + sizes[".data"],
        "ram_bytes": sizes[".data"] + sizes[".bss"],
        "stack_bytes": max(value for name, value in seen.items() if name.startswith("stack.")),
    }
    over = 0
    for name, limit in budget.items():
        verdict = "ok" if figures[name] <= limit else "OVER"
        over += verdict == "OVER"
        print(f"{name}: {figures[name]}, at most {limit}: {verdict}")
    return 1 if over else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Broken as problem:
        print(f"m4 gate: {problem}", file=sys.stderr)
        sys.exit(1)
