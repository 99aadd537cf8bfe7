#include "core/mesh/stream.hpp"

namespace compot::mesh {
namespace {

constexpr std::uint8_t kMagic1 = 0x94;
constexpr std::uint8_t kMagic2 = 0xC3;

}  // namespace

Result<StreamFrame> frame_stream(BytesView payload) {
    if (payload.size() > kStreamPayloadMax) return Error::TooBig;
    StreamFrame frame{kMagic1, kMagic2, static_cast<std::uint8_t>(payload.size() >> 8U),
                      static_cast<std::uint8_t>(payload.size() & 0xFFU)};
    for (const std::uint8_t byte : payload) frame.push(byte);
    return frame;
}

bool StreamDecoder::feed(BytesView& bytes) {
    while (!bytes.empty()) {
        const std::uint8_t byte = bytes.front();
        bytes = bytes.subspan(1);
        if (take(byte)) return true;
    }
    return false;
}

bool StreamDecoder::take(std::uint8_t byte) {
    switch (state_) {
        case State::Magic1:
            if (byte == kMagic1) {
                state_ = State::Magic2;
            } else {
                ++skipped_;
            }
            return false;
        case State::Magic2:
            if (byte == kMagic2) {
                state_ = State::LengthHigh;
            } else {
                // 94 94 C3 is a stray byte before a header.
                skipped_ += byte == kMagic1 ? 1 : 2;
                state_ = byte == kMagic1 ? State::Magic2 : State::Magic1;
            }
            return false;
        case State::LengthHigh:
            length_ = static_cast<std::uint16_t>(byte << 8U);
            state_ = State::LengthLow;
            return false;
        case State::LengthLow:
            length_ = static_cast<std::uint16_t>(length_ | byte);
            filled_ = 0;
            if (length_ > kStreamPayloadMax) {
                length_ = 0;
                skipped_ += kStreamHeaderBytes;
                state_ = State::Magic1;
                return false;
            }
            state_ = length_ == 0 ? State::Magic1 : State::Payload;
            return length_ == 0;
        case State::Payload:
            payload_[filled_++] = byte;
            if (filled_ < length_) return false;
            state_ = State::Magic1;
            return true;
    }
    return false;
}

}  // namespace compot::mesh
