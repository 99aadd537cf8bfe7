#include <cstddef>
#include <cstdint>
#include <string>

#include "edge/scene/net_classifier.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    static_cast<void>(compot::scene::NetClassifier::from_text(text));
    return 0;
}
