#pragma once

#include <cstdint>

#include "firmware/board/semihosting.hpp"

/// Counts the instructions of a piece of code and finds the deepest point of its stack. Only in
/// QEMU with -icount, where time is a count of instructions.

namespace compot::probe {

/// Finds out how many ticks of the board's counter an instruction takes. Call once, first.
void calibrate();

/// Fills the free stack with a pattern and notes the counter.
void begin();

/// Prints `instructions.NAME` and `stack.NAME`; the stack counts from its top, callers included.
void end(const char* name);

template <typename Work>
void measure(const char* name, Work&& work) {
    begin();
    work();
    end(name);
}

/// Prints `failed NAME` and ends the run when `good` is false.
void expect(const char* name, bool good);

}  // namespace compot::probe
