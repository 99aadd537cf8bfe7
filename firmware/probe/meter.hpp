#pragma once

#include <cstdint>

#include "firmware/board/semihosting.hpp"

/// Counts the instructions of a piece of code and finds the deepest point of its stack. Only in
/// QEMU with -icount, where time is a count of instructions.

namespace compot::probe {

/// Finds out how many ticks of the board's counter an instruction takes. Call once, first.
void calibrate();

struct Cost {
    std::uint32_t instructions = 0;
    std::uint32_t stack_bytes = 0;  ///< from the stack's top, callers included

    void keep_larger(const Cost& other);
};

/// Fills the free stack with a pattern and notes the counter.
void begin();
[[nodiscard]] Cost end();

template <typename Work>
[[nodiscard]] Cost cost_of(Work&& work) {
    begin();
    work();
    return end();
}

/// Prints `instructions.NAME` and `stack.NAME`.
void report(const char* name, const Cost& cost);

template <typename Work>
void measure(const char* name, Work&& work) {
    report(name, cost_of(work));
}

/// Prints `failed NAME` and ends the run when `good` is false.
void expect(const char* name, bool good);

}  // namespace compot::probe
