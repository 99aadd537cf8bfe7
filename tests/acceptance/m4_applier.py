"""The patch applier on a Cortex-M4F in QEMU, for tests/acceptance/deltas: what it costs in flash, RAM and
instructions. firmware/probe/applier_main.cpp is the program."""
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
ELF = ROOT / "build/m4/firmware/applier_probe.elf"
RAM_MAX = 33000
# Where the program looks for things.
SIZES, OLD, PATCH = 0x21000000, 0x21010000, 0x21500000
# Time is a count of instructions: figures repeat exactly.
QEMU = "qemu-system-arm -M mps2-an386 -display none -monitor none -serial none -icount shift=6,sleep=off " \
       "-semihosting-config enable=on,target=native".split()


def build():
    for command in (["cmake", "--preset", "m4"], ["cmake", "--build", "--preset", "m4", "--target", ELF.name]):
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def code_bytes():
    """Of the applier and its tables, and of everything that the probe links: digest, startup, meter."""
    symbols = subprocess.run(["arm-none-eabi-nm", "-S", "-C", ELF], check=True, capture_output=True, text=True).stdout
    own = 0
    for line in symbols.splitlines():
        fields = line.split(maxsplit=3)
        if len(fields) == 4 and fields[2] in "tTrRwWvV" and "compot::bundle::" in fields[3]:
            own += int(fields[1], 16)
    sections = subprocess.run(["arm-none-eabi-size", ELF], check=True, capture_output=True, text=True).stdout
    return own, int(sections.splitlines()[1].split()[0])


def run(old, patch):
    """What the probe says: instructions and stack of begin, apply and finish, the object's bytes, bytes made."""
    def word(at, value):
        return ["-device", f"loader,addr={at:#x},data={value},data-len=4"]

    command = [*QEMU, *word(SIZES, old.stat().st_size), *word(SIZES + 4, patch.stat().st_size),
               "-device", f"loader,addr={OLD:#x},file={old},force-raw=on",
               "-device", f"loader,addr={PATCH:#x},file={patch},force-raw=on", "-kernel", ELF]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120)
    lines = (ended.stdout + ended.stderr).split("\n")
    if ended.returncode != 0 or "done" not in lines:
        raise RuntimeError("the applier's probe: " + " | ".join(lines[-6:]))
    facts = {name: int(value) for name, value in (line.split() for line in lines if len(line.split()) == 2)}
    stack = max(value for name, value in facts.items() if name.startswith("stack."))
    digests = facts["instructions.begin"] + facts["instructions.finish"]
    return {"made": facts["made"], "ram": facts["object"] + stack, "object": facts["object"], "stack": stack,
            "apply": facts["instructions.apply"] / facts["made"], "digests": digests / facts["made"]}
