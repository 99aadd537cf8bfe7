#!/usr/bin/env python3
"""Writes core/base/math_tables.hpp: the numbers behind core/base/fixed_math.hpp.

usage: tools/make_math_tables.py > core/base/math_tables.hpp
"""
import math
import statistics

NORMAL = statistics.NormalDist()


def rows(values, width):
    lines, line = [], ""
    for value in values:
        piece = f"{value}, "
        if len(line) + len(piece) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
    lines.append(line.rstrip().rstrip(","))
    return "\n    ".join(lines)


def table(kind, name, comment, values):
    print(f"/// {comment}")
    print(f"inline constexpr std::array<{kind}, {len(values)}> {name}{{\n    {rows(values, 96)}}};\n")


def normal_quantiles():
    """Octave k holds the tail probabilities 2^-(k+2) .. 2^-(k+1), in 32 equal steps."""
    values = []
    for octave in range(31):
        for step in range(32):
            probability = 2.0 ** -(octave + 2) * (1 + step / 32)
            values.append(round(-NORMAL.inv_cdf(probability) * 65536))
    values.append(0)  # the end of octave 0: probability one half
    # the order is octave by octave, each from its smallest probability up
    return values


print("#pragma once\n")
print("#include <array>\n#include <cstdint>\n")
print("/// Written by tools/make_math_tables.py; do not edit.\n")
print("namespace compot::math_tables {\n")
print("// clang-format off")
table("std::uint32_t", "kLog2", "log2(1 + i / 256) in 1/65536.",
      [round(math.log2(1 + i / 256) * 65536) for i in range(257)])
table("std::uint32_t", "kExp2", "2^(i / 256) in 1/65536.",
      [round(2 ** (i / 256) * 65536) for i in range(257)])
table("std::int32_t", "kSine", "sin(i / 256 of a quarter turn) in 1/32768.",
      [round(math.sin(math.pi / 2 * i / 256) * 32768) for i in range(257)])
table("std::int32_t", "kNormalTail",
      "Standard deviations that are exceeded with probability 2^-(k+2) * (1 + i / 32), in 1/65536; [32 k + i].",
      normal_quantiles())
print("// clang-format on\n")
print("}  // namespace compot::math_tables")
