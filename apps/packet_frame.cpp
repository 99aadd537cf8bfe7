#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "apps/packet.hpp"
#include "core/air/modem.hpp"
#include "core/mesh/data.hpp"
#include "radio/channel.hpp"
#include "radio/cipher.hpp"
#include "radio/frame.hpp"
#include "radio/pkc.hpp"
#include "radio/signature.hpp"

/// One over-the-air frame between hexadecimal and JSON.

namespace compot::apps::packet {
namespace {

using Json = nlohmann::ordered_json;

crypto::Key key_of(const std::string& what, const std::string& text) {
    const ByteVector bytes = unhex(what, text);
    crypto::Key key{};
    if (bytes.size() != key.size()) {
        throw Refusal{fmt::format("{}: a key has 32 bytes, this has {}", what, bytes.size())};
    }
    std::copy(bytes.begin(), bytes.end(), key.begin());
    return key;
}

radio::Channel channel_of(const Options& options) {
    const Result<air::Preset> preset = air::preset_named(options.preset);
    if (!preset.ok()) throw Refusal{"--preset " + options.preset + ": no such preset"};
    const ByteVector psk = unhex("--psk", options.psk);
    if (psk.size() > radio::ChannelKey::capacity()) {
        throw Refusal{fmt::format("--psk: a key has at most 32 bytes, this has {}", psk.size())};
    }
    // An unnamed channel shows under the preset's name.
    const std::string name =
        options.channel.empty() ? std::string(air::name(*preset)) : options.channel;
    const Result<radio::Channel> channel = radio::make_channel(name, psk);
    if (!channel.ok()) {
        throw Refusal{fmt::format("--channel: a name has at most {} bytes, this has {}",
                                  radio::kChannelNameMax, name.size())};
    }
    return *channel;
}

/// The key of --private and --peer, or nothing when neither is given.
std::optional<crypto::Key> pkc_key_of(const Options& options) {
    if (options.private_key.empty() && options.peer.empty()) return std::nullopt;
    if (options.private_key.empty() || options.peer.empty()) {
        throw Refusal{"--private and --peer go together"};
    }
    const Result<crypto::Key> key =
        radio::pkc_key(key_of("--private", options.private_key), key_of("--peer", options.peer));
    if (!key.ok()) throw Refusal{"--peer: no usable X25519 public key"};
    return *key;
}

/// The Data inside, in clear.
ByteVector opened(const Options& options, const radio::Header& header, BytesView sealed) {
    if (const auto key = pkc_key_of(options)) {
        const Result<radio::Sealed> clear = radio::open_pkc(*key, header.from, header.id, sealed);
        if (!clear.ok()) {
            throw Refusal{clear.error() == Error::Truncated
                              ? "FRAMEHEX: too short for PKC: a tag of 8 and a nonce of 4 bytes "
                                "must follow the header and something sealed"
                              : "the frame does not open with --private and --peer: its tag is "
                                "wrong"};
        }
        return {clear->begin(), clear->end()};
    }
    const radio::Channel channel = channel_of(options);
    if (channel.hash != header.channel_hash) {
        throw Refusal{
            fmt::format("channel hash: the frame has {}, channel {} with this --psk has {}{}",
                        header.channel_hash, channel.name, channel.hash,
                        header.channel_hash == radio::kPkcChannelHash
                            ? "; 0 may be PKC: --private and --peer open that"
                            : "")};
    }
    ByteVector clear(sealed.begin(), sealed.end());
    radio::crypt_channel(channel.key, header.from, header.id, clear);
    return clear;
}

const char* verdict(const Options& options, const radio::Header& header, const mesh::Data& data) {
    if (data.signature.empty()) return "none";
    if (data.signature.size() != crypto::kSignatureBytes) return "invalid";
    if (options.signer.empty()) return "unverifiable";
    const crypto::Key signer = key_of("--signer", options.signer);
    return radio::verify_broadcast(signer, header.from, header.id, data) ? "valid" : "invalid";
}

Json describe(const Options& options, const radio::Header& header, const mesh::Data& data) {
    Json out{{"to", header.to.value},
             {"from", header.from.value},
             {"id", header.id.value},
             {"hop_limit", header.hop_limit},
             {"hop_start", header.hop_start},
             {"want_ack", header.want_ack ? 1 : 0},
             {"via_mqtt", header.via_mqtt ? 1 : 0},
             {"channel_hash", header.channel_hash},
             {"next_hop", header.next_hop},
             {"relay_node", header.relay_node},
             {"portnum", data.portnum},
             {"payload", hex(data.payload.view())},
             {"want_response", data.want_response},
             {"request_id", data.request_id},
             {"reply_id", data.reply_id},
             {"emoji", data.emoji},
             {"signature", verdict(options, header, data)}};
    out["bitfield"] = data.bitfield.has_value() ? Json(*data.bitfield) : Json(nullptr);
    if (data.dest != 0) out["dest"] = data.dest;
    if (data.source != 0) out["source"] = data.source;
    if (!data.signature.empty()) out["signature_bytes"] = hex(data.signature.view());
    return out;
}

radio::Header header_of(const ByteVector& frame) {
    const Result<radio::Header> header = radio::decode_header(frame);
    if (header.ok()) return *header;
    switch (header.error()) {
        case Error::Truncated:
            throw Refusal{
                fmt::format("FRAMEHEX: a frame begins with a header of {} bytes, this has {}",
                            radio::kHeaderBytes, frame.size())};
        case Error::TooBig:
            throw Refusal{fmt::format("FRAMEHEX: a frame has at most {} bytes, this has {}",
                                      radio::kFrameBytesMax, frame.size())};
        default: throw Refusal{"FRAMEHEX: it says that it is from node 0, which nobody is"};
    }
}

}  // namespace

void decode_frame(const Options& options) {
    const ByteVector frame = unhex("FRAMEHEX", options.bytes);
    const radio::Header header = header_of(frame);
    const BytesView sealed = BytesView{frame}.subspan(radio::kHeaderBytes);
    const ByteVector clear = opened(options, header, sealed);
    const Result<mesh::Data> data = mesh::decode_data(clear);
    if (!data.ok()) {
        throw Refusal{options.private_key.empty()
                          ? "what the key opens is no Data message: another channel with the same "
                            "hash, or damaged"
                          : "the frame opens, but holds no Data message: " + hex(clear)};
    }
    Json out = describe(options, header, *data);
    if (!options.private_key.empty()) {
        out["extra_nonce"] = hex(sealed.last(4));
    }
    if (options.json) {
        fmt::print("{}\n", out.dump());
        return;
    }
    for (const auto& field : out.items()) {
        fmt::print(
            "{:<15} {}\n", field.key(),
            field.value().is_string() ? field.value().get<std::string>() : field.value().dump());
    }
}

namespace {

/// A number field of the JSON, also written as true or false; 0 when it is missing.
std::uint32_t number(const Json& in, const char* name, std::uint32_t most = 0xFFFFFFFFU) {
    if (!in.contains(name)) return 0;
    const Json& field = in[name];
    if (field.is_boolean()) return field.get<bool>() ? 1 : 0;
    if (!field.is_number_unsigned() || field.get<std::uint64_t>() > most) {
        throw Refusal{fmt::format("{}: a whole number from 0 to {} is needed", name, most)};
    }
    return field.get<std::uint32_t>();
}

std::string text(const Json& in, const char* name) {
    if (!in.contains(name)) return {};
    if (!in[name].is_string()) throw Refusal{fmt::format("{}: a string is needed", name)};
    return in[name].get<std::string>();
}

radio::Header header_from(const Json& in) {
    radio::Header header;
    header.to = in.contains("to") ? NodeId{number(in, "to")} : kBroadcast;
    header.from = NodeId{number(in, "from")};
    header.id = PacketId{number(in, "id")};
    header.hop_limit = static_cast<std::uint8_t>(number(in, "hop_limit", radio::kHopsMax));
    header.hop_start = static_cast<std::uint8_t>(number(in, "hop_start", radio::kHopsMax));
    header.want_ack = number(in, "want_ack", 1) != 0;
    header.via_mqtt = number(in, "via_mqtt", 1) != 0;
    header.next_hop = static_cast<std::uint8_t>(number(in, "next_hop", 255));
    header.relay_node = static_cast<std::uint8_t>(number(in, "relay_node", 255));
    if (header.from == kNoNode) throw Refusal{"from: a node number that is not 0 is needed"};
    return header;
}

mesh::Data data_from(const Json& in) {
    mesh::Data data;
    data.portnum = number(in, "portnum");
    if (data.portnum == 0) throw Refusal{"portnum: a number from 1 is needed, as 256"};
    if (!data.payload.assign(unhex("payload", text(in, "payload")))) {
        throw Refusal{fmt::format("payload: at most {} bytes", mesh::kDataPayloadMax)};
    }
    data.want_response = number(in, "want_response", 1) != 0;
    data.dest = number(in, "dest");
    data.source = number(in, "source");
    data.request_id = number(in, "request_id");
    data.reply_id = number(in, "reply_id");
    data.emoji = number(in, "emoji");
    // The firmware always says it: bit 1 repeats want_response. null: a packet that has none.
    if (!in.contains("bitfield")) {
        data.bitfield = data.want_response ? 2U : 0U;
    } else if (!in["bitfield"].is_null()) {
        data.bitfield = number(in, "bitfield");
    }
    return data;
}

/// As given; made, with --sign; else none, but what was signed is not sent without.
void sign(const Options& options, const Json& in, const radio::Header& header, mesh::Data& data) {
    const std::string said = text(in, "signature");
    if (!options.sign.empty()) {
        std::array<std::uint8_t, 64> nonce{};
        std::random_device chance;
        for (std::uint8_t& byte : nonce) byte = static_cast<std::uint8_t>(chance());
        const crypto::Key secret = key_of("--sign", options.sign);
        COMPOT_CHECK(data.signature.assign(
            radio::sign_broadcast(secret, header.from, header.id, data, nonce)));
        return;
    }
    const std::string bytes = text(in, "signature_bytes");
    if (!data.signature.assign(unhex("signature_bytes", bytes))) {
        throw Refusal{fmt::format("signature_bytes: at most {} bytes", crypto::kSignatureBytes)};
    }
    if (bytes.empty() && !said.empty() && said != "none") {
        throw Refusal{"signature: \"" + said +
                      "\" without signature_bytes; --sign makes a signature"};
    }
}

/// As given, so that the bytes can be made again, or of chance.
std::uint32_t extra_nonce(const Json& in) {
    if (!in.contains("extra_nonce")) return std::random_device{}();
    const ByteVector bytes = unhex("extra_nonce", text(in, "extra_nonce"));
    if (bytes.size() != 4) throw Refusal{"extra_nonce: 4 bytes"};
    std::uint32_t nonce = 0;
    for (std::size_t i = 0; i < 4; ++i) nonce |= static_cast<std::uint32_t>(bytes[i]) << (8U * i);
    return nonce;
}

/// Channel hash, then ciphertext.
std::pair<std::uint8_t, ByteVector> sealed(const Options& options, const Json& in,
                                           const radio::Header& header, BytesView clear) {
    if (const auto key = pkc_key_of(options)) {
        const std::uint32_t nonce = extra_nonce(in);
        const Result<radio::Sealed> out =
            radio::seal_pkc(*key, header.from, header.id, nonce, clear);
        if (!out.ok()) throw Refusal{"payload: too large for a frame"};
        return {radio::kPkcChannelHash, {out->begin(), out->end()}};
    }
    const radio::Channel channel = channel_of(options);
    ByteVector out(clear.begin(), clear.end());
    radio::crypt_channel(channel.key, header.from, header.id, out);
    return {channel.hash, out};
}

}  // namespace

void encode_frame(const Options& options, const std::string& input) {
    const Json in = Json::parse(input, nullptr, false);
    if (!in.is_object()) throw Refusal{"standard input: one JSON object is needed"};
    radio::Header header = header_from(in);
    mesh::Data data = data_from(in);
    sign(options, in, header, data);
    std::array<std::uint8_t, mesh::kDataBytesMax> buffer{};
    const Result<BytesView> clear = mesh::encode(data, buffer);
    if (!clear.ok()) throw Refusal{"payload: too large for a frame"};
    const auto [hash, body] = sealed(options, in, header, *clear);
    if (in.contains("channel_hash") && number(in, "channel_hash", 255) != hash) {
        throw Refusal{fmt::format("channel_hash: {} is asked for, channel and key give {}",
                                  number(in, "channel_hash", 255), hash)};
    }
    header.channel_hash = hash;
    const auto bytes = radio::encode(header);
    const std::string frame = hex(bytes) + hex(body);
    fmt::print("{}\n", options.json ? Json{{"frame", frame}}.dump() : frame);
}

}  // namespace compot::apps::packet
