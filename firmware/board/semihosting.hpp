#pragma once

#include <cstdint>

/// How a program in QEMU speaks to whoever started it. A real board has none of this: only probes
/// and tests may include it.

namespace compot::board {

void print(const char* text);

/// `name value`, one line.
void print(const char* name, std::uint32_t value);

/// Ends QEMU with `status` (modulo 256).
[[noreturn]] void exit(int status);

}  // namespace compot::board
