#!/usr/bin/env python3
"""Builds pairs of Cortex-M4F images, old and new, to measure deltas with: the project's own core with
a small sensor application, changed the way developers change things.

usage: firmware_pairs.py OUT [--nets DIR]
OUT/NAME/old.bin and new.bin; DIR holds what write_digit_nets wrote, int8 nets before and after fine-tunes
(without it, pairs with weights are left out)."""
import argparse
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
HERE = pathlib.Path(__file__).resolve().parent
CPU = "-mcpu=cortex-m4 -mthumb -mfpu=fpv4-sp-d16 -mfloat-abi=hard".split()
COMMON = ["-ffunction-sections", "-fdata-sections", "-ffp-contract=off", "-w"]
CXX = ["-std=c++20", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics", "-fno-use-cxa-atexit"]
SODIUM = ROOT / ".deps/src/libsodium/src/libsodium"
NANOPB = ROOT / ".deps/src/nanopb"
SODIUM_FILES = """crypto_sign/ed25519/ref10/keypair.c crypto_sign/ed25519/ref10/sign.c
crypto_sign/ed25519/ref10/open.c crypto_sign/ed25519/sign_ed25519.c crypto_sign/crypto_sign.c
crypto_scalarmult/crypto_scalarmult.c crypto_scalarmult/curve25519/ref10/x25519_ref10.c
crypto_scalarmult/curve25519/scalarmult_curve25519.c crypto_core/ed25519/ref10/ed25519_ref10.c
crypto_core/ed25519/core_ed25519.c crypto_generichash/blake2b/generichash_blake2.c
crypto_generichash/blake2b/ref/generichash_blake2b.c crypto_generichash/blake2b/ref/blake2b-ref.c
crypto_generichash/blake2b/ref/blake2b-compress-ref.c crypto_generichash/crypto_generichash.c
crypto_shorthash/siphash24/shorthash_siphash24.c
crypto_shorthash/siphash24/ref/shorthash_siphash24_ref.c crypto_shorthash/crypto_shorthash.c
crypto_hash/sha512/cp/hash_sha512_cp.c crypto_hash/sha512/hash_sha512.c
crypto_verify/sodium/verify.c""".split()
STUBS = """#include <stddef.h>
#include <string.h>
void sodium_memzero(void *p, size_t n) { volatile unsigned char *q = p; while (n--) *q++ = 0; }
int sodium_memcmp(const void *a, const void *b, size_t n) { const unsigned char *x = a, *y = b; int d = 0; while (n--) d |= *x++ ^ *y++; return d ? -1 : 0; }
int sodium_is_zero(const unsigned char *p, size_t n) { int d = 0; while (n--) d |= *p++; return d == 0; }
void sodium_misuse(void) { for (;;) {} }
void sodium_increment(unsigned char *p, size_t n) { while (n--) if (++*p++) break; }
void sodium_add(unsigned char *a, const unsigned char *b, size_t n) { unsigned c = 0; while (n--) { c += *a + *b++; *a++ = c; c >>= 8; } }
void sodium_sub(unsigned char *a, const unsigned char *b, size_t n) { int c = 0; while (n--) { c = *a - *b++ - c; *a++ = c; c = c < 0; } }
void randombytes_buf(void *p, size_t n) { memset(p, 7, n); }
int _write(int f, const void *p, int n) { return n; }
int _read(int f, void *p, int n) { return 0; }
int _close(int f) { return -1; }
int _fstat(int f, void *s) { return 0; }
int _isatty(int f) { return 1; }
int _lseek(int f, int o, int w) { return 0; }
int _getpid(void) { return 1; }
int _kill(int p, int s) { return -1; }
void _exit(int c) { for (;;) {} }
extern char end;
void *_sbrk(int n) { static char *at = &end; char *was = at; at += n; return was; }
"""
NO_WEIGHTS = """#include <cstddef>
#include <cstdint>
namespace app {
extern const std::int8_t weights[4];
const std::int8_t weights[4] = {1, 2, 3, 4};
extern const std::size_t weights_size;
const std::size_t weights_size = 4;
}
"""


def core_sources():
    found = sorted(p for room in ("base", "crypto", "air", "profile", "learn", "sync", "registry", "ledger")
                   for p in (ROOT / "core" / room).glob("*.cpp") if not p.name.endswith("_test.cpp"))
    return found


class Workshop:
    """Compiles, each source with each set of flags once: the pairs share most of their objects."""

    def __init__(self, folder):
        self.folder = folder
        self.objects = {}
        self.sodium = self.headers()

    def headers(self):
        include = self.folder / "include/sodium"
        include.mkdir(parents=True, exist_ok=True)
        (include / "version.h").write_text(
            "#ifndef V\n#define V\n#include \"export.h\"\n#define SODIUM_VERSION_STRING \"1\"\n"
            "#define SODIUM_LIBRARY_VERSION_MAJOR 1\n#define SODIUM_LIBRARY_VERSION_MINOR 0\n#endif\n")
        return ["-I", str(self.folder / "include"), "-I", str(self.folder / "include/sodium"), "-I",
                str(SODIUM / "include"), "-I", str(SODIUM / "include/sodium"), "-I",
                str(SODIUM / "include/sodium/private"), "-DCONFIGURED=1", "-DSODIUM_STATIC",
                "-DNATIVE_LITTLE_ENDIAN=1"]

    def compile(self, jobs):
        """Objects of (source, flags), in order."""
        missing = [job for job in jobs if job not in self.objects]
        for source, flags in missing:
            self.objects[source, flags] = self.folder / f"{len(self.objects):03}-{source.name}.o"
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(self.compile_one, missing))
        return [self.objects[job] for job in jobs]

    def compile_one(self, job):
        source, flags = job
        tool = "arm-none-eabi-g++" if source.suffix == ".cpp" else "arm-none-eabi-gcc"
        language = CXX if source.suffix == ".cpp" else []
        launcher = ["ccache"] if shutil.which("ccache") else []
        subprocess.run([*launcher, tool, *CPU, *COMMON, *language, *flags, "-c", str(source), "-o",
                        str(self.objects[job])], check=True)


class Firmware:
    def __init__(self, optimise="-Os", defines=(), weights=None, weights_fixed=True, dependency=(), nano=True,
                 gap=False):
        self.optimise, self.defines, self.weights = optimise, tuple(defines), weights
        self.weights_fixed, self.dependency, self.nano, self.gap = weights_fixed, tuple(dependency), nano, gap

    def jobs(self, shop):
        sodium = tuple(shop.sodium)
        core = ("-I", str(ROOT), *sodium, self.optimise)
        yield from ((HERE / "pair_app" / f, (*core, *self.defines))
                    for f in ("main.cpp", "filter.cpp", "commands.cpp", "report.cpp"))
        yield from ((p, core) for p in core_sources())
        yield from ((SODIUM / f, (*sodium, self.optimise, *self.dependency)) for f in SODIUM_FILES)
        yield from ((NANOPB / f, ("-I", str(NANOPB), self.optimise, *self.dependency))
                    for f in ("pb_common.c", "pb_decode.c", "pb_encode.c"))
        stubs = shop.folder / "stubs.c"
        stubs.write_text(STUBS)
        yield stubs, (self.optimise,)
        if self.weights:
            yield HERE / "pair_app/weights.S", (f'-DWEIGHTS="{self.weights}"',)
        else:
            none = shop.folder / "none.cpp"
            none.write_text(NO_WEIGHTS)
            yield none, ()

    def build(self, shop, out):
        objects = shop.compile(list(self.jobs(shop)))
        place = ".weights 0x00060000 : { *(.weights) } > FLASH" if self.weights_fixed else ""
        script = (HERE / "pair_app/link.ld").read_text().replace("WEIGHTS_PLACE", place)
        if not self.weights_fixed:
            script = script.replace("*(.rodata .rodata.*)", "*(.weights) *(.rodata .rodata.*)")
        if self.gap:  # stable layout: each object's code on its own 512-byte grid
            names = [o.name.split("-", 1)[1] for o in objects]
            script = script.replace("*(.text .text.*)", "\n".join(
                f"*-{name}(.text .text.*) . = ALIGN(512);" for name in names) + "*(.text .text.*)")
        link = shop.folder / "link.ld"
        link.write_text(script)
        elf = shop.folder / "image.elf"
        subprocess.run(["arm-none-eabi-g++", *CPU, "-nostartfiles", "-T", str(link), *map(str, objects),
                        *(["--specs=nano.specs"] if self.nano else []), "-o", str(elf)], check=True,
                       stderr=subprocess.DEVNULL)
        out.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["arm-none-eabi-objcopy", "-O", "binary", str(elf), str(out)], check=True)


def pairs_of(nets):
    """Of each pair its two sides, as arguments of Firmware."""
    base = {"weights": str(nets / "base.bin") if nets else None}
    quick = {**base, "optimise": "-O2"}
    stable = {**base, "gap": True}
    pairs = {
        "constant": (base, {**base, "defines": ["-DCHANGE_CONSTANT"]}),
        "bugfix": (base, {**base, "defines": ["-DCHANGE_BUGFIX"]}),
        "feature": (base, {**base, "defines": ["-DCHANGE_FEATURE"]}),
        "dependency": (base, {**base, "dependency": ["-DPB_FIELD_32BIT=1", "-DPB_VALIDATE_UTF8=1", "-O2"]}),
        "library": (base, {**base, "nano": False}),
        "quick_bugfix": (quick, {**quick, "defines": ["-DCHANGE_BUGFIX"]}),
        "optimisation": (base, quick),
        "stable_feature": (stable, {**stable, "defines": ["-DCHANGE_FEATURE"]}),
    }
    if nets:
        for name in ("head", "light", "full", "retrained"):
            pairs[f"weights_{name}"] = (base, {"weights": str(nets / f"{name}.bin")})
        loose = {**base, "weights_fixed": False}
        pairs["mixed"] = (loose, {"weights": str(nets / "head.bin"), "weights_fixed": False,
                                  "defines": ["-DCHANGE_FEATURE"]})
    return pairs


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--nets", type=pathlib.Path)
    arguments = parser.parse_args()
    out = arguments.out.resolve()
    shop = Workshop(out / ".build")
    built = {}
    for name, sides in pairs_of(arguments.nets.resolve() if arguments.nets else None).items():
        for side, options in zip(("old", "new"), sides):
            target = out / name / f"{side}.bin"
            key = repr(options)
            if key not in built:
                Firmware(**options).build(shop, target)
                built[key] = target
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(built[key].read_bytes())
        print(name, (out / name / "old.bin").stat().st_size, (out / name / "new.bin").stat().st_size, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
