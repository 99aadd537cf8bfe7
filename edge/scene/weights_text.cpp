#include "edge/scene/weights_text.hpp"

#include <sodium.h>

#include "core/base/check.hpp"

namespace compot::scene {

namespace {

constexpr std::size_t kLineWidth = 100;

}  // namespace

Result<std::vector<std::uint8_t>, Failure> weights_from_text(std::string_view text) {
    if (text.size() > kWeightsTextMax) {
        return Failure{Error::TooBig,
                       "weights: more than " + std::to_string(kWeightsTextMax) + " bytes of text"};
    }
    const std::size_t end = text.find('\n');
    if (!text.starts_with('#') || end == std::string_view::npos) {
        return Failure{Error::Malformed,
                       "weights: line 1 must start with '#' and say their origin"};
    }
    const std::string_view encoded = text.substr(end + 1);
    std::vector<std::uint8_t> bytes(encoded.size() +
                                    1);  // libsodium wants a pointer, even to nothing
    std::size_t size = 0;
    if (sodium_base642bin(bytes.data(), bytes.size(), encoded.data(), encoded.size(), "\n", &size,
                          nullptr, sodium_base64_VARIANT_ORIGINAL) != 0) {
        return Failure{Error::Malformed, "weights: what follows line 1 is not base64"};
    }
    bytes.resize(size);
    return bytes;
}

std::string weights_to_text(std::string_view origin, BytesView bytes) {
    COMPOT_CHECK(origin.find('\n') == std::string_view::npos);
    std::string encoded(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), 0);
    sodium_bin2base64(encoded.data(), encoded.size(), bytes.data(), bytes.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    encoded.pop_back();  // libsodium ends it with a zero
    std::string text = "# ";
    text += origin;
    text += '\n';
    for (std::size_t at = 0; at < encoded.size(); at += kLineWidth) {
        text += encoded.substr(at, kLineWidth);
        text += '\n';
    }
    return text;
}

}  // namespace compot::scene
