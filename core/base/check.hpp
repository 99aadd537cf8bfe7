#pragma once

/// What *we* did wrong: a broken precondition or invariant. On in every build; what the *world*
/// does wrong is a Result instead.

namespace compot {

/// Called with the place and the condition; must not return. The host installs one that prints the
/// seed and aborts, the firmware one that stores a reason and resets. Without one the program
/// traps.
using CheckHandler = void (*)(const char* file, int line, const char* condition);

void set_check_handler(CheckHandler handler);
[[noreturn]] void check_failed(const char* file, int line, const char* condition);

}  // namespace compot

#define COMPOT_CHECK(condition) \
    ((condition) ? static_cast<void>(0) : ::compot::check_failed(__FILE__, __LINE__, #condition))
