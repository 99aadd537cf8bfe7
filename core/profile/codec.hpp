#pragma once

#include "core/base/containers.hpp"
#include "core/base/result.hpp"
#include "core/profile/message.hpp"

/// Message bodies to bytes and back, little-endian, without padding. Knows nothing of keys or
/// frames.

namespace compot::profile {

/// Writes the body into `out` and returns how much it took. ERRORS: TooBig (`out` may hold a part).
[[nodiscard]] compot::Result<std::size_t> encode_body(const Message& message, MutableBytes out);

/// A whole message or nothing. ERRORS: Truncated, Malformed (a value out of its range, bytes left
/// over), Unsupported (a type that we don't know).
[[nodiscard]] compot::Result<Message> decode_body(MessageType type, BytesView body);

/// The addressee of a pairwise body without decoding the rest. ERRORS: Truncated.
[[nodiscard]] compot::Result<NodeId> peek_addressee(BytesView body);

}  // namespace compot::profile
