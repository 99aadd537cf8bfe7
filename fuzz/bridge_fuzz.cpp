#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/base/bytes.hpp"
#include "host/bridge/fixture.hpp"
#include "host/bridge/messages.hpp"
#include "host/bridge/pictures.hpp"

namespace {

/// Pieces of any number and size, after a description.
void put_together(compot::BytesView body) {
    using namespace compot::bridge;
    constexpr std::size_t kDescriptionBytes = 14;
    if (body.size() < kDescriptionBytes) return;
    const auto description = parse_description(body.first(kDescriptionBytes));
    if (!description.ok()) return;
    Parcel parcel(*description);
    compot::ByteReader reader(body.subspan(kDescriptionBytes));
    while (!reader.rest().empty() && !reader.failed()) {
        const std::size_t number = reader.u8();
        const compot::BytesView piece =
            reader.take(std::min<std::size_t>(description->piece_bytes, reader.rest().size()));
        const std::size_t before = parcel.lacking().size();
        const bool taken = parcel.put(number, piece).ok();
        const std::size_t after = parcel.lacking().size();
        if (after > before || (!taken && after != before)) __builtin_trap();
    }
    if (parcel.whole()) (void)parcel.open();
}

}  // namespace

/// A body of each kind, and an envelope, of any bytes; what is understood is written the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace compot;
    using namespace compot::bridge;
    if (size == 0 || size > kBodyBytesMax) return 0;
    const BytesView body{data + 1, size - 1};
    const ByteString bytes(body.begin(), body.end());
    const auto same = [&bytes](const auto& message) {
        if (message.ok() && encode(*message) != bytes) __builtin_trap();
    };
    switch (data[0] % 14) {
        case 1: same(parse<Heads>(body)); break;
        case 2: same(parse<Summary>(body)); break;
        case 3: same(parse<Items>(body)); break;
        case 4: same(parse<Job>(body)); break;
        case 5: same(parse<Claim>(body)); break;
        case 6: same(parse<Award>(body)); break;
        case 7: same(parse<JobResult>(body)); break;
        case 8: same(parse<Done>(body)); break;
        case 9: same(parse<Piece>(body)); break;
        case 10: same(parse<Want>(body)); break;
        case 11: same(parse_description(body)); break;
        case 12: {
            const auto scene = parse_scene(body);
            if (scene.ok() && encode_scene(*scene) != bytes) __builtin_trap();
            break;
        }
        case 13: put_together(body); break;
        default: {
            static Envelopes envelopes(enrolled(kHut), 1);
            if (envelopes.open(body).ok()) __builtin_trap();  // nobody guesses a key
        }
    }
    return 0;
}
