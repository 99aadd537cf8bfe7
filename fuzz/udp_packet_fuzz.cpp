#include <cstddef>
#include <cstdint>

#include "host/links/bare.hpp"

/// Whatever comes as a datagram of the mesh: what is accepted fits a frame, and a node without a
/// radio opens it or does not.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace compot;
    const auto carried = links::decode_packet({data, size});
    if (!carried) return 0;
    const radio::Frame frame = links::frame_of(*carried);
    const auto back = links::carried_of(frame.view(), carried->rssi_cdbm, carried->snr_cdb);
    if (!back || *back != *carried) __builtin_trap();
    links::Identity identity;
    identity.self = NodeId{1};
    identity.channel = radio::default_channel("LongFast");
    links::Bare node(identity);
    if (node.open(*carried, false, Time{}) && node.open(*carried, true, Time{})) __builtin_trap();
    return 0;
}
