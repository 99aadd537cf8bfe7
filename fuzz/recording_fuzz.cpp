#include <string_view>

#include "observe/recording.hpp"

/// A recording that somebody sent us: read whole, and told to a feed when it is believed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace compot::observe;
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes as text
    const auto read = read_recording({reinterpret_cast<const char*>(data), size});
    if (!read) return 0;
    Feed feed(read->world);
    for (const Event& event : read->events) tell(feed, event);
    static_cast<void>(feed.snapshot());
    return 0;
}
