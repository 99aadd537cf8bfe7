// From reset to application(): the vector table, the FPU, .data and .bss. A fault ends the run at
// once.

#include <cstdint>

#include "firmware/board/semihosting.hpp"

extern "C" {
// Of the linker script.
extern std::uint32_t stack_top;
extern std::uint32_t data_in_flash;
extern std::uint32_t data_start;
extern std::uint32_t data_end;
extern std::uint32_t bss_start;
extern std::uint32_t bss_end;
using Initialiser = void (*)();
extern Initialiser init_array_start;
extern Initialiser init_array_end;

// The program; what it returns is the exit status. (C++ lets nobody call main.)
int application();

[[noreturn]] void fault() {
    compot::board::print("fault\n");
    compot::board::exit(70);
}

// newlib's own would bring signals, and with them a heap.
[[noreturn]] void abort() {
    compot::board::print("abort\n");
    compot::board::exit(71);
}

[[noreturn]] void reset() {
    // CPACR: full access to coprocessors 10 and 11, the FPU.
    *reinterpret_cast<volatile std::uint32_t*>(0xE000ED88) |= 0xFU << 20U;
    asm volatile("dsb\n isb" ::: "memory");
    const std::uint32_t* from = &data_in_flash;
    for (std::uint32_t* to = &data_start; to < &data_end; ++to) *to = *from++;
    for (std::uint32_t* to = &bss_start; to < &bss_end; ++to) *to = 0;
    for (const Initialiser* run = &init_array_start; run < &init_array_end; ++run) (*run)();
    compot::board::exit(application());
}

// Stack pointer, reset, then the fourteen system exceptions of ARMv7-M; no interrupt is enabled.
[[gnu::section(".vectors"), gnu::used]] const void* const vectors[16] = {
    &stack_top,
    reinterpret_cast<const void*>(&reset),
    reinterpret_cast<const void*>(&fault),  // NMI
    reinterpret_cast<const void*>(&fault),  // hard fault
    reinterpret_cast<const void*>(&fault),  // memory management
    reinterpret_cast<const void*>(&fault),  // bus fault
    reinterpret_cast<const void*>(&fault),  // usage fault
};
}
