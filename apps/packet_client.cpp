#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "apps/packet.hpp"
#include "core/mesh/stream.hpp"
#include "host/client_api/words.hpp"

/// One message between a client and its radio, in hexadecimal and JSON.

namespace compot::apps::packet {

namespace {

client_api::Direction direction(const Options& options) {
    return options.to_radio ? client_api::Direction::ToRadio : client_api::Direction::FromRadio;
}

/// Without the header of a stream, if there is one.
BytesView bare(const ByteVector& bytes) {
    const bool framed =
        bytes.size() >= mesh::kStreamHeaderBytes && bytes[0] == 0x94 && bytes[1] == 0xC3;
    if (!framed) return bytes;
    const std::size_t length = static_cast<std::size_t>(bytes[2]) << 8U | bytes[3];
    if (length != bytes.size() - mesh::kStreamHeaderBytes) {
        throw Refusal{fmt::format("FRAMEHEX: its stream header announces {} bytes, {} follow",
                                  length, bytes.size() - mesh::kStreamHeaderBytes)};
    }
    return BytesView{bytes}.subspan(mesh::kStreamHeaderBytes);
}

}  // namespace

void decode_client(const Options& options) {
    const ByteVector bytes = unhex("FRAMEHEX", options.bytes);
    const auto words = client_api::to_words(direction(options), bare(bytes));
    if (!words.ok())
        throw Refusal{"FRAMEHEX: no message of the client API: " + words.error().sentence};
    if (options.json) {
        fmt::print("{}\n", *words);
    } else {
        fmt::print("{}\n", nlohmann::ordered_json::parse(*words).dump(2));
    }
}

void encode_client(const Options& options, const std::string& input) {
    const auto message = client_api::from_words(direction(options), input);
    if (!message.ok()) throw Refusal{"standard input: " + message.error().sentence};
    const auto framed = mesh::frame_stream(*message);
    if (!framed.ok()) {
        throw Refusal{fmt::format("standard input: the message has {} bytes, {} are possible",
                                  message->size(), mesh::kStreamPayloadMax)};
    }
    const std::string text = options.stream ? hex(framed->view()) : hex(*message);
    fmt::print("{}\n", options.json ? nlohmann::ordered_json{{"message", text}}.dump() : text);
}

}  // namespace compot::apps::packet
