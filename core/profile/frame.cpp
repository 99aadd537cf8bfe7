#include "core/profile/frame.hpp"

#include <algorithm>
#include <array>

#include "core/base/bytes.hpp"
#include "core/profile/codec.hpp"

namespace compot::profile {

namespace {

constexpr std::uint8_t kMagic0 = 'C';
constexpr std::uint8_t kMagic1 = 't';
constexpr std::size_t kMacAt = 4;

crypto::Mac frame_mac(const crypto::MacKey& key, NodeId from, PacketId id, BytesView payload) {
    std::array<std::uint8_t, 8 + kFrameBytesMax> covered{};
    ByteWriter out{covered};
    out.u32(from.value);
    out.u32(id.value);
    out.bytes(payload.first(kMacAt));
    out.bytes(payload.subspan(kHeaderBytes));
    return crypto::mac(key, *out.finish());
}

}  // namespace

compot::Result<Bytes<kFrameBytesMax>> seal(const Keyring& keys, PacketId id,
                                           const Message& message) {
    const MessageType type = type_of(message);
    const KeyClass chosen = key_class(type);
    const crypto::MacKey* key =
        chosen == KeyClass::Group ? &keys.group() : keys.pair(addressee(message));
    if (key == nullptr) return Error::Unknown;

    Bytes<kFrameBytesMax> frame;
    frame.resize(kFrameBytesMax);
    const auto body =
        encode_body(message, MutableBytes{frame.data(), frame.size()}.subspan(kHeaderBytes));
    if (!body.ok()) return body.error();
    frame.resize(kHeaderBytes + *body);
    frame[0] = kMagic0;
    frame[1] = kMagic1;
    frame[2] = static_cast<std::uint8_t>((kVersion << 4U) | static_cast<unsigned>(chosen));
    frame[3] = static_cast<std::uint8_t>(type);
    const crypto::Mac mac = frame_mac(*key, keys.self(), id, frame.view());
    std::copy(mac.begin(), mac.end(), frame.begin() + kMacAt);
    return frame;
}

compot::Result<MessageType> peek_type(BytesView payload) {
    if (payload.size() < kHeaderBytes) return Error::Truncated;
    if (payload[0] != kMagic0 || payload[1] != kMagic1) return Error::Malformed;
    if (payload[2] >> 4U != kVersion) return Error::Unsupported;
    if (payload[3] == 0 || payload[3] > kMessageTypeMax) return Error::Unsupported;
    return static_cast<MessageType>(payload[3]);
}

compot::Result<Opened> open(const Keyring& keys, NodeId from, PacketId id, BytesView payload) {
    const auto type = peek_type(payload);
    if (!type.ok()) return type.error();
    if (payload.size() > kFrameBytesMax) return Error::TooBig;
    const KeyClass chosen = key_class(*type);
    // Each type has one key class: a frame that claims another tries to be checked by a weaker key.
    if ((payload[2] & 0x0FU) != static_cast<unsigned>(chosen)) return Error::Malformed;
    if (!keys.knows(from)) return Error::Unknown;

    const BytesView body = payload.subspan(kHeaderBytes);
    const crypto::MacKey* key = &keys.group();
    if (chosen == KeyClass::Pairwise) {
        const auto to = peek_addressee(body);
        if (!to.ok()) return to.error();
        if (*to != keys.self()) return Error::Refused;
        key = keys.pair(from);
    }
    const crypto::Mac expected = frame_mac(*key, from, id, payload);
    if (!crypto::equal(expected, payload.subspan(kMacAt, crypto::kMacBytes))) return Error::Forged;

    const auto message = decode_body(*type, body);
    if (!message.ok()) return message.error();
    return Opened{*message, chosen};
}

}  // namespace compot::profile
