#pragma once

#include <cstdint>
#include <span>

/// Meshtastic's client-API messages as a table: number, name and form of each field. For showing
/// messages to people and reading them back (words.hpp); what a node or a radio acts on is decoded
/// by core/mesh. Names and numbers are facts of the protocol; a field that is missing here is still
/// shown, by its number.

namespace compot::client_api::schema {

enum class Form : std::uint8_t {
    Unsigned,  ///< varint
    Signed,    ///< varint, negative numbers in ten bytes
    Flag,      ///< varint of 0 or 1
    Fixed,     ///< four bytes
    SignedFixed,
    Real,  ///< four bytes, IEEE 754
    Text,
    Octets,
    Inner,  ///< another message
};

struct Message;

struct Field {
    std::uint32_t number = 0;
    const char* name = nullptr;
    Form form = Form::Unsigned;
    const Message* inner = nullptr;  ///< of Form::Inner
    bool repeated = false;
};

struct Message {
    std::span<const Field> fields;
};

[[nodiscard]] const Message& to_radio();
[[nodiscard]] const Message& from_radio();

}  // namespace compot::client_api::schema
