#include "core/base/check.hpp"
#include "firmware/board/semihosting.hpp"
#include "firmware/probe/meter.hpp"
#include "firmware/probe/probe.hpp"

namespace {

[[noreturn]] void broken(const char* file, int line, const char* condition) {
    compot::board::print("failed check ");
    compot::board::print(condition);
    compot::board::print(" in ");
    compot::board::print(file, static_cast<std::uint32_t>(line));
    compot::board::exit(1);
}

}  // namespace

extern "C" int application() {
    compot::set_check_handler(&broken);
    compot::probe::calibrate();
    compot::probe::probe_crypto();
    compot::probe::probe_mesh();
    compot::probe::probe_node();
    compot::board::print("done\n");
    return 0;
}
