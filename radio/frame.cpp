#include "radio/frame.hpp"

#include "core/base/bytes.hpp"

namespace compot::radio {
namespace {

constexpr std::uint8_t kHopLimitMask = 0x07;
constexpr std::uint8_t kWantAck = 0x08;
constexpr std::uint8_t kViaMqtt = 0x10;
constexpr std::uint8_t kHopStartShift = 5;

}  // namespace

std::array<std::uint8_t, kHeaderBytes> encode(const Header& header) {
    COMPOT_CHECK(header.hop_limit <= kHopsMax && header.hop_start <= kHopsMax);
    std::array<std::uint8_t, kHeaderBytes> bytes{};
    ByteWriter writer(bytes);
    writer.u32(header.to.value);
    writer.u32(header.from.value);
    writer.u32(header.id.value);
    writer.u8(static_cast<std::uint8_t>(header.hop_limit | (header.want_ack ? kWantAck : 0) |
                                        (header.via_mqtt ? kViaMqtt : 0) |
                                        (header.hop_start << kHopStartShift)));
    writer.u8(header.channel_hash);
    writer.u8(header.next_hop);
    writer.u8(header.relay_node);
    return bytes;
}

Result<Header> decode_header(BytesView frame) {
    if (frame.size() < kHeaderBytes) return Error::Truncated;
    if (frame.size() > kFrameBytesMax) return Error::TooBig;
    ByteReader reader(frame);
    Header header;
    header.to = NodeId{reader.u32()};
    header.from = NodeId{reader.u32()};
    header.id = PacketId{reader.u32()};
    const std::uint8_t flags = reader.u8();
    header.hop_limit = flags & kHopLimitMask;
    header.want_ack = (flags & kWantAck) != 0;
    header.via_mqtt = (flags & kViaMqtt) != 0;
    header.hop_start = static_cast<std::uint8_t>(flags >> kHopStartShift);
    header.channel_hash = reader.u8();
    header.next_hop = reader.u8();
    header.relay_node = reader.u8();
    if (header.from == kNoNode) return Error::Malformed;
    return header;
}

}  // namespace compot::radio
