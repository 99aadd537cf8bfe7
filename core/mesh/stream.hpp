#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/containers.hpp"
#include "core/base/result.hpp"

/// The envelope of Meshtastic's client API on serial lines and TCP: 94 C3, a big-endian length of
/// at most 512, the protobuf. Does no I/O and does not look into the protobuf.

namespace compot::mesh {

inline constexpr std::size_t kStreamPayloadMax = 512;
inline constexpr std::size_t kStreamHeaderBytes = 4;

using StreamFrame = Bytes<kStreamHeaderBytes + kStreamPayloadMax>;

/// ERRORS: TooBig.
[[nodiscard]] Result<StreamFrame> frame_stream(BytesView payload);

/// Finds frames in a byte stream that may begin anywhere and holds debug text between frames.
/// After garbage or an impossible length it looks for the next 94 C3.
class StreamDecoder {
public:
    /// Takes bytes up to the end of the next frame and removes them from `bytes`. True when
    /// payload() is whole; call again while it returns true.
    [[nodiscard]] bool feed(BytesView& bytes);

    /// Valid until the next feed().
    [[nodiscard]] BytesView payload() const { return {payload_.data(), length_}; }

    /// Bytes that belonged to no frame.
    [[nodiscard]] std::uint32_t skipped() const { return skipped_; }

private:
    enum class State : std::uint8_t { Magic1, Magic2, LengthHigh, LengthLow, Payload };

    [[nodiscard]] bool take(std::uint8_t byte);

    State state_ = State::Magic1;
    std::uint16_t length_ = 0;
    std::uint16_t filled_ = 0;
    std::uint32_t skipped_ = 0;
    std::array<std::uint8_t, kStreamPayloadMax> payload_{};
};

}  // namespace compot::mesh
