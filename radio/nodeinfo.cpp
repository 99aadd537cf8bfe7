#include <algorithm>
#include <array>
#include <string>

#include "core/mesh/client.hpp"
#include "radio/self.hpp"

/// Who we are and who the others are: NodeInfo packets, which also carry the public keys.

namespace compot::radio {
namespace {

constexpr Duration kBroadcastAgain = 5min;  ///< the least time between two introductions
constexpr Duration kAnswerAgain = 60s;      ///< ... when somebody or our client asked us alone
constexpr std::uint16_t kBusyPolite = 250;  ///< permille from which we ask nobody who they are
constexpr std::uint16_t kBusyMost = 400;    ///< ... and introduce ourselves no more

/// As apps show a node.
std::string shown_id(NodeId id) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text = "!";
    for (unsigned shift = 32; shift > 0; shift -= 4) {
        text += kDigits[(id.value >> (shift - 4)) & 0xFU];
    }
    return text;
}

template <std::size_t Size>
void copy_text(const std::string& text, char (&out)[Size]) {
    const std::size_t length = std::min(text.size(), Size - 1);
    std::copy_n(text.begin(), length, out);
    out[length] = '\0';
}

}  // namespace

std::optional<crypto::Key> introduced_key(const mesh::Data& data) {
    if (data.portnum != mesh::port::kNodeInfo) return std::nullopt;
    const Result<compot_pb_User> user = mesh::decode_user(data.payload.view());
    crypto::Key key{};
    if (!user.ok() || user->public_key.size != key.size()) return std::nullopt;
    std::copy_n(user->public_key.bytes, key.size(), key.begin());
    return key;
}

void Radio::Self::introduce(NodeId to, const Packet* asked, bool want_response, Time now,
                            Effects& out) {
    compot_pb_User user = compot_pb_User_init_zero;
    copy_text(shown_id(identity.self), user.id);
    copy_text(identity.introduction->long_name, user.long_name);
    copy_text(identity.introduction->short_name, user.short_name);
    // Up to 2.7 these were the board's last four bytes; 2.8 still sends an address.
    user.has_macaddr = true;
    for (unsigned i = 0; i < 4; ++i) {
        user.macaddr[2 + i] = static_cast<std::uint8_t>(identity.self.value >> (24 - 8 * i));
    }
    user.has_is_unmessagable = true;
    user.hw_model = identity.introduction->hardware;
    user.role = static_cast<std::uint32_t>(identity.role);
    if (identity.exchange_secret.has_value()) {
        const crypto::Key key = crypto::exchange_public(*identity.exchange_secret);
        user.public_key.size = static_cast<pb_size_t>(key.size());
        std::copy(key.begin(), key.end(), user.public_key.bytes);
    }
    std::array<std::uint8_t, mesh::kDataPayloadMax> buffer{};
    const Result<BytesView> bytes = mesh::encode(user, buffer);
    if (!bytes.ok()) return;

    Packet packet;
    packet.to = to;
    packet.id = fresh_id();
    packet.want_ack = asked != nullptr && asked->want_ack;
    packet.hop_limit = asked == nullptr ? settings->hop_limit : reply_hops(*asked);
    packet.priority = Priority::Background;
    packet.data.portnum = mesh::port::kNodeInfo;
    packet.data.request_id = asked == nullptr ? 0 : asked->id.value;
    packet.data.want_response = want_response;
    if (!packet.data.payload.assign(*bytes)) return;
    introducing->last = now;
    static_cast<void>(originate(packet, now, out));
}

void Radio::Self::introduce_when_due(Time now, Effects& out) {
    if (!introducing.has_value()) return;
    const std::uint16_t busy = mac.log().busy_permille(now);
    if (now >= introducing->at) {
        // The first one after a start asks for everybody else's.
        const bool first = !introducing->last.has_value();
        introducing->at = now + identity.introduction->every;
        if (busy <= kBusyMost) introduce(kBroadcast, nullptr, first, now, out);
    }
    if (now >= introducing->asks_at) {
        introducing->asks_at = kNever;
        if (busy <= kBusyPolite) introduce(introducing->stranger, nullptr, true, now, out);
    }
}

/// REQUIRES: we introduce ourselves.
bool Radio::Self::introduced_within(Duration pause, Time now) const {
    return introducing->last.has_value() && now - *introducing->last < pause;
}

void Radio::Self::introduce_on_demand(Time now, Effects& out) {
    if (!introducing.has_value() || introduced_within(kAnswerAgain, now)) return;
    introduce(kBroadcast, nullptr, true, now, out);
}

void Radio::Self::take_introduction(const Packet& packet, Time now, Effects& out) {
    if (packet.data.portnum != mesh::port::kNodeInfo) return;
    if (const auto key = introduced_key(packet.data)) {
        // 2.8 numbers a node by its key, so another key than that under this number is a lie.
        const bool fits = settings->firmware == Firmware::V27 || node_number(*key) == packet.from;
        const crypto::Key* const known = peers.key(packet.from);
        if (fits && known == nullptr) peers.learn_key(packet.from, *key);
    }
    peers.set_introduced(packet.from);
    if (!introducing.has_value() || !packet.data.want_response) return;
    if (introduced_within(packet.to == identity.self ? kAnswerAgain : kBroadcastAgain, now)) return;
    if (mac.log().busy_permille(now) > kBusyMost) return;
    introduce(packet.from, &packet, false, now, out);
}

/// A broadcast from somebody of whom we know nothing: we ask, a little later, one at a time.
void Radio::Self::wonder_who(const Packet& packet, Time now) {
    if (!introducing.has_value() || introducing->asks_at != kNever) return;
    if (packet.data.portnum == mesh::port::kNodeInfo) return;
    if (peers.introduced(packet.from)) return;
    introducing->stranger = packet.from;
    introducing->asks_at = now + 1s + Duration{random.below(2'000'000)};
}

}  // namespace compot::radio
