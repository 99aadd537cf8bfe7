#include <cstddef>
#include <cstdint>

#include "host/firmware_loop/border.hpp"

/// A packet that a firmware might give, and a frame that its antenna might hear; what gets across
/// comes back the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace compot;
    const firmware_loop::Channels channels{{0, radio::default_channel("LongFast")}};
    const BytesView bytes{data, size};
    const auto told = mesh::decode_mesh_packet(bytes);
    if (told) (void)firmware_loop::frame_of(*told, channels);
    const auto heard = firmware_loop::heard_of(bytes, -9000, 500, channels);
    if (!heard || heard->payload_variant.decoded.payload.bytes[0] != 0x12) return 0;
    const auto back = firmware_loop::frame_of(*heard, channels);
    if (!back || back->size() != size) __builtin_trap();
    for (std::size_t i = 0; i < size; ++i) {
        if ((*back)[i] != data[i]) __builtin_trap();
    }
    return 0;
}
