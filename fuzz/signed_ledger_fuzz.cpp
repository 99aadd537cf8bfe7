#include <string_view>

#include "apps/signed_ledger.hpp"

/// An exported ledger that somebody sent us: whatever it is, it is judged.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as text
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    static_cast<void>(compot::apps::check_ledger(nlohmann::json::parse(text, nullptr, false)));
    return 0;
}
