#include "firmware/board/semihosting.hpp"

#include <array>
#include <cstddef>

namespace compot::board {

namespace {

// SOURCE: Arm, "Semihosting for AArch32 and AArch64", operations and exit reasons.
constexpr std::uint32_t kWriteString = 0x04;
constexpr std::uint32_t kExitExtended = 0x20;
constexpr std::uint32_t kApplicationExit = 0x20026;

void call(std::uint32_t operation, const void* argument) {
    register std::uint32_t r0 asm("r0") = operation;
    register const void* r1 asm("r1") = argument;
    asm volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
}

}  // namespace

void print(const char* text) { call(kWriteString, text); }

void print(const char* name, std::uint32_t value) {
    std::array<char, 12> digits{};
    std::size_t place = digits.size() - 1;
    digits[--place] = '\n';
    do {
        digits[--place] = static_cast<char>('0' + value % 10);
        value /= 10;
    } while (value != 0);
    print(name);
    print(" ");
    print(&digits[place]);
}

[[noreturn]] void exit(int status) {
    const std::array<std::uint32_t, 2> block{kApplicationExit, static_cast<std::uint32_t>(status)};
    for (;;) call(kExitExtended, block.data());
}

}  // namespace compot::board
