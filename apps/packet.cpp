#include "apps/packet.hpp"

#include <fmt/core.h>

#include <cstdio>
#include <iostream>
#include <iterator>
#include <memory>

#include "apps/command.hpp"
#include "observe/hex.hpp"

/// compotastic packet: one over-the-air frame, or one message of the client API, between
/// hexadecimal and JSON.

namespace compot::apps {

namespace packet {

ByteVector unhex(const std::string& what, const std::string& text) {
    auto bytes = observe::unhex(text);
    if (!bytes) throw Refusal{what + ": " + bytes.error()};
    return *std::move(bytes);
}

}  // namespace packet

namespace {

using packet::Options;

void decode(const Options& options) {
    options.to_radio || options.from_radio ? decode_client(options) : decode_frame(options);
}

void encode(const Options& options) {
    const std::string input{std::istreambuf_iterator<char>(std::cin), {}};
    options.to_radio || options.from_radio ? encode_client(options, input)
                                           : encode_frame(options, input);
}

CLI::App* add_action(CLI::App& command, const char* name, const char* what, Options& options) {
    CLI::App* const action = command.add_subcommand(name, what);
    action
        ->add_option("--channel", options.channel,
                     "name of the channel; empty: the preset's name, as on a fresh radio")
        ->capture_default_str();
    action->add_option("--preset", options.preset, "preset that names an unnamed channel")
        ->capture_default_str();
    action
        ->add_option("--psk", options.psk,
                     "its key in hex: none, the number of a default key, or up to 32 bytes")
        ->capture_default_str();
    action->add_option("--private", options.private_key, "X25519 private key of one side, for PKC");
    action->add_option("--peer", options.peer, "X25519 public key of the other side, for PKC");
    CLI::Option* const to_radio =
        action->add_flag("--to-radio", options.to_radio, "a client's message instead of a frame");
    action->add_flag("--from-radio", options.from_radio, "a radio's message instead of a frame")
        ->excludes(to_radio);
    action->add_flag("--json", options.json, "print one JSON object");
    return action;
}

}  // namespace

void add_packet(Program& program) {
    auto options = std::make_shared<Options>();
    CLI::App* const command = program.cli.add_subcommand(
        "packet", "Decode or encode one over-the-air frame or client-API message");
    command->require_subcommand(1);
    const auto guarded = [&program](void (*action)(const Options&), const Options& given) {
        try {
            action(given);
        } catch (const packet::Refusal& refusal) {
            fmt::print(stderr, "compotastic packet: {}\n", refusal.why);
            program.exit_status = 1;
        }
    };
    CLI::App* const decoding = add_action(*command, "decode", "Hex to fields", *options);
    decoding->add_option("FRAMEHEX", options->bytes, "the whole frame, header first; or a message")
        ->required();
    decoding->add_option("--signer", options->signer, "X25519 public key of the signer");
    decoding->callback([=] { guarded(decode, *options); });
    CLI::App* const encoding =
        add_action(*command, "encode", "Fields as JSON on standard input to hex", *options);
    encoding->add_option("--sign", options->sign,
                         "X25519 private key with which the sender signs, as 2.8 does");
    encoding->add_flag(
        "--stream", options->stream,
        "with the header 94c3 and length that messages have on TCP and serial lines");
    encoding->callback([=] { guarded(encode, *options); });
}

}  // namespace compot::apps
