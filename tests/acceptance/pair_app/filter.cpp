#include "app.hpp"

namespace app {

State state;

#ifdef CHANGE_CONSTANT
constexpr std::int32_t kStepMax = 450;
#else
constexpr std::int32_t kStepMax = 400;
#endif

bool accept(const Reading& reading) {
    const std::int32_t step = reading.temperature_cdeg - state.last.temperature_cdeg;
#ifdef CHANGE_BUGFIX
    if (state.samples != 0 && (step > kStepMax || step < -kStepMax)) {
        ++state.rejected;
        if (state.rejected < 3) return false;
        state.rejected = 0;
    }
    if (reading.humidity_permille > 1000) return false;
#else
    if (step > kStepMax || step < -kStepMax) {
        ++state.rejected;
        return false;
    }
#endif
    const float norm = reading.tilt[0] * reading.tilt[0] + reading.tilt[1] * reading.tilt[1] +
                       reading.tilt[2] * reading.tilt[2];
    if (norm > 1.5F || norm < 0.5F) log("tilt %d", static_cast<int>(norm * 100.0F));
    state.mean_cdeg_q8 += (reading.temperature_cdeg * 256 - state.mean_cdeg_q8) / 16;
    state.last = reading;
    ++state.samples;
#ifdef CHANGE_FEATURE
    count(reading);
#endif
    return true;
}

std::uint32_t checksum(const void* data, std::size_t size) {
    const auto* bytes = static_cast<const std::uint8_t*>(data);
    std::uint32_t crc = 0xFFFFFFFF;
    for (std::size_t i = 0; i < size; ++i) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ (0xEDB88320U & (0U - (crc & 1U)));
    }
    return ~crc;
}

}  // namespace app
