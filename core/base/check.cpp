#include "core/base/check.hpp"

namespace compot {

namespace {
CheckHandler installed = nullptr;
}

void set_check_handler(CheckHandler handler) { installed = handler; }

void check_failed(const char* file, int line, const char* condition) {
    if (installed != nullptr) installed(file, line, condition);
    __builtin_trap();
}

}  // namespace compot
