#!/usr/bin/env python3
"""Writes sim/ether/loss_table.hpp: how likely a byte survives at a signal-to-noise ratio.

usage: tools/make_loss_table.py > sim/ether/loss_table.hpp

Bit error rate of LoRa by Elshabrawy and Robert, IEEE Communications Letters 2018:
Pb = 0.5 Q(sqrt(2^(SF+1) SNR) - sqrt(1.386 SF + 1.154)).
"""
import math

SNR_MIN_DB = {5: -2.5, 6: -5.0, 7: -7.5, 8: -10.0, 9: -12.5, 10: -15.0, 11: -17.5, 12: -20.0}
MARGINS_CDB = range(-400, 201, 10)


def q(x):
    return 0.5 * math.erfc(x / math.sqrt(2))


def halvings_per_byte(sf, margin_cdb):
    snr = 10 ** ((SNR_MIN_DB[sf] + margin_cdb / 100) / 10)
    bit_error = 0.5 * q(math.sqrt(2 ** (sf + 1) * snr) - math.sqrt(1.386 * sf + 1.154))
    return -8 * math.log2(1 - bit_error)


print("#pragma once\n")
print("#include <array>\n#include <cstdint>\n")
print("/// Written by tools/make_loss_table.py; do not edit.\n")
print("namespace compot::ether::loss_table {\n")
print("// clang-format off")
print("/// [spreading factor - 5][(margin above the least SNR + 4 dB) / 0.1 dB]: how often a byte halves")
print("/// the chance that the frame survives, in 1/2^24.")
print(f"inline constexpr std::array<std::array<std::uint32_t, {len(MARGINS_CDB)}>, {len(SNR_MIN_DB)}> kHalvingsPerByte{{{{")
for sf in SNR_MIN_DB:
    values = ", ".join(str(round(halvings_per_byte(sf, m) * 2 ** 24)) for m in MARGINS_CDB)
    print(f"    {{{{{values}}}}},")
print("}};")
print("// clang-format on\n")
print("}  // namespace compot::ether::loss_table")
