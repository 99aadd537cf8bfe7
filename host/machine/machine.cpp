#include "host/machine/machine.hpp"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <bit>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/crypto/crypto.hpp"
#include "core/registry/record.hpp"

namespace compot::machine {

namespace {

namespace fs = std::filesystem;

std::uint32_t cores() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (::sched_getaffinity(0, sizeof set, &set) != 0) return 0;
    return static_cast<std::uint32_t>(CPU_COUNT(&set));
}

std::uint64_t memory_bytes(const fs::path& root) {
    std::ifstream file(root / "proc/meminfo");
    for (std::string line; std::getline(file, line);) {
        std::istringstream fields(line);
        std::string name;
        std::uint64_t kilobytes = 0;
        if (fields >> name >> kilobytes && name == "MemTotal:") return kilobytes * 1024;
    }
    return 0;
}

/// Files of a folder whose names are `prefix` and digits.
std::size_t devices(const fs::path& folder, const std::string& prefix) {
    std::size_t count = 0;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string();
        const bool numbered =
            name.size() > prefix.size() && name.compare(0, prefix.size(), prefix) == 0 &&
            name.find_first_not_of("0123456789", prefix.size()) == std::string::npos;
        if (numbered) ++count;
    }
    return count;
}

/// What a board's maker wrote into its device tree, if it is a Jetson.
std::string jetson(const fs::path& root) {
    std::ifstream file(root / "proc/device-tree/model");
    std::string model;
    std::getline(file, model, '\0');
    if (model.find("Jetson") == std::string::npos && model.find("Orin") == std::string::npos)
        return "";
    std::replace_if(
        model.begin(), model.end(), [](char letter) { return letter < ' ' || letter > '~'; }, '.');
    return model;
}

std::vector<std::string> accelerators(const fs::path& root) {
    std::vector<std::string> all;
    const auto add = [&all](std::size_t count, const char* what) {
        if (count == 1) all.emplace_back(what);
        if (count > 1) all.push_back(fmt::format("{} {}s", count, what));
    };
    if (const std::string board = jetson(root); !board.empty()) all.push_back(board);
    add(devices(root / "dev", "nvidia"), "NVIDIA GPU");
    add(devices(root / "dev", "apex_"), "Edge TPU");
    add(devices(root / "dev/accel", "accel"), "neural accelerator");
    add(devices(root / "dev", "hailo"), "Hailo accelerator");
    return all;
}

/// 0 for nothing, else one more than the power of two that it reaches.
std::uint16_t power(std::uint64_t amount, std::uint16_t most) {
    return std::min(static_cast<std::uint16_t>(std::bit_width(amount)), most);
}

}  // namespace

Machine look(const std::string& root) { return {cores(), memory_bytes(root), accelerators(root)}; }

std::string to_text(const Machine& machine) {
    constexpr double kGiga = 1024.0 * 1024 * 1024;
    std::string out =
        fmt::format("{} {}, {:.1f} GB", machine.cores, machine.cores == 1 ? "core" : "cores",
                    static_cast<double>(machine.memory_bytes) / kGiga);
    for (const std::string& each : machine.accelerators) out += ", " + each;
    return machine.accelerators.empty() ? out + ", no accelerator" : out;
}

std::uint16_t capabilities(const Machine& machine) {
    using namespace registry;
    const std::uint64_t units = machine.memory_bytes / kMemoryUnitBytes;
    return static_cast<std::uint16_t>((machine.accelerators.empty() ? 0U : unsigned{kAccelerator}) |
                                      unsigned{power(machine.cores, kCoresMost)} << kCoresShift |
                                      unsigned{power(units, kMemoryMost)} << kMemoryShift);
}

std::uint32_t model_id(const std::string& name) {
    const std::vector<std::uint8_t> bytes(name.begin(), name.end());
    return static_cast<std::uint32_t>(crypto::digest64(bytes));
}

}  // namespace compot::machine
