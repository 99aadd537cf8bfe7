#include <algorithm>
#include <array>
#include <cstdlib>

#include "core/profile/codec.hpp"

/// A body either is refused or is exactly what its message encodes to.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace compot;
    if (size == 0) return 0;
    const BytesView body{data + 1, size - 1};
    const auto message =
        profile::decode_body(static_cast<profile::MessageType>(data[0] % 18), body);
    if (!message.ok()) return 0;
    std::array<std::uint8_t, 512> again{};
    const auto length = profile::encode_body(*message, again);
    if (!length.ok() || !std::equal(body.begin(), body.end(), again.begin(),
                                    again.begin() + static_cast<std::ptrdiff_t>(*length))) {
        std::abort();
    }
    return 0;
}
