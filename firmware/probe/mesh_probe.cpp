// A frame of ours from struct to the bytes that a radio takes, and back: profile, MAC and nanopb.

#include "core/mesh/client.hpp"
#include "core/mesh/data.hpp"
#include "core/profile/frame.hpp"
#include "firmware/probe/meter.hpp"
#include "firmware/probe/probe.hpp"

namespace compot::probe {

void probe_mesh() {
    const crypto::Key channel_key{1, 2, 3};
    const profile::Keyring sender(NodeId{0xA1FA}, channel_key);
    const PacketId id = make_packet_id(3, 77);

    Bytes<profile::kFrameBytesMax> frame;
    measure("seal_beacon", [&] {
        const auto sealed = profile::seal(sender, id, profile::Message{profile::Beacon{}});
        if (sealed) frame = *sealed;
    });
    expect("a beacon is sealed", !frame.empty());

    std::array<std::uint8_t, mesh::kDataBytesMax> bytes{};
    std::size_t size = 0;
    measure("encode_data", [&] {
        mesh::Data data;
        data.portnum = mesh::port::kPrivate;
        const bool fits = data.payload.assign(frame.view());
        const auto encoded = mesh::encode(data, bytes);
        if (fits && encoded) size = encoded->size();
    });
    expect("data is encoded", size > frame.size());

    bool same = false;
    measure("decode_data", [&] {
        const auto data = mesh::decode_data(BytesView{bytes}.first(size));
        same = data && crypto::equal(data->payload.view(), frame.view());
    });
    expect("data is decoded", same);

    // What the radio's UART carries is larger: a FromRadio with any message in it.
    mesh::FromRadio from_radio{};
    bool refused = false;
    measure("decode_from_radio", [&] {
        const auto decoded = mesh::decode_from_radio(BytesView{bytes}.first(size / 2));
        refused = !decoded;
        if (decoded) from_radio = *decoded;
    });
    expect("half a message is refused", refused);

    bool opened = false;
    measure("open_from_stranger", [&] {
        const auto message = profile::open(sender, NodeId{0xBE7A}, id, frame.view());
        opened = message.ok();
    });
    expect("a frame of a node that is not enrolled is refused", !opened);
}

}  // namespace compot::probe
