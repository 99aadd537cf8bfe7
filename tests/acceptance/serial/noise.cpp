#include "tests/acceptance/serial/noise.hpp"

#include <string_view>

namespace compot::serial_noise {

namespace {

constexpr std::uint32_t kCutChance = 60'000;    // millionths, of each message
constexpr std::uint32_t kBurstChance = 80'000;  // millionths, before each message
constexpr std::uint32_t kBurstBytesMost = 600;
constexpr std::string_view kDebugText = "DEBUG | 00:01:02 3 [Router] enqueue local\r\n";

}  // namespace

Noise::Passed Noise::pass(BytesView frame) {
    Passed passed;
    if (!lost_before_ && random_.chance(kBurstChance)) add_burst(passed.bytes);
    lost_before_ = random_.chance(kCutChance);
    if (!lost_before_) {
        passed.bytes.insert(passed.bytes.end(), frame.begin(), frame.end());
        return passed;
    }
    const std::uint32_t from = random_.below(static_cast<std::uint32_t>(frame.size()));
    const std::uint32_t lost = 1 + random_.below(static_cast<std::uint32_t>(frame.size()) - from);
    const BytesView before = frame.first(from);
    const BytesView after = frame.subspan(from + lost);
    passed.bytes.insert(passed.bytes.end(), before.begin(), before.end());
    passed.bytes.insert(passed.bytes.end(), after.begin(), after.end());
    passed.whole = false;
    ++done_.cuts;
    done_.lost_bytes += lost;
    return passed;
}

std::vector<std::uint8_t> Noise::beginning(BytesView frame) {
    const BytesView kept = frame.first(random_.below(static_cast<std::uint32_t>(frame.size())));
    done_.lost_bytes += frame.size() - kept.size();
    return {kept.begin(), kept.end()};
}

/// Random bytes, among them beginnings of frames that never come, or a line of debug text.
void Noise::add_burst(std::vector<std::uint8_t>& to) {
    const std::size_t before = to.size();
    if (random_.below(3) == 0) {
        to.insert(to.end(), kDebugText.begin(), kDebugText.end());
    } else {
        const std::uint32_t bytes = 1 + random_.below(kBurstBytesMost);
        for (std::uint32_t i = 0; i < bytes; ++i)
            to.push_back(static_cast<std::uint8_t>(random_.next32()));
        if (random_.below(2) == 0) {
            const std::uint32_t length = 1 + random_.below(512);
            for (const unsigned byte : {0x94U, 0xC3U, length >> 8U, length & 0xFFU})
                to.push_back(static_cast<std::uint8_t>(byte));
        }
    }
    ++done_.bursts;
    done_.added_bytes += to.size() - before;
}

}  // namespace compot::serial_noise
