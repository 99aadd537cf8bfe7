#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "app.hpp"

namespace app {

namespace {

int set_period(const char* argument, char* reply, std::size_t capacity) {
    const long value = std::strtol(argument, nullptr, 10);
    if (value < 100 || value > 3600000)
        return std::snprintf(reply, capacity, "period: 100..3600000 ms");
    state.period_ms = static_cast<std::uint32_t>(value);
    return std::snprintf(reply, capacity, "period %ld ms", value);
}

int set_name(const char* argument, char* reply, std::size_t capacity) {
#ifdef CHANGE_BUGFIX
    std::strncpy(state.name, argument, sizeof state.name - 1);
    state.name[sizeof state.name - 1] = 0;
#else
    std::strncpy(state.name, argument, sizeof state.name);
#endif
    return std::snprintf(reply, capacity, "name %s", state.name);
}

int set_mode(const char* argument, char* reply, std::size_t capacity) {
    switch (argument[0]) {
        case 'a': state.mode = 1; break;
        case 'b': state.mode = 2; break;
        case 'c': state.mode = 7; break;
        case 'd':
            state.mode = 4;
            state.period_ms *= 2;
            break;
        case 'e':
            state.mode = 9;
            state.rejected = 0;
            break;
        case 'f': state.mode = 6; break;
        default: return std::snprintf(reply, capacity, "mode: a..f");
    }
    return std::snprintf(reply, capacity, "mode %u", state.mode);
}

int show(const char*, char* reply, std::size_t capacity) {
    return static_cast<int>(report(reply, capacity));
}

int reset(const char*, char* reply, std::size_t capacity) {
    state = State{};
    state.period_ms = 60000;
    return std::snprintf(reply, capacity, "reset");
}

#ifdef CHANGE_FEATURE
int histogram(const char* argument, char* reply, std::size_t capacity) {
    if (std::strcmp(argument, "clear") == 0) {
        std::memset(state.histogram, 0, sizeof state.histogram);
        state.histogram_total = 0;
        return std::snprintf(reply, capacity, "histogram cleared");
    }
    return static_cast<int>(histogram_report(reply, capacity));
}
#endif

struct Command {
    const char* name;
    const char* help;
    int (*run)(const char* argument, char* reply, std::size_t capacity);
};

const Command kCommands[] = {
    {"period", "period MS: time between samples", set_period},
    {"name", "name TEXT: what this node is called", set_name},
    {"mode", "mode a..f", set_mode},
#ifdef CHANGE_FEATURE
    {"histogram", "histogram [clear]: temperatures so far", histogram},
#endif
    {"show", "show: the last reading", show},
    {"reset", "reset: forget everything", reset},
};

}  // namespace

int command(char* line, char* reply, std::size_t capacity) {
    char* argument = std::strchr(line, ' ');
    if (argument != nullptr) *argument++ = 0;
    for (const Command& known : kCommands)
        if (std::strcmp(known.name, line) == 0)
            return known.run(argument == nullptr ? "" : argument, reply, capacity);
    std::size_t used = 0;
    for (const Command& known : kCommands)
        used += static_cast<std::size_t>(
            std::snprintf(reply + used, capacity - used, "%s\n", known.help));
    return static_cast<int>(used);
}

}  // namespace app
