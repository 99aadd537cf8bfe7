// A signed facts delta and an envelope out of any bytes: what parses encodes to the same bytes, and
// a map takes it.

#include <cstddef>
#include <cstdint>

#include "core/base/check.hpp"
#include "core/crypto/crypto.hpp"
#include "core/learn/envelope.hpp"
#include "core/learn/evidence.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace compot;
    const BytesView bytes{data, size};
    if (const auto envelope = learn::parse_envelope(bytes); envelope.ok())
        COMPOT_CHECK(crypto::equal(learn::encode(*envelope).view(), bytes));
    const auto delta = learn::parse_delta(bytes);
    if (!delta.ok()) return 0;
    COMPOT_CHECK(crypto::equal(learn::encode(*delta).view(), bytes));
    learn::FactMap map;
    COMPOT_CHECK(learn::Envelope{}.admits(map, *delta).ok());
    COMPOT_CHECK(*learn::apply(*delta, map));
    COMPOT_CHECK(!*learn::apply(*delta, map));
    learn::EvidenceStore store;
    COMPOT_CHECK(store.add(*delta, map).ok() && store.size() == 1);
    return 0;
}
