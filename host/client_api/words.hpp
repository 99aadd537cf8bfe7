#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/containers.hpp"
#include "core/base/result.hpp"

/// A message of Meshtastic's client API in JSON and back, for people and scripts: fields by name,
/// bytes in hexadecimal, and what no name is known for as "field_N", so that nothing is lost on the
/// way there and back. What a message does is not known here.

namespace compot::client_api {

enum class Direction : std::uint8_t { ToRadio, FromRadio };

struct BadWords {
    std::string sentence;
};

/// One line of JSON. ERRORS: where the bytes are no protobuf message.
[[nodiscard]] Result<std::string, BadWords> to_words(Direction direction, BytesView message);

/// Fields in order of their numbers, as the firmware writes them, whatever order the JSON has.
/// ERRORS: names the key that has no number or the wrong kind of value.
[[nodiscard]] Result<std::vector<std::uint8_t>, BadWords> from_words(Direction direction,
                                                                     const std::string& json);

}  // namespace compot::client_api
