#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "app.hpp"

namespace app {

void log(const char* format, ...) {
    static char ring[8][64];
    static unsigned next;
    va_list arguments;
    va_start(arguments, format);
    std::vsnprintf(ring[next++ % 8], sizeof ring[0], format, arguments);
    va_end(arguments);
}

std::size_t report(char* out, std::size_t capacity) {
    const Reading& last = state.last;
    return static_cast<std::size_t>(std::snprintf(
        out, capacity, "%s #%lu %d.%02d C %u.%u %% %lu Pa mean %ld rejected %lu mode %u",
        state.name, static_cast<unsigned long>(state.samples), last.temperature_cdeg / 100,
        last.temperature_cdeg % 100, last.humidity_permille / 10, last.humidity_permille % 10,
        static_cast<unsigned long>(last.pressure_pa), static_cast<long>(state.mean_cdeg_q8 / 256),
        static_cast<unsigned long>(state.rejected), state.mode));
}

std::size_t frame(const Reading& reading, std::uint8_t* out, std::size_t capacity) {
    if (capacity < 16) return 0;
    std::memcpy(out, &reading.temperature_cdeg, 2);
    std::memcpy(out + 2, &reading.humidity_permille, 2);
    std::memcpy(out + 4, &reading.pressure_pa, 4);
    for (int axis = 0; axis < 3; ++axis)
        out[8 + axis] = static_cast<std::uint8_t>(static_cast<int>(reading.tilt[axis] * 100.0F));
    const std::uint32_t sum = checksum(out, 12);
    std::memcpy(out + 12, &sum, 4);
    return 16;
}

#ifdef CHANGE_FEATURE
void count(const Reading& reading) {
    int bin = (reading.temperature_cdeg + 4000) / 500;
    if (bin < 0) bin = 0;
    if (bin > 15) bin = 15;
    ++state.histogram[bin];
    ++state.histogram_total;
}

std::size_t histogram_report(char* out, std::size_t capacity) {
    std::size_t used = 0;
    for (int bin = 0; bin < 16 && used + 40 < capacity; ++bin) {
        if (state.histogram[bin] == 0) continue;
        const unsigned long share =
            state.histogram[bin] * 100UL / (state.histogram_total == 0 ? 1 : state.histogram_total);
        used += static_cast<std::size_t>(std::snprintf(
            out + used, capacity - used, "%d..%d C: %lu %%\n", bin * 5 - 40, bin * 5 - 35, share));
    }
    return used;
}
#endif

}  // namespace app
