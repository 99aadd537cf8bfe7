#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "radio/packet.hpp"
#include "radio/pkc.hpp"
#include "radio/radio.hpp"

namespace {

using namespace compot;  // NOLINT(google-build-using-namespace): a fuzzer of this project alone
using namespace compot::radio;

/// The first byte says how a frame follows: as it is, or as plaintext of our channel so that the
/// fuzzer gets past the cipher.
std::shared_ptr<const Settings> settings(bool encrypts) {
    auto made = std::make_shared<Settings>();
    made->channels.push_back(default_channel("LongFast"));
    made->encrypts = encrypts;
    made->history_capacity = 8;
    return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size == 0) return 0;
    static const auto plain = settings(false);
    static const auto sealed = settings(true);
    Identity identity;
    identity.self = NodeId{0x11223344};
    identity.role = static_cast<Role>(bytes[0] % 13U);
    Radio radio((bytes[0] & 0x80U) != 0 ? sealed : plain, identity, Random(1));
    Effects effects;
    Time now{};
    BytesView rest{bytes + 1, size - 1};
    // Frames of the length that their first byte says, one a second.
    while (!rest.empty()) {
        const std::size_t length = std::min<std::size_t>(rest[0], rest.size() - 1);
        const BytesView frame = rest.subspan(1, length);
        rest = rest.subspan(1 + length);
        now += 1s;
        radio.handle(Received{frame, -9000, 500, 100ms, nullptr}, now, effects);
        if (radio.wake_at() <= now) radio.handle(Woke{}, now, effects);
        for (const Effect& effect : Effects(effects)) {
            if (std::holds_alternative<CheckChannel>(effect)) {
                radio.handle(ChannelChecked{ChannelChecked::State::Active}, now, effects);
            }
        }
        effects.clear();
        if (const auto header = decode_header(frame); header.ok()) {
            const auto again = encode(*header);
            if (!std::equal(again.begin(), again.end(), frame.begin())) std::abort();
        }
        static_cast<void>(open_pkc(crypto::Key{1}, NodeId{1}, PacketId{2}, frame));
    }
    return 0;
}
