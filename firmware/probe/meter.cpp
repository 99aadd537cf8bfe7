#include "firmware/probe/meter.hpp"

#include <algorithm>

extern "C" {
extern std::uint32_t stack_top;
}

namespace compot::probe {

namespace {

constexpr std::uint32_t kPattern = 0x5AFE57AC;
constexpr std::uint32_t kPaintedBytes = 32 * 1024;
constexpr std::uint32_t kLoopInstructions = 200'000;

std::uint32_t ticks_of_loop = 1;
std::uint32_t started = 0;
std::uint32_t* painted_from = nullptr;

/// The MPS2 board's free-running counter (FPGAIO, COUNTER).
std::uint32_t ticks() { return *reinterpret_cast<const volatile std::uint32_t*>(0x40028018); }

}  // namespace

void calibrate() {
    std::uint32_t rounds = kLoopInstructions / 2;
    const std::uint32_t begun = ticks();
    asm volatile("1: subs %0, %0, #1\n bne 1b" : "+r"(rounds) : : "cc");
    ticks_of_loop = ticks() - begun;
}

[[gnu::noinline]] void begin() {
    // This function's own frame is in use: leave it, and the little that it may still push.
    auto* const here = static_cast<std::uint32_t*>(__builtin_frame_address(0)) - 16;
    painted_from = here - kPaintedBytes / sizeof(std::uint32_t);
    for (volatile std::uint32_t* word = painted_from; word < here; ++word) *word = kPattern;
    started = ticks();
}

[[gnu::noinline]] Cost end() {
    const std::uint32_t spent = ticks() - started;
    const volatile std::uint32_t* word = painted_from;
    while (word < &stack_top && *word == kPattern) ++word;
    // All of the paint gone would mean that it began too high.
    expect("the stack fits its paint", word != painted_from);
    return {static_cast<std::uint32_t>(static_cast<std::uint64_t>(spent) * kLoopInstructions /
                                       ticks_of_loop),
            static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(&stack_top) -
                                       reinterpret_cast<std::uintptr_t>(word))};
}

void Cost::keep_larger(const Cost& other) {
    instructions = std::max(instructions, other.instructions);
    stack_bytes = std::max(stack_bytes, other.stack_bytes);
}

void report(const char* name, const Cost& cost) {
    board::print("instructions.");
    board::print(name, cost.instructions);
    board::print("stack.");
    board::print(name, cost.stack_bytes);
}

void expect(const char* name, bool good) {
    if (good) return;
    board::print("failed ");
    board::print(name);
    board::print("\n");
    board::exit(1);
}

}  // namespace compot::probe
