#include <cstddef>
#include <cstdint>

#include "core/mesh/stream.hpp"
#include "host/stream_client/client.hpp"

/// Whatever a radio's line brings, in two pieces, with a packet to send and silence after it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace compot;
    stream_client::Terms terms;
    terms.lossy = size % 2 == 0;
    terms.wants_nodes = false;
    stream_client::Client client(terms);
    client.connected(Time{1s});
    radio::Packet packet;
    packet.id = PacketId{7};
    if (!client.send(packet, Time{1s})) __builtin_trap();
    const BytesView bytes{data, size};
    client.hear(bytes.first(size / 2), Time{2s});
    client.hear(bytes.subspan(size / 2), Time{3s});
    for (int i = 0; i < 20 && client.wake_at() != kNever && !client.dead(); ++i)
        client.wake(client.wake_at());
    if (client.frames().frames * mesh::kStreamHeaderBytes > size) __builtin_trap();
    return 0;
}
