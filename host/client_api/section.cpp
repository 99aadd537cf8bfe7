#include "host/client_api/section.hpp"

#include <pb_decode.h>
#include <pb_encode.h>

#include <array>

namespace compot::client_api {

std::vector<std::uint8_t> encode(const Section& section) {
    std::vector<std::uint8_t> out(section.bytes.size() + 16);
    pb_ostream_t stream = pb_ostream_from_buffer(out.data(), out.size());
    COMPOT_CHECK(pb_encode_tag(&stream, PB_WT_STRING, section.kind));
    COMPOT_CHECK(pb_encode_string(&stream, section.bytes.data(), section.bytes.size()));
    out.resize(stream.bytes_written);
    return out;
}

bool well_formed(BytesView message) {
    pb_istream_t stream = pb_istream_from_buffer(message.data(), message.size());
    for (;;) {
        pb_wire_type_t type{};
        std::uint32_t tag = 0;
        bool end = false;
        if (!pb_decode_tag(&stream, &type, &tag, &end)) return end && stream.bytes_left == 0;
        if (!pb_skip_field(&stream, type)) return false;
    }
}

Result<Section> parse_section(BytesView bytes) {
    pb_istream_t stream = pb_istream_from_buffer(bytes.data(), bytes.size());
    Section section;
    pb_wire_type_t type{};
    std::uint32_t length = 0;
    bool end = false;
    if (!pb_decode_tag(&stream, &type, &section.kind, &end) || type != PB_WT_STRING)
        return Error::Malformed;
    if (!pb_decode_varint32(&stream, &length) || length != stream.bytes_left)
        return Error::Malformed;
    if (length > kSectionBytesMax) return Error::TooBig;
    const BytesView content = bytes.last(length);
    if (!well_formed(content)) return Error::Malformed;
    section.bytes.assign(content.begin(), content.end());
    return section;
}

}  // namespace compot::client_api
