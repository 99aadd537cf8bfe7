#include "core/mesh/data.hpp"

#include <pb_decode.h>
#include <pb_encode.h>

#include <algorithm>

#include "core/mesh/mesh.pb.h"

namespace compot::mesh {

Result<BytesView> encode(const Data& data, MutableBytes out) {
    compot_pb_Data message = compot_pb_Data_init_zero;
    message.portnum = data.portnum;
    message.payload.size = static_cast<pb_size_t>(data.payload.size());
    std::copy(data.payload.begin(), data.payload.end(), message.payload.bytes);
    message.want_response = data.want_response;
    message.dest = data.dest;
    message.source = data.source;
    message.request_id = data.request_id;
    message.reply_id = data.reply_id;
    message.emoji = data.emoji;
    message.has_bitfield = data.bitfield.has_value();
    message.bitfield = data.bitfield.value_or(0);
    message.xeddsa_signature.size = static_cast<pb_size_t>(data.signature.size());
    std::copy(data.signature.begin(), data.signature.end(), message.xeddsa_signature.bytes);

    pb_ostream_t stream = pb_ostream_from_buffer(out.data(), out.size());
    if (!pb_encode(&stream, compot_pb_Data_fields, &message)) return Error::TooBig;
    return BytesView{out.data(), stream.bytes_written};
}

Result<Data> decode_data(BytesView bytes) {
    compot_pb_Data message = compot_pb_Data_init_zero;
    pb_istream_t stream = pb_istream_from_buffer(bytes.data(), bytes.size());
    if (!pb_decode(&stream, compot_pb_Data_fields, &message)) return Error::Malformed;
    if (message.portnum == 0 || message.portnum > port::kMax) return Error::Malformed;
    Data data;
    data.portnum = message.portnum;
    // nanopb rounds a capacity up to its struct's alignment, so one byte more can arrive.
    if (!data.payload.assign({message.payload.bytes, message.payload.size})) {
        return Error::Malformed;
    }
    data.want_response = message.want_response;
    data.dest = message.dest;
    data.source = message.source;
    data.request_id = message.request_id;
    data.reply_id = message.reply_id;
    data.emoji = message.emoji;
    if (message.has_bitfield) data.bitfield = message.bitfield;
    if (!data.signature.assign({message.xeddsa_signature.bytes, message.xeddsa_signature.size})) {
        return Error::Malformed;
    }
    return data;
}

const char* to_string(RoutingError error) {
    switch (error) {
        case RoutingError::NoError: return "none";
        case RoutingError::NoRoute: return "no route";
        case RoutingError::GotNak: return "got a nak";
        case RoutingError::Timeout: return "timeout";
        case RoutingError::NoInterface: return "no interface";
        case RoutingError::MaxRetransmit: return "no acknowledgement after all retransmissions";
        case RoutingError::NoChannel: return "no such channel";
        case RoutingError::TooLarge: return "too large";
        case RoutingError::NoResponse: return "no response";
        case RoutingError::DutyCycleLimit: return "duty cycle limit";
        case RoutingError::BadRequest: return "queue full or bad request";
        case RoutingError::NotAuthorized: return "not authorized";
        case RoutingError::PkiFailed: return "encryption failed";
        case RoutingError::PkiUnknownPubkey: return "receiver does not know our public key";
        case RoutingError::RateLimitExceeded: return "rate limit exceeded";
        case RoutingError::PkiSendFailPublicKey: return "public key of the receiver unknown";
    }
    return "unknown error";
}

std::array<std::uint8_t, 2> encode_routing(RoutingError error) {
    // Field 3 is in a oneof, so even 0 is written: 18 00 is an acknowledgement.
    return {0x18, static_cast<std::uint8_t>(error)};
}

std::optional<RoutingError> routing_error(BytesView payload) {
    compot_pb_Routing message = compot_pb_Routing_init_zero;
    pb_istream_t stream = pb_istream_from_buffer(payload.data(), payload.size());
    if (!pb_decode(&stream, compot_pb_Routing_fields, &message)) return std::nullopt;
    if (message.which_variant != compot_pb_Routing_error_reason_tag) return std::nullopt;
    if (message.variant.error_reason > 0xFF) return std::nullopt;
    return static_cast<RoutingError>(message.variant.error_reason);
}

}  // namespace compot::mesh
