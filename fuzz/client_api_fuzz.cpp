#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "core/mesh/client.hpp"
#include "core/mesh/data.hpp"
#include "core/mesh/stream.hpp"

namespace {

using compot::BytesView;
namespace mesh = compot::mesh;

/// What decodes must encode again, and to something that decodes to the same.
void round_trip(BytesView bytes) {
    std::array<std::uint8_t, 1024> buffer{};
    if (const auto data = mesh::decode_data(bytes); data.ok()) {
        const auto again = mesh::encode(*data, buffer);
        if (!again.ok()) std::abort();
        const auto twice = mesh::decode_data(*again);
        if (!twice.ok() || !(*twice == *data)) std::abort();
    }
    if (const auto message = mesh::decode_to_radio(bytes); message.ok()) {
        if (!mesh::encode(*message, buffer).ok()) std::abort();
    }
    if (const auto message = mesh::decode_from_radio(bytes); message.ok()) {
        if (!mesh::encode(*message, buffer).ok()) std::abort();
    }
    static_cast<void>(mesh::routing_error(bytes));
    static_cast<void>(mesh::decode_user(bytes));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    round_trip({bytes, size});
    mesh::StreamDecoder decoder;
    BytesView rest{bytes, size};
    while (decoder.feed(rest)) round_trip(decoder.payload());
    return 0;
}
