#include "core/mesh/client.hpp"

#include <pb_decode.h>
#include <pb_encode.h>

namespace compot::mesh {
namespace {

template <typename Message>
Result<BytesView> encode_as(const pb_msgdesc_t* fields, const Message& message, MutableBytes out) {
    pb_ostream_t stream = pb_ostream_from_buffer(out.data(), out.size());
    if (!pb_encode(&stream, fields, &message)) return Error::TooBig;
    return BytesView{out.data(), stream.bytes_written};
}

template <typename Message>
Result<Message> decode_as(const pb_msgdesc_t* fields, BytesView bytes) {
    Message message{};
    pb_istream_t stream = pb_istream_from_buffer(bytes.data(), bytes.size());
    if (!pb_decode(&stream, fields, &message)) return Error::Malformed;
    return message;
}

}  // namespace

Result<BytesView> encode(const ToRadio& message, MutableBytes out) {
    return encode_as(compot_pb_ToRadio_fields, message, out);
}

Result<BytesView> encode(const FromRadio& message, MutableBytes out) {
    return encode_as(compot_pb_FromRadio_fields, message, out);
}

Result<BytesView> encode(const compot_pb_User& user, MutableBytes out) {
    return encode_as(compot_pb_User_fields, user, out);
}

Result<BytesView> encode(const MeshPacket& packet, MutableBytes out) {
    return encode_as(compot_pb_MeshPacket_fields, packet, out);
}

Result<BytesView> encode(const compot_pb_RouteDiscovery& route, MutableBytes out) {
    return encode_as(compot_pb_RouteDiscovery_fields, route, out);
}

Result<ToRadio> decode_to_radio(BytesView bytes) {
    return decode_as<ToRadio>(compot_pb_ToRadio_fields, bytes);
}

Result<FromRadio> decode_from_radio(BytesView bytes) {
    return decode_as<FromRadio>(compot_pb_FromRadio_fields, bytes);
}

Result<compot_pb_User> decode_user(BytesView bytes) {
    return decode_as<compot_pb_User>(compot_pb_User_fields, bytes);
}

Result<MeshPacket> decode_mesh_packet(BytesView bytes) {
    return decode_as<MeshPacket>(compot_pb_MeshPacket_fields, bytes);
}

Result<compot_pb_RouteDiscovery> decode_route(BytesView bytes) {
    return decode_as<compot_pb_RouteDiscovery>(compot_pb_RouteDiscovery_fields, bytes);
}

}  // namespace compot::mesh
