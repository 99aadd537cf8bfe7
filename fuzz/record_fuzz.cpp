// A capability record out of any bytes: what parses encodes to the same bytes.

#include <cstddef>
#include <cstdint>

#include "core/base/check.hpp"
#include "core/crypto/crypto.hpp"
#include "core/registry/record.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const compot::BytesView bytes{data, size};
    if (const auto record = compot::registry::parse_record(bytes); record.ok())
        COMPOT_CHECK(compot::crypto::equal(compot::registry::encode(*record).view(), bytes));
    return 0;
}
