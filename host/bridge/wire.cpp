#include "host/bridge/wire.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/check.hpp"

namespace compot::bridge {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kTagBytes = crypto_aead_chacha20poly1305_ietf_ABYTES;
static_assert(kTagBytes == kEnvelopeBytes - kHeaderBytes);
static_assert(crypto_aead_chacha20poly1305_ietf_KEYBYTES == sizeof(crypto::Key));
static_assert(crypto_aead_chacha20poly1305_ietf_NPUBBYTES == 12);

/// A key for one purpose out of a longer secret: BLAKE2b-256 of `purpose`, keyed with it.
crypto::Key derive(const crypto::Key& secret, std::string_view purpose) {
    crypto::Key key{};
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): a word's bytes
    const auto* bytes = reinterpret_cast<const unsigned char*>(purpose.data());
    COMPOT_CHECK(crypto_generichash(key.data(), key.size(), bytes, purpose.size(), secret.data(),
                                    secret.size()) == 0);
    return key;
}

std::array<std::uint8_t, kHeaderBytes + 4> associated(BytesView header, NodeId to) {
    std::array<std::uint8_t, kHeaderBytes + 4> bytes{};
    ByteWriter writer(bytes);
    writer.bytes(header);
    writer.u32(to.value);
    return bytes;
}

}  // namespace

Envelopes::Envelopes(const node::Config& config, std::uint32_t epoch)
    : self_(config.self), epoch_(epoch), group_(derive(config.channel_key, "compot bridge group")) {
    const crypto::Key tag = derive(config.channel_key, "compot bridge topic");
    for (std::size_t i = 0; i < 8; ++i) tag_ += fmt::format("{:02x}", tag[i]);
    for (const node::Member& member : config.members) {
        crypto::Key shared{};
        if (member.id == self_ ||
            !crypto::exchange(config.exchange_secret, member.exchange_public, shared))
            continue;
        pairs_[member.id] = derive(shared, "compot bridge pair");
    }
}

ByteString Envelopes::seal(Kind kind, NodeId to, BytesView body) {
    COMPOT_CHECK(body.size() <= kBodyBytesMax && (is_for_all(kind) || knows(to)));
    COMPOT_CHECK(++number_ != 0);
    ByteString out(kEnvelopeBytes + body.size());
    ByteWriter writer(out);
    writer.u8('C');
    writer.u8('b');
    writer.u8(kVersion);
    writer.u8(static_cast<std::uint8_t>(kind));
    writer.u32(self_.value);
    writer.u32(epoch_);
    writer.u32(number_);
    const bool all = is_for_all(kind);
    const auto with = associated(BytesView{out}.first(kHeaderBytes), all ? kBroadcast : to);
    const crypto::Key& key = all ? group_ : pairs_.at(to);
    COMPOT_CHECK(crypto_aead_chacha20poly1305_ietf_encrypt(
                     out.data() + kHeaderBytes, nullptr, body.data(), body.size(), with.data(),
                     with.size(), nullptr, out.data() + 4, key.data()) == 0);
    return out;
}

Result<Opened> Envelopes::open(BytesView envelope) {
    if (envelope.size() < kEnvelopeBytes) return Error::Truncated;
    if (envelope.size() > kEnvelopeBytes + kBodyBytesMax) return Error::TooBig;
    ByteReader reader(envelope);
    if (reader.u8() != 'C' || reader.u8() != 'b') return Error::Malformed;
    if (reader.u8() != kVersion) return Error::Unsupported;
    const std::uint8_t kind = reader.u8();
    if (kind == 0 || kind > kKindMax) return Error::Malformed;
    Opened opened;
    opened.kind = static_cast<Kind>(kind);
    opened.sender = NodeId{reader.u32()};
    const std::uint32_t epoch = reader.u32();
    const std::uint32_t number = reader.u32();
    if (!knows(opened.sender)) return Error::Unknown;
    const bool all = is_for_all(opened.kind);
    const auto with = associated(envelope.first(kHeaderBytes), all ? kBroadcast : self_);
    const crypto::Key& key = all ? group_ : pairs_.at(opened.sender);
    opened.body.resize(envelope.size() - kEnvelopeBytes);
    if (crypto_aead_chacha20poly1305_ietf_decrypt(
            opened.body.data(), nullptr, nullptr, envelope.data() + kHeaderBytes,
            envelope.size() - kHeaderBytes, with.data(), with.size(), envelope.data() + 4,
            key.data()) != 0)
        return Error::Forged;
    Heard& heard = heard_[opened.sender];
    if (!is_news(heard, epoch, number)) return Error::Stale;
    note(heard, epoch, number);
    return opened;
}

bool Envelopes::is_news(const Heard& heard, std::uint32_t epoch, std::uint32_t number) const {
    if (epoch != heard.epoch) return epoch > heard.epoch && number > 0;
    if (number > heard.newest) return true;
    return number > 0 && heard.newest - number < kWindow && !heard.seen[number % kWindow];
}

void Envelopes::note(Heard& heard, std::uint32_t epoch, std::uint32_t number) {
    if (epoch != heard.epoch) {
        heard = Heard{};
        heard.epoch = epoch;
    }
    // Places between the newest and this one belong to numbers not heard yet.
    const std::uint32_t ahead = number > heard.newest ? number - heard.newest : 0;
    for (std::uint32_t i = 0; i < std::min(ahead, kWindow); ++i)
        heard.seen[(number - i) % kWindow] = false;
    heard.newest = std::max(heard.newest, number);
    heard.seen[number % kWindow] = true;
}

std::uint32_t Envelopes::epoch_of(NodeId sender) const {
    const auto found = heard_.find(sender);
    return found == heard_.end() ? 0 : found->second.epoch;
}

void Envelopes::restore_epoch(NodeId sender, std::uint32_t epoch) {
    // The run that was heard before this restart may go on: what it said then may come twice, and
    // has no second effect.
    Heard& heard = heard_[sender];
    if (epoch > heard.epoch) heard.epoch = epoch;
}

}  // namespace compot::bridge
