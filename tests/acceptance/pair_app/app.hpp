#pragma once

#include <cstddef>
#include <cstdint>

/// A small sensor firmware that exists to be built twice: the macros that begin with CHANGE_ are
/// what a developer did between the two builds (tests/acceptance/firmware_pairs.py sets them).

namespace app {

struct Reading {
    std::int16_t temperature_cdeg;
    std::uint16_t humidity_permille;
    std::uint32_t pressure_pa;
    float tilt[3];
};

struct State {
    Reading last;
    std::uint32_t samples;
#ifdef CHANGE_FEATURE
    std::uint32_t histogram[16];
    std::uint32_t histogram_total;
#endif
    std::uint32_t rejected;
    std::uint32_t period_ms;
    std::int32_t mean_cdeg_q8;
    std::uint8_t mode;
    char name[24];
};

extern State state;
extern const std::int8_t weights[];
extern const std::size_t weights_size;

bool accept(const Reading& reading);
std::size_t report(char* out, std::size_t capacity);
int command(char* line, char* reply, std::size_t capacity);
int classify(const std::int8_t* input, std::int32_t* scores);
std::uint32_t checksum(const void* data, std::size_t size);
std::size_t frame(const Reading& reading, std::uint8_t* out, std::size_t capacity);
void log(const char* format, ...);
#ifdef CHANGE_FEATURE
void count(const Reading& reading);
std::size_t histogram_report(char* out, std::size_t capacity);
#endif

}  // namespace app
