#!/usr/bin/env python3
"""Builds pairs of Cortex-M4F images, old and new, to measure deltas with: the project's own core with
a small sensor application, changed the way developers change things.

usage: firmware_pairs.py OUT [--nets DIR]
OUT/NAME/old.bin and new.bin; DIR holds base.bin, head.bin and full.bin, int8 weights before and after
fine-tuning (without it, pairs with weights are left out)."""
import argparse
import concurrent.futures
import pathlib
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


def core_sources():
    found = sorted(p for room in ("base", "crypto", "air", "profile", "learn", "sync", "registry", "ledger")
                   for p in (ROOT / "core" / room).glob("*.cpp") if not p.name.endswith("_test.cpp"))
    return found


class Firmware:
    def __init__(self, work, name, optimise="-Os", defines=(), weights=None, weights_fixed=True,
                 dependency=(), nano=True, gap=False):
        self.work = work / name
        self.optimise, self.defines, self.weights = optimise, list(defines), weights
        self.weights_fixed, self.dependency, self.nano, self.gap = weights_fixed, list(dependency), nano, gap

    def compile(self, source, extra):
        out = self.work / (str(source).replace("/", "_") + ".o")
        tool = "arm-none-eabi-g++" if source.suffix == ".cpp" else "arm-none-eabi-gcc"
        language = CXX if source.suffix == ".cpp" else []
        subprocess.run([tool, *CPU, self.optimise, *COMMON, *language, *self.defines, *extra, "-c", str(source),
                        "-o", str(out)], check=True)
        return out

    def headers(self):
        include = self.work / "include/sodium"
        include.mkdir(parents=True, exist_ok=True)
        (include / "version.h").write_text(
            "#ifndef V\n#define V\n#include \"export.h\"\n#define SODIUM_VERSION_STRING \"1\"\n"
            "#define SODIUM_LIBRARY_VERSION_MAJOR 1\n#define SODIUM_LIBRARY_VERSION_MINOR 0\n#endif\n")
        return ["-I", str(self.work / "include"), "-I", str(self.work / "include/sodium"), "-I",
                str(SODIUM / "include"), "-I", str(SODIUM / "include/sodium"), "-I",
                str(SODIUM / "include/sodium/private"), "-DCONFIGURED=1", "-DSODIUM_STATIC",
                "-DNATIVE_LITTLE_ENDIAN=1"]

    def build(self, out):
        self.work.mkdir(parents=True, exist_ok=True)
        sodium = self.headers()
        (self.work / "stubs.c").write_text(STUBS)
        jobs = [(HERE / "pair_app" / f, ["-I", str(ROOT), *sodium])
                for f in ("main.cpp", "filter.cpp", "commands.cpp", "report.cpp")]
        jobs += [(p, ["-I", str(ROOT), *sodium]) for p in core_sources()]
        jobs += [(SODIUM / f, sodium + self.dependency) for f in SODIUM_FILES]
        jobs += [(NANOPB / f, ["-I", str(NANOPB), *self.dependency]) for f in ("pb_common.c", "pb_decode.c", "pb_encode.c")]
        jobs.append((self.work / "stubs.c", []))
        if self.weights:
            jobs.append((HERE / "pair_app/weights.S", [f'-DWEIGHTS="{self.weights}"']))
        else:
            (self.work / "none.cpp").write_text("#include <cstddef>\n#include <cstdint>\nnamespace app { extern const "
                                                "std::int8_t weights[4]; const std::int8_t weights[4] = {1, 2, 3, 4}; extern "
                                                "const std::size_t weights_size; const std::size_t weights_size = 4; }\n")
            jobs.append((self.work / "none.cpp", []))
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            objects = list(pool.map(lambda job: self.compile(*job), jobs))
        place = ".weights 0x00048000 : { *(.weights) } > FLASH" if self.weights_fixed else ""
        script = (HERE / "pair_app/link.ld").read_text().replace("WEIGHTS_PLACE", place)
        if not self.weights_fixed:
            script = script.replace("*(.rodata .rodata.*)", "*(.weights) *(.rodata .rodata.*)")
        if self.gap:  # stable layout: each object's code on its own 512-byte grid
            script = script.replace("*(.text .text.*)", "\n".join(
                f"*{o.name}(.text .text.*) . = ALIGN(512);" for o in objects) + "*(.text .text.*)")
        (self.work / "link.ld").write_text(script)
        elf = self.work / "image.elf"
        subprocess.run(["arm-none-eabi-g++", *CPU, "-nostartfiles", "-T", str(self.work / "link.ld"), *map(str, objects),
                        *(["--specs=nano.specs"] if self.nano else []), "-o", str(elf)], check=True,
                       stderr=subprocess.DEVNULL)
        out.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["arm-none-eabi-objcopy", "-O", "binary", str(elf), str(out)], check=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--nets", type=pathlib.Path)
    arguments = parser.parse_args()
    out = arguments.out.resolve()
    nets = arguments.nets.resolve() if arguments.nets else None
    weights = str(nets / "base.bin") if nets else None
    work = out / "build"
    base = {"weights": weights}
    pairs = {
        "constant": (base, {**base, "defines": ["-DCHANGE_CONSTANT"]}),
        "bugfix": (base, {**base, "defines": ["-DCHANGE_BUGFIX"]}),
        "feature": (base, {**base, "defines": ["-DCHANGE_FEATURE"]}),
        "dependency": (base, {**base, "dependency": ["-DPB_FIELD_32BIT=1", "-DPB_VALIDATE_UTF8=1", "-O2"]}),
        "library": (base, {**base, "nano": False}),
        "optimisation": (base, {**base, "optimise": "-O2"}),
        "optimised_bugfix": ({**base, "optimise": "-O2"}, {**base, "optimise": "-O2", "defines": ["-DCHANGE_BUGFIX"]}),
        "stable_feature": ({**base, "gap": True}, {**base, "gap": True, "defines": ["-DCHANGE_FEATURE"]}),
    }
    if nets:
        pairs["weights_head"] = (base, {"weights": str(nets / "head.bin")})
        pairs["weights_full"] = (base, {"weights": str(nets / "full.bin")})
        loose = {"weights": weights, "weights_fixed": False}
        pairs["mixed"] = (loose, {"weights": str(nets / "head.bin"), "weights_fixed": False, "defines": ["-DCHANGE_FEATURE"]})
    built = {}
    for name, sides in pairs.items():
        for side, options in zip(("old", "new"), sides):
            target = out / name / f"{side}.bin"
            key = repr(options)
            if key not in built:
                Firmware(work, f"{len(built)}", **options).build(target)
                built[key] = target
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(built[key].read_bytes())
        print(name, (out / name / "old.bin").stat().st_size, (out / name / "new.bin").stat().st_size, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
