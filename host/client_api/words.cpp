#include "host/client_api/words.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "host/client_api/schema.hpp"
#include "observe/hex.hpp"

namespace compot::client_api {
namespace {

using Json = nlohmann::ordered_json;
using ByteVector = std::vector<std::uint8_t>;
using schema::Form;

constexpr std::string_view kUnnamed = "field_";

/// Protobuf's wire types; groups (3 and 4) have long been out of use.
enum class Wire : std::uint8_t { Varint = 0, Eight = 1, Length = 2, Four = 5 };

/// Ends a translation; caught where it began.
struct Broken {
    std::string sentence;
};

const schema::Message& root(Direction direction) {
    return direction == Direction::ToRadio ? schema::to_radio() : schema::from_radio();
}

Wire wire_of(Form form) {
    switch (form) {
        case Form::Unsigned:
        case Form::Signed:
        case Form::Flag: return Wire::Varint;
        case Form::Fixed:
        case Form::SignedFixed:
        case Form::Real: return Wire::Four;
        case Form::Text:
        case Form::Octets:
        case Form::Inner: return Wire::Length;
    }
    return Wire::Length;
}

// --- Bytes to words -----------------------------------------------------------------------------

class Reader {
public:
    explicit Reader(BytesView bytes) : bytes_(bytes) {}

    [[nodiscard]] bool done() const { return bytes_.empty(); }

    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const std::uint8_t byte = take(1)[0];
            value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
            if (byte < 0x80) return value;
        }
        throw Broken{"a number that never ends"};
    }

    std::uint64_t fixed(std::size_t size) {
        const BytesView bytes = take(size);
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < size; ++i) {
            value |= static_cast<std::uint64_t>(bytes[i]) << (8 * i);
        }
        return value;
    }

    BytesView block() {
        const std::uint64_t size = varint();
        if (size > bytes_.size()) throw Broken{"ends in the middle of a field"};
        return take(static_cast<std::size_t>(size));
    }

private:
    BytesView take(std::size_t size) {
        if (size > bytes_.size()) throw Broken{"ends in the middle of a field"};
        const BytesView taken = bytes_.first(size);
        bytes_ = bytes_.subspan(size);
        return taken;
    }

    BytesView bytes_;
};

/// Text as it is, or {"hex": ...} when it is not UTF-8.
Json text(BytesView bytes) {
    const std::string plain(bytes.begin(), bytes.end());
    try {
        static_cast<void>(Json(plain).dump());
        return plain;
    } catch (const Json::type_error&) {
        return Json{{"hex", observe::hex(bytes)}};
    }
}

Json real(std::uint32_t bits) {
    const auto value = std::bit_cast<float>(bits);
    // JSON has no word for what is no finite number.
    if (!std::isfinite(value)) return Json{{"fixed32", bits}};
    return static_cast<double>(value);
}

Json read_message(const schema::Message& schema, BytesView bytes);

Json read_known(const schema::Field& field, Reader& reader) {
    switch (field.form) {
        case Form::Unsigned: return reader.varint();
        case Form::Signed: return static_cast<std::int64_t>(reader.varint());
        case Form::Flag: {
            const std::uint64_t value = reader.varint();
            return value > 1 ? Json(value) : Json(value == 1);
        }
        case Form::Fixed: return reader.fixed(4);
        case Form::SignedFixed: return static_cast<std::int32_t>(reader.fixed(4));
        case Form::Real: return real(static_cast<std::uint32_t>(reader.fixed(4)));
        case Form::Text: return text(reader.block());
        case Form::Octets: return observe::hex(reader.block());
        case Form::Inner: return read_message(*field.inner, reader.block());
    }
    return {};
}

Json read_unknown(Wire wire, Reader& reader) {
    switch (wire) {
        case Wire::Varint: return reader.varint();
        case Wire::Eight: return Json{{"fixed64", reader.fixed(8)}};
        case Wire::Four: return Json{{"fixed32", reader.fixed(4)}};
        case Wire::Length: return observe::hex(reader.block());
    }
    throw Broken{"a field of a kind that protobuf does not have"};
}

const schema::Field* find(const schema::Message& schema, std::uint64_t number) {
    const auto at = std::find_if(schema.fields.begin(), schema.fields.end(),
                                 [&](const schema::Field& each) { return each.number == number; });
    return at == schema.fields.end() ? nullptr : &*at;
}

Json read_message(const schema::Message& schema, BytesView bytes) {
    Json out = Json::object();
    Reader reader(bytes);
    while (!reader.done()) {
        const std::uint64_t tag = reader.varint();
        const std::uint64_t number = tag >> 3U;
        const auto wire = static_cast<Wire>(tag & 7U);
        if (number == 0 || number > 0x1FFFFFFFU) throw Broken{"a field without a number"};
        const schema::Field* const known = find(schema, number);
        const bool fits = known != nullptr && wire_of(known->form) == wire;
        const std::string name =
            fits ? known->name : std::string(kUnnamed) + std::to_string(number);
        Json value = fits ? read_known(*known, reader) : read_unknown(wire, reader);
        const bool listed = fits && known->repeated;
        if (!out.contains(name)) {
            out[name] = listed ? Json::array({std::move(value)}) : std::move(value);
        } else if (listed || !fits) {
            if (!out[name].is_array()) out[name] = Json::array({out[name]});
            out[name].push_back(std::move(value));
        } else {
            out[name] = std::move(value);  // protobuf: the last one counts
        }
    }
    return out;
}

// --- Words to bytes -----------------------------------------------------------------------------

void put_varint(ByteVector& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) {
        out.push_back(static_cast<std::uint8_t>(value | 0x80U));
    }
    out.push_back(static_cast<std::uint8_t>(value));
}

void put_fixed(ByteVector& out, std::uint64_t value, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
        out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
}

void put_tag(ByteVector& out, std::uint32_t number, Wire wire) {
    put_varint(out, static_cast<std::uint64_t>(number) << 3U | static_cast<std::uint64_t>(wire));
}

void put_block(ByteVector& out, std::uint32_t number, const ByteVector& bytes) {
    put_tag(out, number, Wire::Length);
    put_varint(out, bytes.size());
    out.insert(out.end(), bytes.begin(), bytes.end());
}

ByteVector unhex(const std::string& key, const Json& value) {
    if (!value.is_string()) throw Broken{key + ": bytes in hexadecimal are needed"};
    auto bytes = observe::unhex(value.get_ref<const std::string&>());
    if (!bytes) throw Broken{key + ": " + bytes.error()};
    return *std::move(bytes);
}

std::uint64_t whole(const std::string& key, const Json& value, std::uint64_t most) {
    if (value.is_boolean()) return value.get<bool>() ? 1 : 0;
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > most) {
        throw Broken{key + ": a whole number from 0 to " + std::to_string(most) + " is needed"};
    }
    return value.get<std::uint64_t>();
}

std::int64_t whole_signed(const std::string& key, const Json& value, std::int64_t least,
                          std::int64_t most) {
    const bool fits = value.is_number_integer() &&
                      (!value.is_number_unsigned() ||
                       value.get<std::uint64_t>() <= static_cast<std::uint64_t>(most));
    if (!fits || value.get<std::int64_t>() < least || value.get<std::int64_t>() > most) {
        throw Broken{key + ": a whole number from " + std::to_string(least) + " to " +
                     std::to_string(most) + " is needed"};
    }
    return value.get<std::int64_t>();
}

std::uint32_t real_bits(const std::string& key, const Json& value) {
    if (value.is_object() && value.contains("fixed32")) {
        return static_cast<std::uint32_t>(whole(key, value["fixed32"], 0xFFFFFFFFU));
    }
    if (!value.is_number() ||
        std::abs(value.get<double>()) > static_cast<double>(std::numeric_limits<float>::max())) {
        throw Broken{key + ": a number is needed"};
    }
    return std::bit_cast<std::uint32_t>(static_cast<float>(value.get<double>()));
}

ByteVector text_bytes(const std::string& key, const Json& value) {
    if (value.is_object() && value.contains("hex")) return unhex(key, value["hex"]);
    if (!value.is_string()) throw Broken{key + ": a text is needed"};
    const auto& plain = value.get_ref<const std::string&>();
    return {plain.begin(), plain.end()};
}

ByteVector write_message(const schema::Message& schema, const std::string& key, const Json& json);

void write_known(ByteVector& out, const schema::Field& field, const std::string& key,
                 const Json& value) {
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
    switch (field.form) {
        case Form::Text: return put_block(out, field.number, text_bytes(key, value));
        case Form::Octets: return put_block(out, field.number, unhex(key, value));
        case Form::Inner:
            return put_block(out, field.number, write_message(*field.inner, key, value));
        default: break;
    }
    put_tag(out, field.number, wire_of(field.form));
    switch (field.form) {
        case Form::Signed:
            return put_varint(out, static_cast<std::uint64_t>(whole_signed(
                                       key, value, std::numeric_limits<std::int64_t>::min(),
                                       std::numeric_limits<std::int64_t>::max())));
        case Form::Fixed: return put_fixed(out, whole(key, value, 0xFFFFFFFFU), 4);
        case Form::SignedFixed:
            return put_fixed(out,
                             static_cast<std::uint64_t>(
                                 whole_signed(key, value, std::numeric_limits<std::int32_t>::min(),
                                              std::numeric_limits<std::int32_t>::max())),
                             4);
        case Form::Real: return put_fixed(out, real_bits(key, value), 4);
        default: return put_varint(out, whole(key, value, kMost));
    }
}

void write_unknown(ByteVector& out, std::uint32_t number, const std::string& key,
                   const Json& value) {
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
    if (value.is_string()) return put_block(out, number, unhex(key, value));
    if (value.is_object() && value.contains("fixed32")) {
        put_tag(out, number, Wire::Four);
        return put_fixed(out, whole(key, value["fixed32"], 0xFFFFFFFFU), 4);
    }
    if (value.is_object() && value.contains("fixed64")) {
        put_tag(out, number, Wire::Eight);
        return put_fixed(out, whole(key, value["fixed64"], kMost), 8);
    }
    put_tag(out, number, Wire::Varint);
    put_varint(out, whole(key, value, kMost));
}

/// The number in "field_12", or nothing.
std::optional<std::uint32_t> unnamed_number(const std::string& key) {
    if (key.rfind(kUnnamed, 0) != 0) return std::nullopt;
    std::uint32_t number = 0;
    const char* const end = key.data() + key.size();
    const auto read = std::from_chars(key.data() + kUnnamed.size(), end, number);
    if (read.ec != std::errc{} || read.ptr != end || number == 0 || number > 0x1FFFFFFFU) {
        return std::nullopt;
    }
    return number;
}

/// One key's bytes; more than one field when it holds a list.
std::pair<std::uint32_t, ByteVector> write_field(const schema::Message& schema,
                                                 const std::string& prefix, const std::string& name,
                                                 const Json& value) {
    const std::string key = prefix.empty() ? name : prefix + "." + name;
    const auto named = std::find_if(schema.fields.begin(), schema.fields.end(),
                                    [&](const schema::Field& each) { return each.name == name; });
    const auto unnamed = unnamed_number(name);
    if (named == schema.fields.end() && !unnamed) throw Broken{key + ": there is no such field"};
    const bool known = named != schema.fields.end();
    ByteVector out;
    const auto write = [&](const Json& each) {
        if (known) {
            write_known(out, *named, key, each);
        } else {
            write_unknown(out, *unnamed, key, each);
        }
    };
    if (value.is_array() && (!known || named->repeated)) {
        for (const Json& each : value) write(each);
    } else {
        write(value);
    }
    return {known ? named->number : *unnamed, std::move(out)};
}

ByteVector write_message(const schema::Message& schema, const std::string& key, const Json& json) {
    if (!json.is_object()) {
        throw Broken{(key.empty() ? std::string("the message") : key) +
                     ": a JSON object is needed"};
    }
    std::multimap<std::uint32_t, ByteVector> fields;
    for (const auto& item : json.items()) {
        fields.insert(write_field(schema, key, item.key(), item.value()));
    }
    ByteVector out;
    for (const auto& [number, bytes] : fields) out.insert(out.end(), bytes.begin(), bytes.end());
    return out;
}

}  // namespace

Result<std::string, BadWords> to_words(Direction direction, BytesView message) {
    try {
        return read_message(root(direction), message).dump();
    } catch (const Broken& broken) {
        return BadWords{broken.sentence};
    }
}

Result<std::vector<std::uint8_t>, BadWords> from_words(Direction direction,
                                                       const std::string& json) {
    const Json parsed = Json::parse(json, nullptr, false);
    if (parsed.is_discarded()) return BadWords{"is no JSON"};
    try {
        return write_message(root(direction), {}, parsed);
    } catch (const Broken& broken) {
        return BadWords{broken.sentence};
    }
}

}  // namespace compot::client_api
