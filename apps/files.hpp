#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// Files as a command uses them. All throw std::runtime_error with a line for a person.

namespace compot::apps {

/// Refuses what is missing, no file, empty, or over `bytes_max`.
[[nodiscard]] std::vector<std::uint8_t> read_file(const std::string& path, std::size_t bytes_max);

/// Afterwards the file is whole or as it was before: a temporary one is written, flushed and
/// renamed. `secret` files can be read by their owner alone, and none is overwritten.
void write_file(const std::string& path, const std::vector<std::uint8_t>& bytes,
                bool secret = false);

/// Refuses a file that anybody but its owner may read.
void require_private(const std::string& path);

}  // namespace compot::apps
