#include <fmt/core.h>

#include <cstdio>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "apps/command.hpp"
#include "core/mesh/data.hpp"
#include "radio/channel.hpp"
#include "radio/cipher.hpp"
#include "radio/frame.hpp"
#include "radio/pkc.hpp"
#include "radio/signature.hpp"

/// compotastic packet: one over-the-air frame between hexadecimal and JSON.

namespace compot::apps {
namespace {

using Json = nlohmann::ordered_json;
using ByteVector = std::vector<std::uint8_t>;

struct Options {
    std::string channel = "LongFast";
    std::string psk = "01";
    std::string private_key;
    std::string peer;
    std::string signer;
    std::string frame;
    bool json = false;
};

/// Ends the subcommand; caught where it runs.
struct Refusal {
    std::string why;
};

ByteVector unhex(const std::string& what, const std::string& text) {
    const auto digit = [&](char letter) -> unsigned {
        if (letter >= '0' && letter <= '9') return static_cast<unsigned>(letter - '0');
        if (letter >= 'a' && letter <= 'f') return static_cast<unsigned>(letter - 'a' + 10);
        if (letter >= 'A' && letter <= 'F') return static_cast<unsigned>(letter - 'A' + 10);
        throw Refusal{fmt::format("{}: '{}' is no hexadecimal digit", what, letter)};
    };
    if (text.size() % 2 != 0) {
        throw Refusal{fmt::format("{}: an odd number of hexadecimal digits", what)};
    }
    ByteVector bytes;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        bytes.push_back(static_cast<std::uint8_t>(digit(text[i]) * 16 + digit(text[i + 1])));
    }
    return bytes;
}

std::string hex(BytesView bytes) {
    std::string text;
    for (const std::uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
    return text;
}

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
    // An unnamed channel shows as the default preset, as on a fresh radio.
    const std::string name = options.channel.empty() ? "LongFast" : options.channel;
    const Result<radio::Channel> channel = radio::make_channel(name, unhex("--psk", options.psk));
    if (!channel.ok()) {
        throw Refusal{"--channel, --psk: a name has at most 11 bytes and a key at most 32"};
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
            throw Refusal{"the frame does not open with these keys: its tag is wrong"};
        }
        return {clear->begin(), clear->end()};
    }
    const radio::Channel channel = channel_of(options);
    if (channel.hash != header.channel_hash) {
        throw Refusal{fmt::format("channel hash: the frame has {}, channel {} with this key has {}",
                                  header.channel_hash, channel.name, channel.hash)};
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
    if (data.bitfield.has_value()) out["bitfield"] = *data.bitfield;
    if (data.dest != 0) out["dest"] = data.dest;
    if (data.source != 0) out["source"] = data.source;
    if (!data.signature.empty()) out["signature_bytes"] = hex(data.signature.view());
    return out;
}

void decode(const Options& options) {
    const ByteVector frame = unhex("FRAMEHEX", options.frame);
    const Result<radio::Header> header = radio::decode_header(frame);
    if (!header.ok()) {
        throw Refusal{
            fmt::format("FRAMEHEX: {} bytes are no frame ({}): a header of 16 bytes, from "
                        "a node that is not 0, at most 255 in all",
                        frame.size(), to_string(header.error()))};
    }
    const BytesView sealed = BytesView{frame}.subspan(radio::kHeaderBytes);
    const Result<mesh::Data> data = mesh::decode_data(opened(options, *header, sealed));
    if (!data.ok()) {
        throw Refusal{
            "what the key opens is no Data message: another channel with the same hash, "
            "or damaged"};
    }
    Json out = describe(options, *header, *data);
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
    data.portnum = number(in, "portnum", mesh::port::kMax);
    if (data.portnum == 0) throw Refusal{"portnum: a port from 1 to 511 is needed"};
    if (!data.payload.assign(unhex("payload", text(in, "payload")))) {
        throw Refusal{fmt::format("payload: at most {} bytes", mesh::kDataPayloadMax)};
    }
    data.want_response = number(in, "want_response", 1) != 0;
    data.dest = number(in, "dest");
    data.source = number(in, "source");
    data.request_id = number(in, "request_id");
    data.reply_id = number(in, "reply_id");
    data.emoji = number(in, "emoji");
    // The firmware always says it: bit 1 repeats want_response.
    data.bitfield =
        in.contains("bitfield") ? number(in, "bitfield") : (data.want_response ? 2U : 0U);
    if (!data.signature.assign(unhex("signature_bytes", text(in, "signature_bytes"))) ||
        data.signature.size() % crypto::kSignatureBytes != 0) {
        throw Refusal{"signature_bytes: 64 bytes, or none"};
    }
    return data;
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

void encode(const Options& options) {
    const std::string input{std::istreambuf_iterator<char>(std::cin), {}};
    const Json in = Json::parse(input, nullptr, false);
    if (!in.is_object()) throw Refusal{"standard input: one JSON object is needed"};
    radio::Header header = header_from(in);
    const mesh::Data data = data_from(in);
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

CLI::App* add_action(CLI::App& packet, const char* name, const char* what,
                     const std::shared_ptr<Options>& options) {
    CLI::App* const action = packet.add_subcommand(name, what);
    action->add_option("--channel", options->channel, "name of the channel")->capture_default_str();
    action->add_option("--psk", options->psk, "its key in hex, or the number of a default key")
        ->capture_default_str();
    action->add_option("--private", options->private_key, "X25519 private key, for PKC");
    action->add_option("--peer", options->peer, "X25519 public key of the other side, for PKC");
    action->add_flag("--json", options->json, "print one JSON object");
    return action;
}

}  // namespace

void add_packet(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* const packet =
        program.cli.add_subcommand("packet", "Decode or encode one over-the-air frame");
    packet->require_subcommand(1);
    const auto guarded = [&program](void (*action)(const Options&), const Options& given) {
        try {
            action(given);
        } catch (const Refusal& refusal) {
            fmt::print(stderr, "compotastic packet: {}\n", refusal.why);
            program.exit_status = 1;
        }
    };
    CLI::App* const decoding = add_action(*packet, "decode", "Frame in hex to its fields", options);
    decoding->add_option("FRAMEHEX", options->frame, "the whole frame, header first")->required();
    decoding->add_option("--signer", options->signer, "X25519 public key of the signer");
    decoding->callback([=] { guarded(decode, *options); });
    CLI::App* const encoding =
        add_action(*packet, "encode", "Fields as JSON on standard input to a frame", options);
    encoding->callback([=] { guarded(encode, *options); });
}

}  // namespace compot::apps
