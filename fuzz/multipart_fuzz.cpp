#include <cstdint>
#include <string_view>

#include "host/web/multipart.hpp"

/// The first line is the content type, the rest the body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as text
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const std::string_view type = text.substr(0, text.find('\n'));
    const std::string_view body = text.substr(type.size());
    const auto parts = compot::web::parse_multipart(type, body);
    if (!parts) return 0;
    for (const auto& part : *parts) {
        const bool inside = part.data.data() >= body.data() &&
                            part.data.data() + part.data.size() <= body.data() + body.size();
        if (!inside || part.name.empty()) __builtin_trap();
    }
    return 0;
}
