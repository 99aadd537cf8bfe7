#include <cstddef>
#include <cstdint>

#include "core/base/check.hpp"
#include "edge/scene/decode.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto image = compot::scene::decode({data, size});
    if (image.ok()) COMPOT_CHECK(image->whole());
    return 0;
}
