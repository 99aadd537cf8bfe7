#include <algorithm>

#include "core/base/check.hpp"
#include "core/bundle/trust.hpp"

/// What parses, serialises to the same bytes; and nothing that a fuzzer finds is signed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace compot::bundle;
    const compot::BytesView bytes(data, size);
    static const compot::crypto::Key publisher = [] {
        compot::crypto::Key seed{};
        seed.fill(9);
        return compot::crypto::signing_public(seed);
    }();
    if (const auto parsed = SignedManifest::parse(bytes)) {
        const auto wire = parsed->serialise();
        COMPOT_CHECK(std::equal(wire.begin(), wire.end(), bytes.begin(), bytes.end()));
        COMPOT_CHECK(!parsed->is_signed_by(publisher));
        static const Trust trust{publisher};
        COMPOT_CHECK(trust.judge(*parsed, {}) != Verdict::Accepted);
    }
    if (const auto order = TrustOrder::parse(bytes)) {
        const auto wire = order->serialise();
        COMPOT_CHECK(std::equal(wire.begin(), wire.end(), bytes.begin(), bytes.end()));
        Trust trust{publisher};
        COMPOT_CHECK(!trust.obey(*order).ok());
    }
    return 0;
}
