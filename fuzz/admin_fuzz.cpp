#include <cstddef>
#include <cstdint>

#include "host/client_api/admin.hpp"
#include "host/client_api/fake_mesh.hpp"

/// Admin messages of any content, two of them at one radio: what it answers fits a packet, and its
/// channels stay such that a radio can have them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace compot;
    client_api::FakeMesh mesh;
    client_api::Settings settings(mesh.status(NodeId{42}));
    const BytesView bytes{data, size};
    for (const BytesView message : {bytes.first(size / 2), bytes.subspan(size / 2)}) {
        const auto answer = client_api::answer_admin(settings, message);
        if (answer.message.size() > mesh::kDataPayloadMax) __builtin_trap();
        if ((answer.error == mesh::RoutingError::NoError) != answer.words.empty()) __builtin_trap();
    }
    const auto channels = settings.channels();
    if (channels.empty() || channels.size() > radio::kChannelsMax || !channels[0].enabled)
        __builtin_trap();
    return 0;
}
