#include "host/links/bare.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/base/check.hpp"
#include "core/mesh/client.hpp"
#include "host/links/envelope.hpp"
#include "radio/cipher.hpp"

namespace compot::links {

namespace {

constexpr Duration kIntroducesEvery = 3h;
constexpr Duration kBetweenIntroductions = 60s;
constexpr std::uint32_t kMayGoToMqtt = 1;  ///< bit of Data.bitfield
// SOURCE: Meshtastic's enumerations HardwareModel (PRIVATE_HW) and Config.DeviceConfig.Role.
constexpr std::uint32_t kPrivateHardware = 255;
constexpr std::uint32_t kClientMute = 1;
/// A node numbers its packets from epoch 1 on, and never twice, since the number is in the cipher's
/// nonce. What is said here has epoch 0: 20 bits.
constexpr std::uint32_t kIdMask = 0xFFFFF;

template <std::size_t Size>
void copy_text(char (&to)[Size], const std::string& from) {
    const std::size_t bytes = std::min(from.size(), Size - 1);
    std::memcpy(static_cast<char*>(to), from.data(), bytes);
    to[bytes] = '\0';
}

}  // namespace

Bare::Bare(const Identity& identity)
    : identity_(identity), random_(identity.seed, identity.self.value, 0xBA2E) {}

Result<Carried> Bare::seal(const radio::Packet& packet) const {
    mesh::Data data = packet.data;
    data.bitfield = kMayGoToMqtt | (data.want_response ? 2U : 0U);
    std::array<std::uint8_t, mesh::kDataBytesMax> buffer{};
    const auto clear = mesh::encode(data, buffer);
    if (!clear) return Error::TooBig;
    Carried carried;
    carried.header.to = packet.to;
    carried.header.from = identity_.self;
    carried.header.id = packet.id;
    carried.header.hop_limit = std::min(packet.hop_limit, radio::kHopsMax);
    carried.header.hop_start = carried.header.hop_limit;
    carried.header.want_ack = packet.want_ack && packet.to != kBroadcast;
    carried.header.channel_hash = identity_.channel.hash;
    carried.header.relay_node = radio::short_name(identity_.self);
    COMPOT_CHECK(carried.payload.assign(*clear));
    radio::crypt_channel(identity_.channel.key, identity_.self, packet.id,
                         {carried.payload.data(), carried.payload.size()});
    return carried;
}

std::optional<radio::Packet> Bare::open(const Carried& carried, bool by_broker, Time now) {
    const radio::Header& header = carried.header;
    if (header.from == identity_.self) {
        ++counters_.own;
        return std::nullopt;
    }
    if (header.channel_hash != identity_.channel.hash) {
        ++counters_.foreign;
        return std::nullopt;
    }
    auto clear = carried.payload;
    radio::crypt_channel(identity_.channel.key, header.from, header.id,
                         {clear.data(), clear.size()});
    const auto data = mesh::decode_data(clear.view());
    if (!data) {
        ++counters_.unreadable;
        return std::nullopt;
    }
    // Only now: what can't be read must not keep out the one that can, under the same number.
    if (!seen_.first(header.from, header.id)) {
        ++counters_.again;
        return std::nullopt;
    }
    const bool asks = data->portnum == mesh::port::kNodeInfo && data->want_response;
    if (asks) met(now);
    if (header.to != identity_.self && header.to != kBroadcast) {
        ++counters_.for_others;
        return std::nullopt;
    }
    ++counters_.taken;
    radio::Packet packet;
    packet.to = header.to;
    packet.from = header.from;
    packet.id = header.id;
    packet.hop_limit = header.hop_limit;
    packet.hop_start = header.hop_start;
    packet.next_hop = header.next_hop;
    packet.relay_node = header.relay_node;
    packet.want_ack = header.want_ack;
    packet.via_mqtt = header.via_mqtt || by_broker;
    packet.rssi_cdbm = carried.rssi_cdbm;
    packet.snr_cdb = carried.snr_cdb;
    packet.data = *data;
    return packet;
}

void Bare::met(Time now) {
    const Time earliest = introduced_ ? *introduced_ + kBetweenIntroductions : now;
    introduces_at_ = std::min(introduces_at_, std::max(now, earliest));
}

std::optional<Carried> Bare::introduce(Time now) {
    if (now < introduces_at_) return std::nullopt;
    introduced_ = now;
    introduces_at_ = now + kIntroducesEvery;
    compot_pb_User user{};
    copy_text(user.id, name_of(identity_.self));
    copy_text(user.long_name, identity_.name);
    copy_text(user.short_name, identity_.name.substr(0, 4));
    user.hw_model = kPrivateHardware;
    user.role = kClientMute;
    user.has_is_unmessagable = user.is_unmessagable = true;
    radio::Packet packet;
    packet.id = PacketId{1U + random_.below(kIdMask)};
    packet.hop_limit = identity_.hop_limit;
    packet.data.portnum = mesh::port::kNodeInfo;
    std::array<std::uint8_t, mesh::kDataPayloadMax> buffer{};
    const auto encoded = mesh::encode(user, buffer);
    COMPOT_CHECK(encoded.ok() && packet.data.payload.assign(*encoded));
    const auto sealed = seal(packet);
    COMPOT_CHECK(sealed.ok());
    return *sealed;
}

}  // namespace compot::links
