#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// What this machine computes with, as Linux tells it. Nothing is opened or switched on.

namespace compot::machine {

struct Machine {
    std::uint32_t cores = 0;
    std::uint64_t memory_bytes = 0;
    std::vector<std::string> accelerators;  ///< words for people: "2 NVIDIA GPUs", "Jetson Orin"
};

/// `root` is where the files of the system lie; the cores are always those of this process.
[[nodiscard]] Machine look(const std::string& root = "/");

/// One line: "4 cores, 7.6 GB, Jetson Orin Nano".
[[nodiscard]] std::string to_text(const Machine& machine);

/// For registry::Record::capabilities: kAccelerator, and cores and memory by their powers of two.
[[nodiscard]] std::uint16_t capabilities(const Machine& machine);

/// For registry::Record::models: the same name has the same number everywhere.
[[nodiscard]] std::uint32_t model_id(const std::string& name);

}  // namespace compot::machine
