#include <array>
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
/// fuzzer gets past the cipher; and with which firmware the radio hears it.
std::shared_ptr<const Settings> settings(bool encrypts, Firmware firmware) {
    auto made = std::make_shared<Settings>();
    made->channels.push_back(default_channel("LongFast"));
    made->encrypts = encrypts;
    made->firmware = firmware;
    made->history_capacity = 8;
    return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size == 0) return 0;
    static const std::array plain{settings(false, Firmware::V27),
                                  settings(false, Firmware::V28July)};
    static const std::array sealed{settings(true, Firmware::V27),
                                   settings(true, Firmware::V28July)};
    const std::size_t newer = (bytes[0] & 0x40U) != 0 ? 1 : 0;
    Identity identity;
    identity.self = NodeId{0x11223344};
    identity.role = static_cast<Role>(bytes[0] % 13U);
    identity.exchange_secret = crypto::Key{7};
    identity.introduction = Introduction{"Fuzzed", "F", 255, 3h};
    Radio radio((bytes[0] & 0x80U) != 0 ? sealed[newer] : plain[newer], identity, Random(1));
    radio.learn_key(NodeId{0x55667788}, crypto::exchange_public(crypto::Key{9}));
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
        if (length == 0) radio.handle(Introduce{}, now, effects);
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
