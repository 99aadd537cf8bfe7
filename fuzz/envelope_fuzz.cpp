#include <cstddef>
#include <cstdint>

#include "host/links/envelope.hpp"
#include "host/links/gateway.hpp"

/// Whatever a broker brings on a gateway's topic: what is accepted is the same after its own bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace compot;
    const auto envelope = links::decode_envelope({data, size});
    if (!envelope) return 0;
    if (envelope->channel.size() <= radio::kChannelNameMax) {
        const std::string bytes = links::encode_envelope(*envelope);
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): a string that holds bytes
        const auto* again = reinterpret_cast<const std::uint8_t*>(bytes.data());
        const auto back = links::decode_envelope({again, bytes.size()});
        if (!back || back->channel != envelope->channel || back->gateway != envelope->gateway ||
            back->packet.payload != envelope->packet.payload)
            __builtin_trap();
    }
    links::GatewayTerms terms;
    terms.self = NodeId{1};
    terms.channel = radio::default_channel("LongFast");
    links::Gateway gateway(terms);
    const auto down = gateway.downlink(*envelope);
    if (down && !down->header.via_mqtt) __builtin_trap();
    (void)gateway.uplink(envelope->packet);
    return 0;
}
