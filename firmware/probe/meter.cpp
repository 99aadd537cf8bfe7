#include "firmware/probe/meter.hpp"

extern "C" {
extern std::uint32_t bss_end;
extern std::uint32_t stack_top;
}

namespace compot::probe {

namespace {

constexpr std::uint32_t kPattern = 0x5AFE57AC;
constexpr std::uint32_t kLoopInstructions = 200'000;

std::uint32_t ticks_of_loop = 1;
std::uint32_t started = 0;

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
    for (volatile std::uint32_t* word = &bss_end; word < here; ++word) *word = kPattern;
    started = ticks();
}

[[gnu::noinline]] void end(const char* name) {
    const std::uint32_t spent = ticks() - started;
    const volatile std::uint32_t* word = &bss_end;
    while (word < &stack_top && *word == kPattern) ++word;
    const auto deepest = static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(&stack_top) -
                                                    reinterpret_cast<std::uintptr_t>(word));
    board::print("instructions.");
    board::print(name, static_cast<std::uint32_t>(static_cast<std::uint64_t>(spent) *
                                                  kLoopInstructions / ticks_of_loop));
    board::print("stack.");
    board::print(name, deepest);
}

void expect(const char* name, bool good) {
    if (good) return;
    board::print("failed ");
    board::print(name);
    board::print("\n");
    board::exit(1);
}

}  // namespace compot::probe
