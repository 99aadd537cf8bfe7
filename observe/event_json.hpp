#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/base/result.hpp"
#include "observe/happening.hpp"

/// Events as JSON (doc/feed.md), both ways. Knows nothing of deltas, files or sockets.

namespace compot::observe {

inline constexpr std::size_t kTextBytesMax = 4096;          ///< of any string in an event
inline constexpr std::size_t kNeighboursMax = 4096;         ///< of one card
inline constexpr std::size_t kReceptionsMax = 4096;         ///< of one flight
inline constexpr std::size_t kPngBytesMax = 1024UL * 1024;  ///< of one photo

/// The event's JSON object. Bytes that are no UTF-8 become U+FFFD.
[[nodiscard]] std::string encode(const Event& event);

/// A card alone, as the snapshot has it.
[[nodiscard]] std::string encode(const NodeCard& card);

/// The 256 letters of a policy.
[[nodiscard]] std::string letters(const PolicyMap& map);

/// `text` as a JSON string, quotes included.
[[nodiscard]] std::string quoted(const std::string& text);

[[nodiscard]] std::string node_name(NodeId id);

/// "!1234abcd" to a number; the reverse of node_name(). ERRORS: Malformed.
[[nodiscard]] Result<NodeId> parse_node_name(const std::string& text);

/// ERRORS: a sentence that names the field at fault.
[[nodiscard]] Result<Event, std::string> decode(const nlohmann::json& json);

}  // namespace compot::observe
