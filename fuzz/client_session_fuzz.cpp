#include <cstddef>
#include <cstdint>

#include "host/client_api/fake_mesh.hpp"
#include "host/client_api/session.hpp"

/// Whatever a client at a radio's TCP port sends, in two pieces.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace compot;
    client_api::FakeMesh mesh;
    client_api::Session session(mesh, NodeId{42});
    const BytesView bytes{data, size};
    session.hear(bytes.first(size / 2));
    session.hear(bytes.subspan(size / 2));
    for (const radio::Packet& packet : session.take_packets()) {
        session.submitted({packet.id, true});
        session.settled({packet.id, NodeId{42}, mesh::RoutingError::NoError});
    }
    if (session.take_output().size() > 2 * client_api::kOutputBytesMax + size) __builtin_trap();
    return 0;
}
