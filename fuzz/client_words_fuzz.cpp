#include <cstdlib>
#include <string>

#include "host/client_api/words.hpp"

/// Bytes are a message or are refused; what they say can be read back, and then says the same. The
/// same bytes as JSON are read or refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace compot::client_api;
    for (const Direction direction : {Direction::ToRadio, Direction::FromRadio}) {
        static_cast<void>(from_words(direction, std::string(data, data + size)));
        const auto words = to_words(direction, compot::BytesView{data, size});
        if (!words.ok()) continue;
        const auto bytes = from_words(direction, *words);
        if (!bytes.ok()) std::abort();
        const auto again = to_words(direction, *bytes);
        if (!again.ok()) std::abort();
    }
    return 0;
}
