#include "host/links/gateway.hpp"

#include <boost/asio/ip/address.hpp>

#include "core/mesh/data.hpp"
#include "radio/cipher.hpp"

namespace compot::links {

namespace {

constexpr std::uint32_t kOkToMqtt = 1;  ///< bit of Data.bitfield
constexpr std::size_t kKnownMax = 4096;

/// For one reader: nobody but the two can look into it.
bool sealed_for_one(const radio::Header& header) {
    return header.channel_hash == radio::kPkcChannelHash && header.to != kBroadcast;
}

bool within(std::uint32_t address, std::uint32_t net, unsigned bits) {
    return address >> (32U - bits) == net >> (32U - bits);
}

}  // namespace

bool is_private(const std::string& host) {
    if (host == "localhost") return true;
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(host, error);
    if (error) return false;
    if (address.is_v6()) {
        // fc00::/7 is what RFC 4193 leaves to private networks.
        const auto v6 = address.to_v6();
        return v6.is_loopback() || v6.is_link_local() || (v6.to_bytes()[0] & 0xFEU) == 0xFCU;
    }
    const std::uint32_t v4 = address.to_v4().to_uint();
    return within(v4, 0x7F000000, 8) || within(v4, 0x0A000000, 8) || within(v4, 0xAC100000, 12) ||
           within(v4, 0xC0A80000, 16) || within(v4, 0xA9FE0000, 16);
}

bool Gateway::ours(const Carried& carried, bool& ok_to_mqtt) const {
    if (carried.header.channel_hash != terms_.channel.hash) return false;
    auto clear = carried.payload;
    radio::crypt_channel(terms_.channel.key, carried.header.from, carried.header.id,
                         {clear.data(), clear.size()});
    const auto data = mesh::decode_data(clear.view());
    if (!data) return false;
    ok_to_mqtt = (data->bitfield.value_or(0) & kOkToMqtt) != 0;
    return true;
}

void Gateway::know(NodeId id) {
    if (known_.size() >= kKnownMax) known_.clear();
    known_.insert(id.value);
}

std::optional<Envelope> Gateway::uplink(const Carried& carried) {
    const radio::Header& header = carried.header;
    if (header.via_mqtt) return std::nullopt;
    bool ok = false;
    const bool for_one = sealed_for_one(header);
    if (!for_one && !ours(carried, ok)) {
        ++counters_.foreign;
        return std::nullopt;
    }
    if (!for_one) know(header.from);
    if (!for_one && !ok && !terms_.private_broker && header.from != terms_.self) {
        ++counters_.not_ok;
        return std::nullopt;
    }
    if (!up_.first(header.from, header.id)) return std::nullopt;
    ++counters_.up;
    return Envelope{carried, for_one ? kPkiChannel : terms_.channel.name, terms_.self};
}

std::optional<Carried> Gateway::downlink(const Envelope& envelope) {
    const radio::Header& header = envelope.packet.header;
    if (envelope.gateway == terms_.self || header.from == terms_.self) {
        ++counters_.own;
        return std::nullopt;
    }
    const bool for_one = envelope.channel == kPkiChannel && sealed_for_one(header);
    bool ok = false;
    const bool readable =
        !for_one && envelope.channel == terms_.channel.name && ours(envelope.packet, ok);
    const bool acquainted = header.to == terms_.self || (known_.contains(header.to.value) &&
                                                         known_.contains(header.from.value));
    if (!readable && !(for_one && acquainted)) {
        ++counters_.foreign;
        return std::nullopt;
    }
    if (!down_.first(header.from, header.id)) {
        ++counters_.again;
        return std::nullopt;
    }
    if (readable) know(header.from);
    ++counters_.down;
    Carried carried = envelope.packet;
    carried.header.via_mqtt = true;
    if (terms_.zero_hop) carried.header.hop_limit = 0;
    carried.rssi_cdbm = carried.snr_cdb = 0;  // not heard by our radio
    return carried;
}

}  // namespace compot::links
